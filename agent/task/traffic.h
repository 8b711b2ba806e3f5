#pragma once
#include <cstdint>
#include <string_view>

namespace vpcprobe {

/// Whose credentials sign the requests to an endpoint.
enum class Role : std::uint8_t {
  execution,  ///< the task execution role: pull, secrets, awslogs, environment files
  task,       ///< the task role: the application, FireLens, ECS Exec
  instance,   ///< the role of the EC2 instance: the ECS agent
  none        ///< unsigned, or signed by nothing of AWS
};

/// Whose network interface the traffic leaves through; its subnet and security group decide.
enum class Carrier : std::uint8_t {
  task,
  instance,  ///< of the EC2 instance
  platform   ///< of Fargate itself: nothing in the VPC is needed
};

std::string_view to_string(Role role);
std::string_view to_string(Carrier carrier);

struct Traffic {
  Role role = Role::none;
  Carrier carrier = Carrier::task;
};

}  // namespace vpcprobe
