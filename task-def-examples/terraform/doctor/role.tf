locals {
  functions_role = "arn:${local.partition}:iam::${local.account}:role/vpc-probe/vpc-probe-doctor-*"

  # What vpc-probe doctor --print-policy prints, in this region and account.
  rights = [
    {
      Sid    = "ReadTheConfiguration"
      Effect = "Allow"
      Action = [
        "ec2:DescribeDhcpOptions",
        "ec2:DescribeInternetGateways",
        "ec2:DescribeNatGateways",
        "ec2:DescribeNetworkAcls",
        "ec2:DescribeNetworkInterfaces",
        "ec2:DescribePrefixLists",
        "ec2:DescribeRouteTables",
        "ec2:DescribeSecurityGroups",
        "ec2:DescribeSubnets",
        "ec2:DescribeTransitGatewayVpcAttachments",
        "ec2:DescribeVpcAttribute",
        "ec2:DescribeVpcEndpoints",
        "ec2:DescribeVpcPeeringConnections",
        "ec2:DescribeVpcs",
        "ec2:GetManagedPrefixListEntries",
        "ecs:DescribeServices",
        "ecs:DescribeTaskDefinition",
        "ecs:DescribeTasks",
        "ecs:ListTasks",
        "route53:ListHostedZonesByVPC",
        "route53resolver:GetResolverRule",
        "route53resolver:ListFirewallRuleGroupAssociations",
        "route53resolver:ListResolverRuleAssociations",
      ]
      Resource = ["*"]
    },
    {
      Sid      = "TellTheTopic"
      Effect   = "Allow"
      Action   = ["sns:Publish"]
      Resource = [local.topic_arn]
    },
    {
      Sid      = "RememberWhatItSaid"
      Effect   = "Allow"
      Action   = ["ssm:GetParameter", "ssm:PutParameter"]
      Resource = ["arn:${local.partition}:ssm:${local.region}:${local.account}:parameter${aws_ssm_parameter.state.name}"]
    },
    {
      Sid      = "WriteItsLog"
      Effect   = "Allow"
      Action   = ["logs:CreateLogStream", "logs:PutLogEvents"]
      Resource = ["arn:${local.partition}:logs:${local.region}:${local.account}:log-group:${aws_cloudwatch_log_group.doctor.name}:*"]
    },
    {
      Sid      = "KeepWhatFailed"
      Effect   = "Allow"
      Action   = ["sqs:SendMessage"]
      Resource = [aws_sqs_queue.failed.arn]
    },
  ]

  rights_of_bus = [{
    Sid      = "TellTheBus"
    Effect   = "Allow"
    Action   = ["events:PutEvents"]
    Resource = ["arn:${local.partition}:events:${local.region}:${local.account}:event-bus/${var.event_bus}"]
  }]

  rights_of_pages = [{
    Sid      = "WriteThePage"
    Effect   = "Allow"
    Action   = ["s3:PutObject"]
    Resource = ["arn:${local.partition}:s3:::vpc-probe-doctor-${local.account}-${local.region}/vpc-probe/*"]
  }]

  rights_of_probes = [
    {
      Sid    = "MakeAskAndDeleteFunctions"
      Effect = "Allow"
      Action = [
        "lambda:CreateFunction",
        "lambda:TagResource",
        "lambda:GetFunctionConfiguration",
        "lambda:InvokeFunction",
        "lambda:UpdateFunctionConfiguration",
        "lambda:DeleteFunction",
      ]
      Resource = ["arn:${local.partition}:lambda:${local.region}:${local.account}:function:vpc-probe-doctor-*"]
    },
    {
      Sid      = "SeeWhatIsThere"
      Effect   = "Allow"
      Action   = ["lambda:ListFunctions", "ec2:GetSecurityGroupsForVpc"]
      Resource = ["*"]
    },
    {
      Sid      = "MakeAndDeleteTheirRole"
      Effect   = "Allow"
      Action   = ["iam:CreateRole", "iam:TagRole", "iam:GetRole", "iam:DeleteRole"]
      Resource = [local.functions_role]
    },
    {
      Sid      = "LetTheirRoleJoinTheSubnet"
      Effect   = "Allow"
      Action   = ["iam:AttachRolePolicy", "iam:DetachRolePolicy"]
      Resource = [local.functions_role]
      Condition = { ArnEquals = {
        "iam:PolicyARN" = "arn:${local.partition}:iam::aws:policy/service-role/AWSLambdaVPCAccessExecutionRole"
      } }
    },
    {
      Sid       = "GiveThemTheirRole"
      Effect    = "Allow"
      Action    = ["iam:PassRole"]
      Resource  = [local.functions_role]
      Condition = { StringEquals = { "iam:PassedToService" = "lambda.amazonaws.com" } }
    },
  ]
}

resource "aws_iam_role" "doctor" {
  name = "vpc-probe-doctor-${local.region}"

  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = { Service = "lambda.amazonaws.com" }
      Action    = "sts:AssumeRole"
    }]
  })
}

resource "aws_iam_role_policy" "doctor" {
  name = "doctor"
  role = aws_iam_role.doctor.name

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = concat(
      local.rights,
      [for right in local.rights_of_bus : right if var.event_bus != ""],
      [for right in local.rights_of_pages : right if var.pages],
      [for right in local.rights_of_probes : right if local.probes],
    )
  })
}
