#include "agent/cli/lambda_event.h"

#include "agent/base/bounded_json.h"
#include "agent/base/quoted.h"

namespace vpcprobe {
namespace {

using Json = nlohmann::json;

constexpr std::size_t kLongestEvent = 6U << 20;  // AWS: "Lambda quotas", invocation payload

/// Nothing for a value that is not a string, number or boolean.
std::optional<std::string> text_of(const Json& value) {
  if (value.is_string()) return value.get<std::string>();
  if (value.is_boolean() || value.is_number()) return value.dump();
  return std::nullopt;
}

/// The options of which an object is the value: JSON that elsewhere would be in a file.
bool takes_object(const std::string& name) { return name == "task-definition"; }

/// AWS: "Events structure" of EventBridge.
const Json& options_in(const Json& event) {
  const auto detail = event.find("detail");
  return event.contains("detail-type") && detail != event.end() ? *detail : event;
}

}  // namespace

Result<std::vector<SaidOption>> read_lambda_event(std::string_view json) {
  if (json.find_first_not_of(" \t\r\n") == std::string_view::npos) return std::vector<SaidOption>{};
  const auto document = parse_bounded_json(json, kLongestEvent);
  if (!document) return UsageError{"the event is " + document.error().message};
  std::vector<SaidOption> said;
  if (document.value().is_null()) return said;
  const UsageError no_object{"the event must be an object whose names are options: {\"also\": [\"ssm\"]}"};
  if (!document.value().is_object()) return no_object;
  const Json& options = options_in(document.value());
  if (!options.is_object()) return no_object;
  for (const auto& [name, value] : options.items()) {
    if (value.is_null()) continue;
    SaidOption option{name, {}};
    for (const Json& item : value.is_array() ? value : Json::array({value})) {
      auto text = takes_object(name) && item.is_object() ? std::optional(item.dump()) : text_of(item);
      if (!text)
        return UsageError{in_quotes(name) +
                          " must be a string, a number, true or false, or an array of those"};
      option.values.push_back(std::move(*text));
    }
    if (!option.values.empty()) said.push_back(std::move(option));
  }
  return said;
}

}  // namespace vpcprobe
