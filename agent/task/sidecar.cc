// Sources: AWS X-Ray guide, "Running the X-Ray daemon on Amazon ECS"; ADOT's documentation of its ECS
// configurations; CloudWatch guide, "Deploying the CloudWatch agent on Amazon ECS"; App Mesh guide, "Envoy
// image"; GuardDuty guide, "How Runtime Monitoring works with Fargate"; AppConfig guide, "AppConfig Agent for
// ECS"; ECS guide, "Service Connect" and "interface VPC endpoints"; Systems Manager guide, "Create VPC
// endpoints"; Datadog, "Network Traffic"; New Relic, "New Relic network traffic"; Splunk, "Realms".
#include "agent/task/sidecar.h"

#include <algorithm>
#include <array>

#include "agent/aws/catalog.h"
#include "agent/aws/host_name.h"
#include "agent/base/text_search.h"

namespace vpcprobe {
namespace {

constexpr std::array kSidecars = std::to_array<Sidecar>({
    {.image = "aws-xray-daemon", .name = "the X-Ray daemon", .services = "xray"},
    {.image = "aws-otel-collector",
     .name = "the ADOT collector",
     .services = "xray,logs",
     .own_configuration = "AOT_CONFIG_CONTENT",
     .remark = "Its usual configuration sends traces to X-Ray and metrics to CloudWatch Logs (embedded "
               "metric format)."},
    {.image = "cloudwatch-agent",
     .name = "the CloudWatch agent",
     .services = "monitoring,logs",
     .own_configuration = "CW_CONFIG_CONTENT"},
    {.image = "aws-appmesh-envoy", .name = "App Mesh's Envoy", .services = "appmesh-envoy-management"},
    {.image = "aws-guardduty-agent-fargate", .name = "the GuardDuty agent", .services = "guardduty-data"},
    {.image = "ecs-service-connect-agent", .name = "the Service Connect agent", .services = "ecs-agent"},
    {.image = "aws-appconfig-agent", .name = "the AppConfig agent", .services = "appconfigdata"},
    {.image = "amazon-ssm-agent",
     .name = "the Systems Manager agent",
     .services = "ssm,ssmmessages,ec2messages"},
    {.image = "datadog/agent",
     .name = "the Datadog agent",
     .services = "",
     .hosts = "api.{site},trace.agent.{site},process.{site}",
     .site_variable = "DD_SITE",
     .default_site = "datadoghq.com",
     .logs_variable = "DD_LOGS_ENABLED",
     .logs_host = "agent-http-intake.logs.{site}",
     .remark =
         "It sends metrics to a host that has its version in the name, below app.agent of the same site."},
    {.image = "datadoghq/agent",
     .name = "the Datadog agent",
     .services = "",
     .hosts = "api.{site},trace.agent.{site},process.{site}",
     .site_variable = "DD_SITE",
     .default_site = "datadoghq.com",
     .logs_variable = "DD_LOGS_ENABLED",
     .logs_host = "agent-http-intake.logs.{site}",
     .remark =
         "It sends metrics to a host that has its version in the name, below app.agent of the same site."},
    {.image = "newrelic/nri-ecs",
     .name = "the New Relic agent",
     .services = "",
     .hosts = "infra-api.{site},metric-api.{site},identity-api.{site}",
     .default_site = "newrelic.com",
     .remark = "Accounts in the EU use the same names below eu.newrelic.com: then name those with --target."},
    {.image = "newrelic/infrastructure",
     .name = "the New Relic agent",
     .services = "",
     .hosts = "infra-api.{site},metric-api.{site},identity-api.{site}",
     .default_site = "newrelic.com",
     .remark = "Accounts in the EU use the same names below eu.newrelic.com: then name those with --target."},
    {.image = "newrelic/newrelic-fluentbit-output",
     .name = "New Relic's log router",
     .services = "",
     .hosts = "log-api.{site}",
     .default_site = "newrelic.com",
     .remark = "Accounts in the EU use log-api.eu.newrelic.com: then name that with --target."},
    {.image = "splunk-otel-collector",
     .name = "the Splunk collector",
     .services = "",
     .hosts = "ingest.{site}.signalfx.com,api.{site}.signalfx.com",
     .site_variable = "SPLUNK_REALM",
     .default_site = "us0"},
});

/// The image's path without tag and digest, lower case.
std::string path_of(std::string_view image) {
  image = image.substr(0, image.find('@'));
  const std::size_t slash = image.rfind('/');
  const std::size_t colon = image.find(':', slash == std::string_view::npos ? 0 : slash);
  return lower_case(image.substr(0, colon));
}

std::string with_site(std::string_view host, std::string_view site) {
  constexpr std::string_view key = "{site}";
  std::string text(host);
  if (const std::size_t at = text.find(key); at != std::string::npos) text.replace(at, key.size(), site);
  return text;
}

}  // namespace

const Sidecar* find_sidecar(std::string_view image) {
  const std::string path = path_of(image);
  const auto found = std::find_if(kSidecars.begin(), kSidecars.end(), [&](const Sidecar& row) {
    return path == row.image ||
           (path.ends_with(row.image) && path[path.size() - row.image.size() - 1] == '/');
  });
  return found == kSidecars.end() ? nullptr : &*found;
}

std::vector<std::string> hosts_of(const Sidecar& sidecar,
                                  const std::map<std::string, std::string>& settings) {
  const auto setting = [&](std::string_view name) {
    const auto found = settings.find(std::string(name));
    return found == settings.end() ? std::string() : found->second;
  };
  std::string site = sidecar.site_variable.empty() ? "" : setting(sidecar.site_variable);
  if (!is_host_name(site)) site = sidecar.default_site;
  std::vector<std::string> hosts;
  for (const std::string_view host : list_of(sidecar.hosts)) hosts.push_back(with_site(host, site));
  const bool logs = !sidecar.logs_variable.empty() && lower_case(setting(sidecar.logs_variable)) == "true";
  if (logs) hosts.push_back(with_site(sidecar.logs_host, site));
  return hosts;
}

bool is_sidecar_setting(std::string_view variable) {
  return std::any_of(kSidecars.begin(), kSidecars.end(), [&](const Sidecar& row) {
    return !variable.empty() && (variable == row.site_variable || variable == row.logs_variable);
  });
}

}  // namespace vpcprobe
