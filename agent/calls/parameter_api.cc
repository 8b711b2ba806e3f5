#include "agent/calls/parameter_api.h"

#include "agent/base/bounded_json.h"
#include "agent/base/json_members.h"
#include "agent/base/json_text.h"

namespace vpcprobe {
namespace {

using Json = nlohmann::json;

ApiCallRequest call_of(const char* action, const Json& body) {
  ApiCallRequest call;
  call.api = find_api("ssm");
  call.action = action;
  call.body = json_text(body);
  return call;
}

}  // namespace

ApiCallRequest get_parameter(const std::string& name) { return call_of("GetParameter", {{"Name", name}}); }

ApiCallRequest put_parameter(const std::string& name, const std::string& value) {
  return call_of("PutParameter", {{"Name", name}, {"Value", value}, {"Type", "String"}, {"Overwrite", true}});
}

Parameter read_parameter(std::string_view json) {
  Parameter read;
  const auto document = parse_bounded_json(json, kLongestAnswer);
  if (!document) return read;
  // PutParameter's answer has the version at its top.
  const Json* member = member_of(document.value(), "Parameter");
  const Json& parameter = member == nullptr ? document.value() : *member;
  read.value = text_in(parameter, "Value");
  const Json* version = member_of(parameter, "Version");
  if (version != nullptr && version->is_number_integer()) read.version = version->get<std::int64_t>();
  return read;
}

}  // namespace vpcprobe
