#include "agent/calls/parameter_api.h"

#include "agent/base/bounded_json.h"
#include "agent/base/json_members.h"

namespace vpcprobe {
namespace {

using Json = nlohmann::json;

ApiCallRequest call_of(const char* action, const Json& body) {
  ApiCallRequest call;
  call.api = find_api("ssm");
  call.action = action;
  call.body = body.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
  return call;
}

}  // namespace

ApiCallRequest get_parameter(const std::string& name) { return call_of("GetParameter", {{"Name", name}}); }

ApiCallRequest put_parameter(const std::string& name, const std::string& value) {
  return call_of("PutParameter", {{"Name", name}, {"Value", value}, {"Type", "String"}, {"Overwrite", true}});
}

std::string parameter_value_in(std::string_view json) {
  const auto document = parse_bounded_json(json, kLongestAnswer);
  if (!document) return {};
  const Json* parameter = member_of(document.value(), "Parameter");
  return parameter == nullptr ? std::string() : text_in(*parameter, "Value");
}

std::int64_t parameter_version_in(std::string_view json) {
  const auto document = parse_bounded_json(json, kLongestAnswer);
  if (!document) return 0;
  const Json* parameter = member_of(document.value(), "Parameter");
  const Json* version = member_of(parameter == nullptr ? document.value() : *parameter, "Version");
  return version != nullptr && version->is_number_integer() ? version->get<std::int64_t>() : 0;
}

}  // namespace vpcprobe
