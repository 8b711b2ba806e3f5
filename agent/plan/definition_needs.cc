#include "agent/plan/definition_needs.h"

#include <algorithm>
#include <array>
#include <iterator>
#include <set>

#include "agent/aws/arn.h"
#include "agent/base/add_once.h"
#include "agent/base/ascii.h"
#include "agent/base/quoted.h"
#include "agent/base/text_search.h"
#include "agent/base/words.h"
#include "agent/task/placeholder.h"

namespace vpcprobe {
namespace {

// The prefixes that ECR proposes for pull-through caches; a cache of another name is not recognised.
constexpr std::array<std::string_view, 7> kCachePrefixes = {
    "/ecr-public/", "/kubernetes/", "/quay/", "/docker-hub/", "/github/", "/gitlab/", "/azure/"};

void remark_on_image(NeedList& list, const std::string& image, const About& subject) {
  const std::size_t slash = image.find('/');
  if (slash == std::string::npos || !recognise(image.substr(0, slash))) return;
  const std::string_view path = std::string_view(image).substr(slash);
  const bool cached = std::any_of(kCachePrefixes.begin(), kCachePrefixes.end(),
                                  [&](std::string_view prefix) { return path.starts_with(prefix); });
  if (cached) {
    list.remark("The image " + subject.of +
                " looks like one of a pull-through cache: its first pull needs a path to the internet, "
                "later pulls do not.");
  }
}

void remark_on_logs(NeedList& list, const DefinedContainer& defined, const Platform& platform) {
  const auto& options = defined.container.log_options;
  const About subject = of_container(defined.container.name);
  const bool awslogs = defined.container.log_driver == "awslogs";
  if (awslogs && platform.fargate && !options.contains("awslogs-region")) {
    list.remark("The logs " + subject.of +
                " have no awslogs-region, which Fargate requires: the task's own is assumed.");
  }
  const auto create = options.find("awslogs-create-group");
  if (awslogs && create != options.end() && create->second == "true") {
    list.remark("awslogs-create-group " + subject.of +
                ": the execution role also needs logs:CreateLogGroup.");
  }
  if (defined.router_config_is_file) {
    list.remark("The log router " + defined.container.name +
                " has a configuration of its own, whose outputs are not in the task definition: name "
                "them with --also or --target.");
  }
}

/// A value that a template leaves open is named, not guessed.
void remark_on_open(NeedList& list, const std::string& what, std::string_view value,
                    std::string_view how_to_say) {
  list.remark("The " + what + " is " + in_quotes(value) + ", which the template leaves open: give it with " +
              std::string(how_to_say) + ".");
}

/// An image is known as far as its registry is. Without one nothing is said of where it comes from.
void add_image(NeedList& list, const DefinedContainer& defined, const About& subject) {
  const std::string& image = defined.container.image;
  if (is_open(image.substr(0, image.find('/')))) {
    remark_on_open(list, "image " + subject.of, image, "--image");
    return;
  }
  std::string known = image.substr(0, image.find("${"));
  if (known.size() < image.size()) {
    list.remark("The image " + subject.of + " is " + in_quotes(image) +
                ": its registry is known, the rest is open.");
    known = known.substr(0, known.find('/') + 1) + "open";
  }
  const auto registry = registry_of(known);
  const bool from_hub = registry && registry->host == "registry-1.docker.io";
  if (from_hub && !parse_image(known)) {
    list.remark("The image " + subject.of + " is " + in_quotes(image) +
                ", which no registry can have and so counts as a placeholder: give it with --image.");
    return;
  }
  if (!list.add_image(known, subject)) {
    throw WrongNeed{"image " + subject.of + ": " + in_quotes(image) +
                    " is no image reference; write [HOST[:PORT]/]NAME[:TAG][@DIGEST]"};
  }
  if (known == image) remark_on_image(list, image, subject);
}

/// In an ARN of a known service the name may be open, and the account.
bool is_open_reference(const std::string& value) {
  if (!is_open(value)) return false;
  const auto arn = parse_arn(value);
  return !arn || is_open(arn->service) || is_open(arn->partition);
}

void add_secret(NeedList& list, const std::string& from, Feature bare_name, const About& subject) {
  if (!is_open_reference(from)) return list.add_secret(from, bare_name, subject);
  if (bare_name == Feature::registry_login) return list.add(bare_name, subject);
  remark_on_open(list, "secret " + subject.what + " " + subject.of, from, "--secret or --parameter");
}

void add_secrets(NeedList& list, const DefinedContainer& defined, const About& subject) {
  if (!defined.registry_login.empty())
    add_secret(list, defined.registry_login, Feature::registry_login, subject);
  for (const auto* secrets : {&defined.secrets, &defined.log_secrets}) {
    for (const SecretReference& secret : *secrets)
      add_secret(list, secret.value_from, Feature::parameter, {subject.of, secret.name});
  }
}

void add_s3_object(NeedList& list, Feature feature, const std::string& arn, const About& subject) {
  // Which object it is may be open; that it is in S3 is not. Without `what` the S3 policy stays unwritten.
  if (is_open(arn)) return list.add(feature, subject);
  list.add_s3_object(feature, arn, subject);
}

void add_logs(NeedList& list, const DefinedContainer& defined, const About& subject) {
  ContainerContext container = defined.container;
  for (auto option = container.log_options.begin(); option != container.log_options.end();) {
    const bool open = is_open(option->second);
    // The log group is not needed to know the endpoint.
    if (open && option->first != "awslogs-group") {
      list.remark("The log option " + option->first + " " + subject.of + " is " + in_quotes(option->second) +
                  ", which the template leaves open" +
                  (option->first.ends_with("region") ? ": the task's own region is assumed." : "."));
    }
    option = open ? container.log_options.erase(option) : std::next(option);
  }
  list.add_logs(container);
}

void add_sidecar(NeedList& list, const DefinedContainer& defined) {
  const Sidecar* sidecar = find_sidecar(defined.container.image);
  if (sidecar == nullptr) return;
  list.add_sidecar(*sidecar, defined.settings, {{}, defined.container.name});
  const auto has = [&](std::string_view name) {
    const auto is_it = [&](const auto& secret) { return secret.name == name; };
    return std::find(defined.variables.begin(), defined.variables.end(), name) != defined.variables.end() ||
           std::any_of(defined.secrets.begin(), defined.secrets.end(), is_it);
  };
  if (!sidecar->own_configuration.empty() && has(sidecar->own_configuration)) {
    list.remark("Container " + defined.container.name + " takes its configuration from " +
                std::string(sidecar->own_configuration) +
                ", which is not read: name its other destinations with --also or --target.");
  }
}

void add_container(NeedList& list, const DefinedContainer& defined, const Platform& platform) {
  const About subject = of_container(defined.container.name);
  if (!defined.container.image.empty()) add_image(list, defined, subject);
  add_secrets(list, defined, subject);
  for (const std::string& file : defined.environment_files) {
    add_s3_object(list, Feature::environment_file, file, subject);
  }
  for (const CredentialSpec& spec : defined.credential_specs) {
    if (!is_open_reference(spec.arn))
      list.add_credential_spec(spec.arn, subject);
    else
      remark_on_open(list, "credential spec " + subject.of, spec.arn, "--parameter or --also s3");
    if (!spec.domainless) continue;
    list.remark("The credential spec " + subject.of +
                " is domainless: it names a secret of Secrets Manager, which is not in the task "
                "definition: name it with --secret.");
  }
  add_logs(list, defined, subject);
  if (!defined.router_config_in_s3.empty()) {
    add_s3_object(list, Feature::router_configuration, defined.router_config_in_s3, subject);
  }
  remark_on_logs(list, defined, platform);
  add_sidecar(list, defined);
}

void add_volume(NeedList& list, const DefinedVolume& volume) {
  if (is_open(volume.file_system_id)) {
    remark_on_open(list, "file system of volume " + volume.name, volume.file_system_id, "--also efs:FS-ID");
  } else if (!volume.file_system_id.empty()) {
    list.add_volume(volume.file_system_id, volume.iam, {{}, volume.name});
  }
  if (!volume.share_login.empty())
    add_secret(list, volume.share_login, Feature::parameter, {"of volume " + volume.name, "login"});
  if (volume.is_windows_share) {
    list.remark("Volume " + volume.name +
                " is a share of FSx for Windows File Server: TCP 445 to the file "
                "system, and DNS, Kerberos and LDAP to the servers of its domain. The task definition names "
                "none of these hosts: give them with --target tcp://HOST:445.");
  }
}

/// What runs in the task and is not one of its containers.
void add_agents(NeedList& list, const TaskDefinition& definition) {
  if (definition.execute_command) list.add(Feature::execute_command);
  if (definition.service_connect) {
    list.add(Feature::service_connect);
    list.remark("Service Connect: without an ecs-agent endpoint the agent uses a public name of Amazon ECS.");
  }
  const bool has_envoy = std::any_of(
      definition.containers.begin(), definition.containers.end(), [](const DefinedContainer& defined) {
        const Sidecar* sidecar = find_sidecar(defined.container.image);
        return sidecar != nullptr && sidecar->services == "appmesh-envoy-management";
      });
  if (definition.has_mesh_proxy && !has_envoy) list.add(Feature::mesh_proxy);
}

/// Names that templates give to what the task's place decides; compared without case and punctuation.
struct PlaceName {
  std::string_view name;
  bool anywhere;  ///< a part of the name is enough: "data.aws_region.current.name"
  std::string (*value)(const Home& home);
};
std::string region_of_home(const Home& home) { return home.region; }
std::string account_of_home(const Home& home) { return home.account; }
std::string partition_of_home(const Home& home) { return std::string(find_partition(home.region)->id); }
std::string suffix_of_home(const Home& home) { return std::string(find_partition(home.region)->dns_suffix); }
constexpr std::array kPlaceNames = std::to_array<PlaceName>({
    {.name = "awsregion", .anywhere = true, .value = region_of_home},
    {.name = "awsdefaultregion", .anywhere = false, .value = region_of_home},
    {.name = "region", .anywhere = false, .value = region_of_home},
    {.name = "accountid", .anywhere = true, .value = account_of_home},
    {.name = "awsaccount", .anywhere = true, .value = account_of_home},
    {.name = "account", .anywhere = false, .value = account_of_home},
    {.name = "accountnumber", .anywhere = false, .value = account_of_home},
    {.name = "awspartition", .anywhere = false, .value = partition_of_home},
    {.name = "partition", .anywhere = false, .value = partition_of_home},
    {.name = "awsurlsuffix", .anywhere = false, .value = suffix_of_home},
});

std::string plain_name(std::string_view name) {
  std::string plain;
  for (const char c : lower_case(name)) {
    if (is_small_letter(c) || is_digit(c)) plain += c;
  }
  return plain;
}

/// Pseudo parameters of CloudFormation have no other meaning; all other names are read as people use them.
std::string place_value(std::string_view name, const Home& home, std::vector<std::string>& assumed) {
  const std::string plain = plain_name(name);
  const auto row = std::find_if(kPlaceNames.begin(), kPlaceNames.end(), [&](const PlaceName& known) {
    return known.anywhere ? plain.find(known.name) != std::string::npos : plain == known.name;
  });
  if (row == kPlaceNames.end()) return {};
  std::string value = row->value(home);
  if (!name.starts_with("AWS.") && !value.empty())
    add_once(assumed, {in_quotes(placeholder(name)) + " is " + value});
  return value;
}

/// What stands in ECR's host names between the account and the region.
constexpr std::array<std::string_view, 3> kRegistryMarks = {".dkr.ecr.", ".dkr-ecr.", ".dkr.ecr-fips."};

std::string_view registry_mark_in(std::string_view image) {
  const auto found = std::find_if(kRegistryMarks.begin(), kRegistryMarks.end(), [&](std::string_view mark) {
    return image.find(mark) != std::string_view::npos;
  });
  return found == kRegistryMarks.end() ? std::string_view() : *found;
}

/// An ECR host whose account or region is open still names ECR, whose wildcard answers every account.
std::string with_known_registry(const std::string& image, const Home& home,
                                std::vector<std::string>& assumed) {
  constexpr std::string_view any_account = "000000000000";
  const std::size_t slash = std::min(image.find('/'), image.size());
  std::string host = image.substr(0, slash);
  const std::string_view mark = registry_mark_in(host);
  const std::size_t at = host.find(mark);
  if (mark.empty() || !is_open(host)) return image;
  if (is_open(host.substr(0, at))) {
    const std::string account = home.account.empty() ? std::string(any_account) : home.account;
    add_once(assumed,
             {"the account of " + in_quotes(host) + (home.account.empty() ? " is any" : " is " + account)});
    host.replace(0, at, account);
  }
  const std::size_t region = host.find(mark) + mark.size();
  const std::size_t dot = host.find('.', std::min(host.find('}', region), host.size()));
  if (host.compare(region, 2, "${") == 0 && dot != std::string::npos)
    host.replace(region, dot - region, home.region);
  return host + image.substr(slash);
}

/// Placeholders by their names. Before ECR's mark stands an account, so nothing else is taken for it there:
/// a mapping's placeholder names the region that it is looked up with.
std::string filled_image(std::string image, const Home& home, std::vector<std::string>& assumed) {
  const auto fill = [&](std::string_view value, std::vector<std::string>& said) {
    return fill_placeholders(value, [&](std::string_view name) { return place_value(name, home, said); });
  };
  if (!is_open(image)) return image;
  const std::string_view mark = registry_mark_in(image);
  const std::size_t at = mark.empty() ? 0 : image.find(mark);
  std::vector<std::string> said;
  const std::string account = fill(image.substr(0, at), said);
  const bool is_one = is_account(account);
  if (is_one) add_once(assumed, said);
  return with_known_registry((is_one ? account : image.substr(0, at)) + fill(image.substr(at), assumed), home,
                             assumed);
}

void insert_region(std::multiset<std::string>& regions, const std::string& region) {
  if (find_partition(region) != nullptr) regions.insert(region);
}

void insert_arn_region(std::multiset<std::string>& regions, const std::string& text) {
  if (const auto arn = parse_arn(text)) insert_region(regions, arn->region);
}

void insert_secret_regions(std::multiset<std::string>& regions, const std::vector<SecretReference>& secrets) {
  for (const SecretReference& secret : secrets) insert_arn_region(regions, secret.value_from);
}

}  // namespace

TaskDefinition fill_place(TaskDefinition definition, const Home& home, std::vector<std::string>& remarks) {
  std::vector<std::string> assumed;
  const auto fill = [&](std::string& value) {
    if (is_open(value))
      value =
          fill_placeholders(value, [&](std::string_view name) { return place_value(name, home, assumed); });
  };
  for (DefinedContainer& defined : definition.containers) {
    defined.container.image = filled_image(defined.container.image, home, assumed);
    for (auto& [key, option] : defined.container.log_options) fill(option);
    fill(defined.registry_login);
    for (auto* secrets : {&defined.secrets, &defined.log_secrets}) {
      for (SecretReference& secret : *secrets) fill(secret.value_from);
    }
    for (std::string& file : defined.environment_files) fill(file);
    for (CredentialSpec& spec : defined.credential_specs) fill(spec.arn);
    fill(defined.router_config_in_s3);
  }
  for (DefinedVolume& volume : definition.volumes) {
    fill(volume.file_system_id);
    fill(volume.share_login);
  }
  if (!assumed.empty()) remarks.push_back("Assumed: " + enumerate(assumed) + ".");
  return definition;
}

void add_definition(NeedList& list, const TaskDefinition& definition, const Platform& platform,
                    bool probe_mentioned) {
  for (const DefinedContainer& container : definition.containers) add_container(list, container, platform);
  for (const DefinedVolume& volume : definition.volumes) add_volume(list, volume);
  add_agents(list, definition);
  for (const std::string& remark : definition.remarks) list.remark(remark);
  for (const DefinedContainer& defined : definition.containers) {
    for (const MentionedHost& host : defined.mentioned)
      list.add_mention(host, of_container(defined.container.name).of, probe_mentioned);
  }
}

namespace {

/// Each as often as the definition names it.
std::multiset<std::string> regions_of(const TaskDefinition& definition) {
  std::multiset<std::string> regions;
  for (const DefinedContainer& defined : definition.containers) {
    const auto registry = registry_of(defined.container.image);
    if (registry && registry->known) insert_region(regions, registry->known->values.region);
    const LogDestination logs = log_destination(defined.container);
    insert_region(regions, logs.region);
    insert_secret_regions(regions, defined.secrets);
    insert_secret_regions(regions, defined.log_secrets);
    for (const CredentialSpec& spec : defined.credential_specs) insert_arn_region(regions, spec.arn);
  }
  return regions;
}

}  // namespace

std::string region_named_by(const TaskDefinition& definition) {
  const auto regions = regions_of(definition);
  const bool one = !regions.empty() && *regions.begin() == *regions.rbegin();
  return one ? *regions.begin() : std::string();
}

std::string region_named_most(const TaskDefinition& definition) {
  const auto regions = regions_of(definition);
  const auto most = std::max_element(regions.begin(), regions.end(), [&](const auto& a, const auto& b) {
    return regions.count(a) < regions.count(b);
  });
  return most == regions.end() ? std::string() : *most;
}

}  // namespace vpcprobe
