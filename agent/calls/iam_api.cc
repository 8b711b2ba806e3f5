#include "agent/calls/iam_api.h"

#include <initializer_list>

#include "agent/base/bounded_json.h"
#include "agent/base/json_members.h"
#include "agent/base/percent.h"

namespace vpcprobe {
namespace {

// AWS: "Defining Lambda function permissions with an execution role". The same name in every partition.
constexpr std::string_view kTrust =
    R"({"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":"lambda.amazonaws.com"},)"
    R"("Action":"sts:AssumeRole"}]})";

struct Parameter {
  std::string_view name;
  std::string_view value;
};

ApiCallRequest call_of(const char* action, std::initializer_list<Parameter> parameters) {
  ApiCallRequest call;
  call.api = find_api("iam");
  call.action = action;
  for (const Parameter& parameter : parameters)
    call.body +=
        (call.body.empty() ? "" : "&") + std::string(parameter.name) + "=" + percent_encoded(parameter.value);
  return call;
}

}  // namespace

ApiCallRequest create_role(const NewRole& role) {
  return call_of("CreateRole", {{"Path", role.path},
                                {"RoleName", role.name},
                                {"AssumeRolePolicyDocument", kTrust},
                                {"Description", role.description},
                                {"Tags.member.1.Key", role.tag},
                                {"Tags.member.1.Value", role.tag_value}});
}

ApiCallRequest get_role(const std::string& name) { return call_of("GetRole", {{"RoleName", name}}); }

ApiCallRequest attach_role_policy(const std::string& name, const std::string& policy) {
  return call_of("AttachRolePolicy", {{"RoleName", name}, {"PolicyArn", policy}});
}

ApiCallRequest detach_role_policy(const std::string& name, const std::string& policy) {
  return call_of("DetachRolePolicy", {{"RoleName", name}, {"PolicyArn", policy}});
}

ApiCallRequest delete_role(const std::string& name) { return call_of("DeleteRole", {{"RoleName", name}}); }

std::string role_arn_in(std::string_view json) {
  const auto document = parse_bounded_json(json, kLongestAnswer);
  const nlohmann::json* role = document ? member_of(document.value(), "Role") : nullptr;
  return role == nullptr ? std::string() : text_in(*role, "Arn");
}

}  // namespace vpcprobe
