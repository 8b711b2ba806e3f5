#include "agent/doctor/function_event.h"

#include <array>

#include "agent/base/bounded_json.h"
#include "agent/base/json_node.h"
#include "agent/base/json_text.h"

namespace vpcprobe {
namespace {

using Json = nlohmann::json;

constexpr std::array<std::string_view, 3> kDepths{"network", "api", "image"};

// Members of a container that are of no use for a plan, or only for --mentioned.
constexpr std::array kLeftOut{"environment", "command", "entryPoint", "dockerLabels", "healthCheck"};

void leave_out(Json& containers) {
  if (!containers.is_array()) return;
  for (Json& container : containers)
    for (const char* member : kLeftOut)
      if (container.is_object()) container.erase(member);
}

/// The definition without its containers' variables, or the text as it is.
Json definition_of(const std::string& text, bool is_whole) {
  auto document = parse_bounded_json(text, kLongestDocument);
  if (!document || !document.value().is_object()) return text;
  Json& definition = document.value();
  const auto inner = definition.find("taskDefinition");
  Json& root = inner == definition.end() ? definition : *inner;
  if (!is_whole && root.is_object() && root.contains("containerDefinitions"))
    leave_out(root["containerDefinitions"]);
  return definition;
}

void add(Json& event, const char* name, const std::vector<std::string>& values) {
  if (!values.empty()) event[name] = values;
}

void add(Json& event, const char* name, const std::string& value) {
  if (!value.empty()) event[name] = value;
}

void add(Json& event, const char* name, bool value) {
  if (value) event[name] = true;
}

std::vector<std::string> targets_of(const Options& options) {
  std::vector<std::string> texts;
  for (const CustomTarget& target : options.targets) {
    const bool is_ipv6 = target.host.find(':') != std::string::npos;
    const std::string host = is_ipv6 ? "[" + target.host + "]" : target.host;
    texts.push_back((target.tcp_only ? "tcp://" : "") + host + ":" + std::to_string(target.port));
  }
  return texts;
}

template <typename T>
std::vector<std::string> texts_of(const std::vector<T>& values) {
  std::vector<std::string> texts;
  for (const T& value : values) texts.push_back(value.to_string());
  return texts;
}

}  // namespace

std::string function_event(const Options& options, const std::string& region, const std::string& definition,
                           const std::vector<Cidr>& vpc_ranges) {
  Json event = {{"region", region},
                {"launch-type", options.launch_type},
                {"deadline", std::to_string(options.deadline.count()) + "ms"},
                {"depth", kDepths.at(static_cast<std::size_t>(options.depth))}};
  std::vector<Cidr> ranges = options.vpc_cidrs;
  ranges.insert(ranges.end(), vpc_ranges.begin(), vpc_ranges.end());
  if (!definition.empty()) event["task-definition"] = definition_of(definition, options.mentioned);
  add(event, "family", options.families);
  add(event, "platform-version", options.platform_version);
  add(event, "services", options.services);
  add(event, "also", options.also);
  add(event, "target", targets_of(options));
  add(event, "mentioned", options.mentioned);
  add(event, "image", options.images);
  add(event, "secret", options.secrets);
  add(event, "parameter", options.parameters);
  add(event, "log-group", options.log_groups);
  add(event, "vpc-cidr", texts_of(ranges));
  add(event, "resolver", texts_of(options.resolvers));
  add(event, "fips", options.fips);
  add(event, "dualstack", options.dualstack);
  add(event, "ipv4", options.ipv4_only);
  add(event, "ipv6", options.ipv6_only);
  if (options.role == Role::execution) event["role"] = "execution";
  return json_text(event);
}

}  // namespace vpcprobe
