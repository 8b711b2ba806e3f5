#include "agent/plan/definition_needs.h"

#include <algorithm>
#include <array>
#include <set>

#include "agent/aws/arn.h"
#include "agent/base/quoted.h"

namespace vpcprobe {
namespace {

// The prefixes that ECR proposes for pull-through caches; a cache of another name is not recognised.
constexpr std::array<std::string_view, 7> kCachePrefixes = {
    "/ecr-public/", "/kubernetes/", "/quay/", "/docker-hub/", "/github/", "/gitlab/", "/azure/"};

void remark_on_image(Gathering& gathering, const std::string& image, const About& subject) {
  const std::size_t slash = image.find('/');
  if (slash == std::string::npos || !recognise(image.substr(0, slash))) return;
  const std::string_view path = std::string_view(image).substr(slash);
  const bool cached = std::any_of(kCachePrefixes.begin(), kCachePrefixes.end(),
                                  [&](std::string_view prefix) { return path.starts_with(prefix); });
  if (cached) {
    gathering.remark("The image " + subject.of +
                     " looks like one of a pull-through cache: its first pull needs a way to the internet, "
                     "later ones do not.");
  }
}

void remark_on_logs(Gathering& gathering, const DefinedContainer& defined, const Platform& platform) {
  const auto& options = defined.container.log_options;
  const About subject = of_container(defined.container.name);
  const bool awslogs = defined.container.log_driver == "awslogs";
  if (awslogs && platform.fargate && !options.contains("awslogs-region")) {
    gathering.remark("The logs " + subject.of +
                     " have no awslogs-region, which Fargate requires: the task's own is assumed.");
  }
  const auto create = options.find("awslogs-create-group");
  if (awslogs && create != options.end() && create->second == "true") {
    gathering.remark("awslogs-create-group " + subject.of +
                     ": the execution role needs logs:CreateLogGroup besides.");
  }
  if (defined.router_config_is_file) {
    gathering.remark("The log router " + defined.container.name +
                     " has a configuration of its own, whose outputs are not in the task definition: name "
                     "them with --also or --target.");
  }
}

void add_container(Gathering& gathering, const DefinedContainer& defined, const Platform& platform) {
  const ContainerContext& container = defined.container;
  const About subject = of_container(container.name);
  if (!gathering.add_image(container.image, subject)) {
    throw WrongNeed{"image " + subject.of + ": " + in_quotes(container.image) +
                    " is no image reference; write [HOST[:PORT]/]NAME[:TAG][@DIGEST]"};
  }
  remark_on_image(gathering, container.image, subject);
  if (!defined.registry_login.empty()) {
    gathering.add_secret(defined.registry_login, Feature::registry_login, subject);
  }
  for (const auto* secrets : {&defined.secrets, &defined.log_secrets}) {
    for (const SecretReference& secret : *secrets) {
      gathering.add_secret(secret.value_from, Feature::parameter, {subject.of, secret.name});
    }
  }
  for (const std::string& file : defined.environment_files) {
    gathering.add_s3_object(Feature::environment_file, file, subject);
  }
  for (const CredentialSpec& spec : defined.credential_specs) {
    gathering.add_credential_spec(spec.arn, subject);
    if (!spec.domainless) continue;
    gathering.remark("The credential spec " + subject.of +
                     " is domainless: it names a secret of Secrets Manager, which is not in the task "
                     "definition: name it with --secret.");
  }
  gathering.add_logs(container);
  if (!defined.router_config_in_s3.empty()) {
    gathering.add_s3_object(Feature::router_configuration, defined.router_config_in_s3, subject);
  }
  remark_on_logs(gathering, defined, platform);
}

void insert_region(std::set<std::string>& regions, const std::string& region) {
  if (find_partition(region) != nullptr) regions.insert(region);
}

void insert_arn_region(std::set<std::string>& regions, const std::string& text) {
  if (const auto arn = parse_arn(text)) insert_region(regions, arn->region);
}

void insert_secret_regions(std::set<std::string>& regions, const std::vector<SecretReference>& secrets) {
  for (const SecretReference& secret : secrets) insert_arn_region(regions, secret.value_from);
}

}  // namespace

void add_definition(Gathering& gathering, const TaskDefinition& definition, const Platform& platform) {
  for (const DefinedContainer& container : definition.containers) {
    add_container(gathering, container, platform);
  }
  for (const DefinedVolume& volume : definition.volumes) {
    if (!volume.file_system_id.empty()) {
      gathering.add_volume(volume.file_system_id, volume.iam, {{}, volume.name});
    }
    if (!volume.share_login.empty()) {
      gathering.add_secret(volume.share_login, Feature::parameter, {"of volume " + volume.name, "login"});
    }
  }
  if (definition.has_mesh_proxy) {
    gathering.remark(
        "proxyConfiguration: Envoy needs App Mesh's management endpoint, which this program does not know; "
        "name "
        "it with --target.");
  }
}

std::string region_named_by(const TaskDefinition& definition) {
  std::set<std::string> regions;
  for (const DefinedContainer& defined : definition.containers) {
    const auto registry = registry_of(defined.container.image);
    if (registry && registry->known) insert_region(regions, registry->known->values.region);
    const LogDestination logs = log_destination(defined.container);
    insert_region(regions, logs.region);
    insert_secret_regions(regions, defined.secrets);
    insert_secret_regions(regions, defined.log_secrets);
    for (const CredentialSpec& spec : defined.credential_specs) insert_arn_region(regions, spec.arn);
  }
  return regions.size() == 1 ? *regions.begin() : std::string();
}

}  // namespace vpcprobe
