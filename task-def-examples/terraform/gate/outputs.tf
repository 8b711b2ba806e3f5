output "container_definition" {
  description = "The container to add to the task's container_definitions."
  value = {
    name                   = "vpc-probe"
    image                  = var.image
    essential              = false
    command                = concat(["wait", "--for", "${var.wait_seconds}s"], var.options)
    user                   = "65532:65532"
    readonlyRootFilesystem = true
    linuxParameters        = { capabilities = { drop = ["ALL"] } }
    startTimeout           = 120
  }
}

output "application_depends_on" {
  description = "The dependsOn of each container that must not start before the gate has passed."
  value       = [{ containerName = "vpc-probe", condition = "SUCCESS" }]
}
