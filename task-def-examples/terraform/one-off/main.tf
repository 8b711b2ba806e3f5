resource "aws_ecs_task_definition" "vpc_probe" {
  family                   = var.family
  requires_compatibilities = ["FARGATE"]
  network_mode             = "awsvpc"
  cpu                      = "256"
  memory                   = "512"
  execution_role_arn       = var.execution_role_arn

  runtime_platform {
    operating_system_family = "LINUX"
    cpu_architecture        = var.architecture
  }

  container_definitions = jsonencode([{
    name                   = "vpc-probe"
    image                  = var.image
    essential              = true
    user                   = "65532:65532"
    readonlyRootFilesystem = true
    linuxParameters        = { capabilities = { drop = ["ALL"] } }
  }])
}

locals {
  network = jsonencode({
    awsvpcConfiguration = {
      subnets        = var.subnet_ids
      securityGroups = var.security_group_ids
      assignPublicIp = "DISABLED"
    }
  })

  overrides = jsonencode({
    containerOverrides = [{
      name        = "vpc-probe"
      environment = [for name, value in var.options : { name = name, value = value }]
    }]
  })
}
