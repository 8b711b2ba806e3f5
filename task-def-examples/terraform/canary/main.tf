data "aws_caller_identity" "current" {}

data "aws_region" "current" {}

resource "aws_cloudwatch_log_group" "canary" {
  name              = var.log_group
  retention_in_days = var.log_retention_days
}

resource "aws_ecs_task_definition" "canary" {
  family                   = var.name
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
    command                = concat(["run", "--format", "emf"], var.options)
    user                   = "65532:65532"
    readonlyRootFilesystem = true
    linuxParameters        = { capabilities = { drop = ["ALL"] } }
    logConfiguration = {
      logDriver = "awslogs"
      options = {
        "awslogs-group"         = aws_cloudwatch_log_group.canary.name
        "awslogs-region"        = data.aws_region.current.id
        "awslogs-stream-prefix" = "canary"
        mode                    = "non-blocking"
      }
    }
  }])
}
