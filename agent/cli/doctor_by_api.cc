#include "agent/cli/doctor_by_api.h"

#include "agent/aws/arn.h"
#include "agent/aws/catalog.h"
#include "agent/base/log.h"
#include "agent/base/pause.h"
#include "agent/base/quoted.h"
#include "agent/base/write.h"
#include "agent/calls/profile.h"
#include "agent/cli/named_files.h"
#include "agent/doctor/ecs_event.h"
#include "agent/doctor/read_by_api.h"
#include "agent/doctor/reading_access.h"

namespace vpcprobe {
namespace {

std::string cluster_of(const Options& options) {
  if (!options.cluster.empty()) return options.cluster;
  const std::string cluster = cluster_in_arn(options.task);
  return cluster.empty() ? cluster_in_arn(options.service) : cluster;
}

ReadingSubject subject_of(const Options& options, const std::optional<Report>& report, std::string region) {
  ReadingSubject subject;
  subject.region = std::move(region);
  subject.service = options.service;
  subject.task = options.task;
  subject.cluster = cluster_of(options);
  subject.subnets = options.subnet_ids;
  if (!options.task_group.empty()) subject.groups = {options.task_group};
  if (!report) return subject;
  subject.addresses = report->context.source_addresses;
  subject.ranges = report->context.subnet_cidrs;
  return subject;
}

std::string keep(const std::string& path, const std::string& documents) {
  const std::string problem = write_file(path, documents);
  return problem.empty() ? "" : "--save-config " + in_quotes(path) + ": " + problem;
}

bool is_region(const std::string& text) {
  return find_partition(text) != nullptr &&
         text.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789-") == std::string::npos;
}

}  // namespace

bool names_a_task(const Options& options) {
  return !options.service.empty() || !options.task.empty() || !options.subnet_ids.empty() ||
         !options.task_group.empty();
}

Result<std::string> script_for_reading(const Options& options, const std::optional<Report>& report) {
  if (!options.task.empty())
    return UsageError{"--print-commands reads a service: write --cluster and --service"};
  if (!options.service.empty() && cluster_of(options).empty())
    return UsageError{"--service needs --cluster, or an ARN"};
  ScriptSubject subject;
  subject.region = options.region;
  subject.subnets = options.subnet_ids;
  if (!options.task_group.empty()) subject.groups = {options.task_group};
  subject.cluster = cluster_of(options);
  subject.service = options.service;
  if (!report) return reading_script(subject);
  // What a report says is foreign text, and goes into a script: only what is an address, or a region.
  for (const std::string& address : report->context.source_addresses)
    if (IpAddress::parse(address)) subject.addresses.push_back(address);
  const std::string& region = report->context.region;
  if (subject.region.empty() && is_region(region)) subject.region = region;
  return reading_script(subject);
}

std::string region_for_api(const Surroundings& around, const std::optional<Report>& report) {
  if (!around.options.region.empty()) return around.options.region;
  for (const std::string* arn : {&around.options.task, &around.options.service, &around.options.cluster})
    if (const auto parsed = parse_arn(*arn); parsed && !parsed->region.empty()) return parsed->region;
  if (report && !report->context.region.empty()) return report->context.region;
  return operator_region(around.environment, around.stop);
}

Result<ApiAccess> open_api(const Surroundings& around, const std::optional<Report>& report,
                           std::chrono::steady_clock::time_point end) {
  ApiAccess access;
  access.region = region_for_api(around, report);
  if (find_partition(access.region) == nullptr)
    return UsageError{access.region.empty() ? "doctor calls AWS's API and knows no region: write --region"
                                            : in_quotes(access.region) + ": no AWS region"};
  const bool asks_ecs = !around.options.service.empty() || !around.options.task.empty();
  if (asks_ecs && cluster_of(around.options).empty())
    return UsageError{"--service and --task need --cluster, or an ARN"};
  const auto roots = read_ca_file(around.options, around.stop, end);
  if (!roots) return roots.error();
  Credentials credentials = gather_operator_credentials(around.environment, around.stop, time_left(end));
  log(LogLevel::info,
      "credentials from " + credentials.seen.source + ": " + std::string(to_string(credentials.seen.status)));
  if (credentials.seen.status != CredentialsStatus::ok)
    return UsageError{"doctor calls AWS's API and has no credentials: " + credentials.seen.problem, true};
  access.keys = std::move(credentials.keys);
  access.trust = std::make_unique<TlsContext>(roots.value());
  return access;
}

Result<std::string> configuration_by_api(const Surroundings& around, const ApiAccess& access,
                                         const std::optional<Report>& report,
                                         std::chrono::steady_clock::time_point end) {
  ApiClient client({.region = access.region, .keys = access.keys, .trust = access.trust.get(), .end = end},
                   around.stop);
  auto read = read_by_api(client, subject_of(around.options, report, access.region));
  if (!read) return read.error();
  if (around.stop) return UsageError{"interrupted before the configuration was read", true};
  if (!around.options.save_config.empty()) {
    if (std::string problem = keep(around.options.save_config, read.value().documents); !problem.empty())
      return UsageError{problem};
  }
  return std::move(read.value().documents);
}

}  // namespace vpcprobe
