#include "agent/plan/needs.h"

#include <algorithm>
#include <array>

#include "agent/aws/arn.h"
#include "agent/base/printable.h"
#include "agent/base/quoted.h"
#include "agent/plan/definition_needs.h"
#include "agent/plan/need_list.h"

namespace vpcprobe {
namespace {

/// "1.3.0" is before 1.4; "LATEST" and nothing are not.
bool is_before_1_4(std::string_view version) {
  if (version.empty() || version.find_first_not_of("0123456789.") != std::string_view::npos) return false;
  const std::size_t dot = std::min(version.find('.'), version.size());
  const std::string_view major = version.substr(0, dot);
  const std::string_view rest = version.substr(std::min(dot + 1, version.size()));
  const std::string_view minor = rest.substr(0, rest.find('.'));
  return major == "0" || (major == "1" && minor.size() == 1 && minor < "4");
}

/// Fargate for Windows counts from 1.0.0 and behaves like Linux 1.4.0 from the start. AWS retired
/// Linux 1.0.0, so where the operating system is not known that number means Windows.
bool does_platform_help(std::string_view version, std::string_view operating_system) {
  constexpr std::string_view kFirstWindows = "1.0.0";
  const bool windows =
      operating_system.empty() ? version == kFirstWindows : operating_system.starts_with("WINDOWS");
  return !windows && is_before_1_4(version);
}

/// The options are a description too: what they say is not assumed any more.
void add_assumed(NeedList& list, const Options& options) {
  const About why{{}, "no task metadata"};
  if (options.images.empty()) list.add(Feature::assumed_image, why);
  if (options.log_groups.empty()) list.add(Feature::assumed_logs, why);
  if (options.secrets.empty() && options.parameters.empty()) list.add(Feature::assumed_secrets, why);
}

/// A described service or task shows neither logging nor secrets, and a service no image.
void add_unseen_definition(NeedList& list, const TaskDefinition& definition, const Options& options) {
  const About why{{}, "the task definition is not in the file"};
  const bool has_image = !options.images.empty() ||
                         std::any_of(definition.containers.begin(), definition.containers.end(),
                                     [](const auto& defined) { return !defined.container.image.empty(); });
  if (!has_image) list.add(Feature::assumed_image, why);
  if (options.log_groups.empty()) list.add(Feature::assumed_logs, why);
  if (options.secrets.empty() && options.parameters.empty()) list.add(Feature::assumed_secrets, why);
  list.remark("The file describes " + definition.described +
              " without its task definition: add what describe-task-definition prints.");
}

void add_metadata(NeedList& list, const TaskContext& context, const Options& options) {
  for (const ContainerContext& container : context.containers) {
    list.add_image(container.image, of_container(container.name));
    if (const Sidecar* sidecar = find_sidecar(container.image); sidecar != nullptr)
      list.add_sidecar(*sidecar, {}, {{}, container.name});
    try {
      list.add_logs(container);
    } catch (const WrongNeed& wrong) {
      throw WrongNeed{wrong.what + " (--services probes without the metadata)"};
    }
  }
  if (options.secrets.empty() && options.parameters.empty()) list.add(Feature::unseen_secrets);
}

void add_recorded(NeedList& list, const RecordedRun& run) {
  for (const RecordedEndpoint& endpoint : run.endpoints) {
    const auto known = recognise(endpoint.host);
    for (const std::string& reason : endpoint.required_by) {
      if (known && known->service->id == endpoint.service) {
        list.add_known_host(*known, reason);
      } else {
        Need need;
        need.host = endpoint.host;
        need.port = endpoint.port;
        need.reason = reason;
        list.add_host(std::move(need));
      }
    }
  }
}

void add_options(NeedList& list, const Options& options) {
  for (const std::string& image : options.images) {
    list.add_image(image, {"asked for by --image", {}});
  }
  for (const std::string& secret : options.secrets) {
    list.add_secret(secret, Feature::secret, {"asked for by --secret", {}});
  }
  for (const std::string& parameter : options.parameters) {
    list.add_secret(parameter, Feature::parameter, {"asked for by --parameter", {}});
  }
  for (const std::string& group : options.log_groups) {
    list.add_log_group(group, {"asked for by --log-group", {}});
  }
  for (const std::string& id : options.also) {
    list.add_service(parse_service_reference(id).value(), "asked for by --also");
  }
  for (const CustomTarget& target : options.targets) {
    Need need;
    need.host = target.host;
    need.port = target.port;
    if (target.tcp_only) need.until = Until::tcp;
    need.reason = "asked for by --target";
    list.add_host(std::move(need));
  }
}

void add_base(NeedList& list, const Options& options, const TaskContext& context, const Home& home,
              const Platform& platform) {
  if (!options.services.empty()) {
    for (const std::string& id : options.services) {
      list.add_service(parse_service_reference(id).value(), "asked for by --services");
    }
    return;
  }
  if (context.definition) {
    std::vector<std::string> assumed;
    const TaskDefinition definition = fill_place(*context.definition, home, assumed);
    for (std::string& remark : assumed) list.remark(std::move(remark));
    add_definition(list, definition, platform, options.mentioned);
    if (context.definition->is_partial) add_unseen_definition(list, *context.definition, options);
  } else if (context.recorded) {
    return add_recorded(list, *context.recorded);
  } else if (context.containers.empty()) {
    add_assumed(list, options);
  } else {
    add_metadata(list, context, options);
  }
  if (!platform.fargate) list.add(Feature::ec2_agent);
}

}  // namespace

Platform platform_of(const Options& options, const TaskContext& context) {
  Platform platform;
  platform.version = options.platform_version;
  std::string type = context.launch_type;
  std::string_view operating_system;
  if (context.definition) {
    const TaskDefinition& definition = *context.definition;
    const auto& kinds = definition.compatibilities;
    const auto allows = [&](std::string_view kind) {
      return std::find(kinds.begin(), kinds.end(), kind) != kinds.end();
    };
    if (type.empty()) type = definition.launch_type;
    if (platform.version.empty()) platform.version = definition.platform_version;
    if (type.empty() && !kinds.empty() && !allows("FARGATE")) type = allows("EC2") ? "EC2" : kinds.front();
    operating_system = definition.operating_system;
  }
  const bool said = options.launch_type_given || type.empty();
  platform.fargate = said ? options.launch_type == "fargate" : type == "FARGATE" || type == "fargate";
  platform.outside_vpc = !said && type == "EXTERNAL";
  platform.windows = operating_system.starts_with("WINDOWS");
  platform.has_own_interface =
      platform.fargate || !context.definition || context.definition->network_mode == "awsvpc";
  platform.platform_helps = platform.fargate && does_platform_help(platform.version, operating_system);
  return platform;
}

Result<Needs> gather_needs(const Options& options, const TaskContext& context, const Home& home,
                           const Platform& platform) {
  NeedList list(home, platform);
  if (platform.outside_vpc) {
    list.remark(
        "Launch type EXTERNAL: an instance of ECS Anywhere is outside the VPC. It reaches the endpoints only "
        "if its "
        "network is connected to the VPC and resolves their private names there. This is the plan of an EC2 "
        "instance in the VPC.");
  }
  try {
    add_base(list, options, context, home, platform);
    add_options(list, options);
    if (!context.definition) {
      for (const MentionedHost& host : options.own_hosts) list.add_mention(host, "of this process", true);
    }
  } catch (const WrongNeed& wrong) {
    return UsageError{printable(wrong.what, false)};
  }
  return list.take();
}

}  // namespace vpcprobe
