#include "agent/plan/features.h"

#include <array>

namespace vpcprobe {
namespace {

constexpr std::string_view kAssumed = "assumed: {what}";
constexpr std::string_view kAgent = "the ECS agent of the EC2 instance";
constexpr std::string_view kLayers = "arn:{partition}:s3:::prod-{region}-starport-layer-bucket/*";

// Sources: the traffic tables of the ECS and ECR guides. In this order AWS wants the three of the agent
// created where instances already run.
constexpr std::array kFeatureNeeds = std::to_array<FeatureNeed>({
    {.feature = Feature::assumed_image,
     .service = "ecr.api",
     .reason = kAssumed,
     .role = Role::execution,
     .platform_does_it_before_1_4 = true},
    {.feature = Feature::assumed_image, .service = "ecr.dkr", .reason = kAssumed, .role = Role::execution},
    {.feature = Feature::assumed_image,
     .service = "s3",
     .reason = kAssumed,
     .role = Role::execution,
     .s3_object = kLayers},
    {.feature = Feature::assumed_logs, .service = "logs", .reason = kAssumed, .role = Role::execution},
    {.feature = Feature::assumed_secrets,
     .service = "secretsmanager",
     .reason = kAssumed,
     .role = Role::execution,
     .platform_does_it_before_1_4 = true},
    {.feature = Feature::unseen_secrets,
     .service = "secretsmanager",
     .reason = "assumed: secrets cannot be seen from inside",
     .role = Role::execution,
     .platform_does_it_before_1_4 = true},
    {.feature = Feature::image_in_ecr,
     .service = "ecr.api",
     .reason = "image {of}",
     .role = Role::execution,
     .platform_does_it_before_1_4 = true},
    {.feature = Feature::image_in_ecr, .service = "ecr.dkr", .reason = "image {of}", .role = Role::execution},
    {.feature = Feature::image_in_ecr,
     .service = "s3",
     .reason = "image layers {of}",
     .role = Role::execution,
     .s3_object = kLayers},
    {.feature = Feature::image_in_ecr_public,
     .service = "ecr-public",
     .reason = "image {of}",
     .role = Role::none},
    {.feature = Feature::log_group, .service = "logs", .reason = "log group {of}", .role = Role::execution},
    {.feature = Feature::secret,
     .service = "secretsmanager",
     .reason = "secret {what} {of}",
     .role = Role::execution,
     .platform_does_it_before_1_4 = true},
    {.feature = Feature::parameter,
     .service = "ssm",
     .reason = "parameter {what} {of}",
     .role = Role::execution,
     .platform_does_it_before_1_4 = true},
    {.feature = Feature::registry_login,
     .service = "secretsmanager",
     .reason = "registry login {of}",
     .role = Role::execution,
     .platform_does_it_before_1_4 = true},
    {.feature = Feature::environment_file,
     .service = "s3",
     .reason = "environment file {of}",
     .role = Role::execution,
     .s3_object = "{what}"},
    {.feature = Feature::router_configuration,
     .service = "s3",
     .reason = "FireLens configuration {of}",
     .role = Role::execution,
     .s3_object = "{what}"},
    {.feature = Feature::credential_file,
     .service = "s3",
     .reason = "credential spec {of}",
     .role = Role::execution,
     .s3_object = "{what}"},
    {.feature = Feature::credential_parameter,
     .service = "ssm",
     .reason = "credential spec {of}",
     .role = Role::execution,
     .platform_does_it_before_1_4 = true},
    {.feature = Feature::efs_volume, .service = "efs", .reason = "volume {what}", .role = Role::none},
    {.feature = Feature::ec2_agent, .service = "ecs-agent", .reason = kAgent, .role = Role::instance},
    {.feature = Feature::ec2_agent, .service = "ecs-telemetry", .reason = kAgent, .role = Role::instance},
    {.feature = Feature::ec2_agent, .service = "ecs", .reason = kAgent, .role = Role::instance},
    {.feature = Feature::execute_command, .service = "ssmmessages", .reason = "ECS Exec", .role = Role::task},
    {.feature = Feature::service_connect,
     .service = "ecs-agent",
     .reason = "the Service Connect agent",
     .role = Role::none},
    {.feature = Feature::mesh_proxy,
     .service = "appmesh-envoy-management",
     .reason = "App Mesh's Envoy (proxyConfiguration)",
     .role = Role::task},
});

}  // namespace

std::span<const FeatureNeed> feature_needs() { return kFeatureNeeds; }

}  // namespace vpcprobe
