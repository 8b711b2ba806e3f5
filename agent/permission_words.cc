#include "agent/permission_words.h"

namespace vpcprobe {

std::string permission_words(const Report& report) {
  const ReportContext& context = report.context;
  if (report.depth == "network") return "permissions were not checked (--depth network)";
  if (context.credentials_status != to_string(CredentialsStatus::ok))
    return "permissions were not checked: there are no credentials to sign with";
  const std::string whose =
      context.role_arn.empty() ? "the credentials of the " + context.credentials : context.role_arn;
  std::string words = "permissions were checked with " + whose + ", taken for the " + context.role + " role";
  if (context.role == to_string(Role::task))
    words += "; a container cannot see the execution role, which pulls, injects secrets and logs";
  return words;
}

}  // namespace vpcprobe
