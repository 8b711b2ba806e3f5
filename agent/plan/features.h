#pragma once
// What a task may do that needs the network, and which services each of it takes.
#include <cstdint>
#include <span>
#include <string_view>

#include "agent/task/traffic.h"

namespace vpcprobe {

/// What a task does that needs the network.
enum class Feature : std::uint8_t {
  assumed_image,
  assumed_logs,
  assumed_secrets,
  unseen_secrets,
  image_in_ecr,
  image_in_ecr_public,
  log_group,
  secret,
  parameter,
  registry_login,
  environment_file,
  router_configuration,
  credential_file,
  credential_parameter,
  efs_volume,
  ec2_agent,
  execute_command,
  service_connect,
  mesh_proxy
};

/// Which service a feature needs and why. {of} and {what} are its subject's. To add one, add a Feature and
/// its rows.
struct FeatureNeed {
  Feature feature;
  std::string_view service;
  std::string_view reason;
  Role role;
  bool platform_does_it_before_1_4 = false;  ///< on Fargate up to 1.3.0, through the platform's own interface
  std::string_view s3_object{};              ///< what is read from S3, as an ARN
};

std::span<const FeatureNeed> feature_needs();

}  // namespace vpcprobe
