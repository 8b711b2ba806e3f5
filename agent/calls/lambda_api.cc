#include "agent/calls/lambda_api.h"

#include "agent/base/bounded_json.h"
#include "agent/base/json_members.h"
#include "agent/base/json_text.h"
#include "agent/base/percent.h"
#include "agent/base/redact.h"

namespace vpcprobe {
namespace {

using Json = nlohmann::json;

constexpr std::size_t kLongestReason = 400;
constexpr int kMemoryMb = 256;
constexpr const char* kFunctions = "/2015-03-31/functions";
// An archive of 20 MB over a slow line.
constexpr std::chrono::minutes kToUpload{3};

ApiCallRequest call_of(const char* action, const char* method, std::string path) {
  ApiCallRequest call;
  call.api = find_api("lambda");
  call.action = action;
  call.method = method;
  call.path = std::move(path);
  return call;
}

std::string path_of(const std::string& name, const char* rest = "") {
  return std::string(kFunctions) + "/" + percent_encoded(name) + rest;
}

std::string reason_in(const Json& object, const char* key) {
  return safe_line(text_in(object, key), kLongestReason);
}

FunctionState state_of(const Json& object) {
  FunctionState function;
  function.name = text_in(object, "FunctionName");
  function.description = text_in(object, "Description");
  function.role = text_in(object, "Role");
  function.state = text_in(object, "State");
  function.state_reason = reason_in(object, "StateReason");
  function.last_update = text_in(object, "LastUpdateStatus");
  function.last_update_reason = reason_in(object, "LastUpdateStatusReason");
  const Json* vpc = member_of(object, "VpcConfig");
  if (vpc == nullptr) return function;
  function.vpc = text_in(*vpc, "VpcId");
  function.subnets = texts_in(*vpc, "SubnetIds");
  function.groups = texts_in(*vpc, "SecurityGroupIds");
  return function;
}

}  // namespace

ApiCallRequest create_function(const NewFunction& function) {
  ApiCallRequest call = call_of("CreateFunction", "POST", kFunctions);
  call.body =
      json_text({{"FunctionName", function.name},
                 {"Description", function.description},
                 {"Runtime", "provided.al2023"},
                 {"Handler", "bootstrap"},
                 {"Role", function.role},
                 {"Architectures", {function.architecture}},
                 {"Code", {{"ZipFile", function.zip}}},
                 {"MemorySize", kMemoryMb},
                 {"Timeout", function.timeout.count()},
                 {"VpcConfig", {{"SubnetIds", function.subnets}, {"SecurityGroupIds", function.groups}}},
                 {"Environment", {{"Variables", function.variables}}},
                 {"Tags", function.tags}});
  call.patience = kToUpload;
  return call;
}

ApiCallRequest get_function(const std::string& name) {
  return call_of("GetFunctionConfiguration", "GET", path_of(name, "/configuration"));
}

ApiCallRequest invoke_function(const std::string& name, std::string event,
                               std::chrono::milliseconds patience) {
  ApiCallRequest call = call_of("Invoke", "POST", path_of(name, "/invocations"));
  call.body = std::move(event);
  call.patience = patience;
  return call;
}

ApiCallRequest change_groups(const std::string& name, const std::vector<std::string>& subnets,
                             const std::vector<std::string>& groups) {
  ApiCallRequest call = call_of("UpdateFunctionConfiguration", "PUT", path_of(name, "/configuration"));
  call.body = json_text({{"VpcConfig", {{"SubnetIds", subnets}, {"SecurityGroupIds", groups}}}});
  return call;
}

ApiCallRequest delete_function(const std::string& name) {
  return call_of("DeleteFunction", "DELETE", path_of(name));
}

ApiCallRequest list_functions(const std::string& next_token) {
  ApiCallRequest call = call_of("ListFunctions", "GET", std::string(kFunctions) + "?MaxItems=50");
  call.next_token = next_token;
  return call;
}

FunctionState read_function(std::string_view json) {
  const auto document = parse_bounded_json(json, kLongestAnswer);
  return document ? state_of(document.value()) : FunctionState{};
}

std::vector<FunctionState> read_function_list(std::string_view json) {
  std::vector<FunctionState> functions;
  const auto document = parse_bounded_json(json, kLongestAnswer);
  if (!document) return functions;
  for (const Json& item : list_in(document.value(), "Functions")) functions.push_back(state_of(item));
  return functions;
}

}  // namespace vpcprobe
