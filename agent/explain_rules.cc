// Findings that a message can name and no probe makes: texts, causes and fixes without a check.
#include "agent/explain_rules.h"

namespace vpcprobe {
namespace {

constexpr const char* show_endpoint_policy =
    "aws ec2 describe-vpc-endpoints --region {region} --filters Name=vpc-id,Values=<vpc-id> "
    "Name=service-name,Values={service_names} --query 'VpcEndpoints[].[VpcEndpointId,PolicyDocument]'";
constexpr const char* set_endpoint_policy =
    "aws ec2 modify-vpc-endpoint --region {region} --vpc-endpoint-id <vpce-id> --policy-document "
    "file://<policy.json>";
constexpr const char* show_images =
    "aws ecr describe-images --region {region} --repository-name <repository> --query "
    "'imageDetails[].[imageTags,imagePushedAt]'";
constexpr const char* show_repositories =
    "aws ecr describe-repositories --region {region} --query 'repositories[].repositoryUri'";
constexpr const char* show_task_definition =
    "aws ecs describe-task-definition --region {region} --task-definition <family>";

constexpr Rule table[] = {
    // ── Objects
    {.code = "repository-not-found",
     .meaning = "the registry has no such repository",
     .title = "{name} has no such repository",
     .stage = 6,
     .causes = {{{"the name, the account or the region in the image reference is wrong"},
                 {"it is in another account, and its policy does not show it to this role"},
                 {"the image is on Docker Hub and private, or misspelt"}}},
     .fix = {{{"See which repositories there are", show_repositories, true},
              {"Write the image as ACCOUNT.dkr.ecr.REGION.amazonaws.com/REPOSITORY:TAG"}}}},
    {.code = "image-not-found",
     .meaning = "the repository has no such tag or digest",
     .title = "{name} has the repository, and no such image in it",
     .stage = 6,
     .causes = {{{"the tag was never pushed, or is misspelt"},
                 {"a lifecycle policy has deleted it"},
                 {"it was pushed to another region or account"}}},
     .fix = {{{"See which images there are", show_images, true},
              {"Push it, or name one that is there; a digest cannot move, a tag can"}}}},
    {.code = "image-platform-mismatch",
     .meaning = "the image is for another platform than the task runs on",
     .title = "The image is for another platform than the task runs on",
     .stage = 6,
     .causes = {{{"it was built on a machine of the other kind: an Apple or Graviton processor makes arm64, "
                  "the task runs on X86_64, or the other way round"},
                 {"runtimePlatform in the task definition is missing: then it is Linux on X86_64"},
                 {"the entry point is a script without a #! line"}}},
     .fix = {{{"See what the task definition says", show_task_definition, true},
              {"Build for both: docker buildx build --platform linux/amd64,linux/arm64"},
              {"Or set runtimePlatform.cpuArchitecture to the image's"}}}},
    {.code = "layer-denied",
     .meaning = "the S3 host of an image layer answers with a refusal",
     .title = "The image's layers are refused by {name}: the manifest came, S3 answers 403",
     .stage = 6,
     .causes = {{{"the policy of the S3 endpoint does not allow s3:GetObject on ECR's own bucket, "
                  "arn:aws:s3:::prod-<region>-starport-layer-bucket/* (a NAT route cannot go around a "
                  "gateway endpoint)"},
                 {"the link to the layer had expired: the clock here is wrong, or the pull is very slow"},
                 {"a policy of the organization or a proxy refuses"}}},
     .fix = {{{"See the policy of the S3 endpoint", show_endpoint_policy, true},
              {"Allow s3:GetObject on arn:aws:s3:::prod-{region}-starport-layer-bucket/* there",
               set_endpoint_policy}}}},
};

}  // namespace

const Rule* find_explained(std::string_view code) {
  if (const Rule* rule = find_rule(code)) return rule;
  for (const Rule& rule : table) {
    if (code == rule.code) return &rule;
  }
  return nullptr;
}

}  // namespace vpcprobe
