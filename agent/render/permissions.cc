#include "agent/render/permissions.h"

#include "agent/diagnosis/words.h"

namespace vpcprobe {
namespace {

/// Endpoints of AWS's that no call went to: what their policies say is not known.
std::vector<std::string> not_asked(const Report& report) {
  std::vector<std::string> ids;
  for (const EndpointReport& endpoint : report.endpoints) {
    if (endpoint.required && !endpoint.service.empty() && endpoint.calls.empty()) ids.push_back(endpoint.id);
  }
  return ids;
}

}  // namespace

std::string short_permission_words(const Report& report) {
  const bool checked =
      report.depth != "network" && report.context.credentials_status == to_string(CredentialsStatus::ok);
  return checked ? "permissions of the " + report.context.role + " role checked" : "permissions not checked";
}

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
  const std::vector<std::string> silent =
      report.depth == "api" ? not_asked(report) : std::vector<std::string>();
  if (!silent.empty()) words += "; nothing was asked of " + enumerate(silent);
  return words;
}

}  // namespace vpcprobe
