output "container_definition" {
  description = "The container to add to the task's container_definitions."
  value = {
    name                   = "vpc-probe"
    image                  = var.image
    essential              = false
    command                = concat(["run"], var.options)
    user                   = "65532:65532"
    readonlyRootFilesystem = true
    linuxParameters        = { capabilities = { drop = ["ALL"] } }
    logConfiguration = {
      logDriver = "awslogs"
      options = {
        "awslogs-group"         = var.log_group
        "awslogs-region"        = data.aws_region.current.id
        "awslogs-stream-prefix" = "vpc-probe"
      }
    }
  }
}
