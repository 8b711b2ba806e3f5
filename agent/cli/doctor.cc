// `doctor`: what was seen from inside, joined with the VPC's configuration.
#include <algorithm>
#include <filesystem>

#include "agent/aws/catalog.h"
#include "agent/base/nearest.h"
#include "agent/base/quoted.h"
#include "agent/base/read_file.h"
#include "agent/cli/named_files.h"
#include "agent/cli/verbs.h"
#include "agent/delivery/console.h"
#include "agent/diagnosis/read_report.h"
#include "agent/doctor/diagnosis.h"
#include "agent/doctor/read_configuration.h"
#include "agent/plan/plan.h"
#include "agent/render/diagnosis.h"

namespace vpcprobe {
namespace {

constexpr std::size_t kLongestReport = 256U << 20;

UsageError about(const char* option, const std::string& path, const std::string& what) {
  return {std::string(option) + " " + in_quotes(path) + ": " + what};
}

/// A file as it is; of a directory its files that end in .json, by name.
Result<std::vector<std::string>> files_of(const std::string& path) {
  std::error_code error;
  if (path == "-" || !std::filesystem::is_directory(path, error)) return std::vector<std::string>{path};
  std::vector<std::string> files;
  for (std::filesystem::directory_iterator entry(path, error), end; !error && entry != end;
       entry.increment(error))
    if (entry->path().extension() == ".json") files.push_back(entry->path().string());
  if (error) return about("--config", path, error.message());
  if (files.empty()) return about("--config", path, "no .json file in this directory");
  std::sort(files.begin(), files.end());
  return files;
}

Result<Configuration> read_files(const Surroundings& around) {
  Configuration configuration;
  for (const std::string& path : around.options.config) {
    const auto files = files_of(path);
    if (!files) return files.error();
    for (const std::string& file : files.value()) {
      const auto text = read_input(file, kLongestConfiguration, around.stop);
      if (!text) return about("--config", file, text.error().message);
      const auto read = read_configuration(text.value(), configuration);
      if (!read) return about("--config", file, read.error().message);
    }
  }
  return configuration;
}

Result<Report> read_measured(const Surroundings& around) {
  const std::string& path = around.options.report_file;
  const auto text = read_input(path, kLongestReport, around.stop);
  if (!text) return about("--report", path, text.error().message);
  SavedReports saved = read_reports(text.value());
  if (saved.reports.empty())
    return about("--report", path,
                 saved.wrong.empty() ? "no report in it; write one with vpc-probe run --format json"
                                     : saved.wrong.front());
  return std::move(saved.reports.back());
}

/// "eu-west-1a" → "eu-west-1"; the region that all subnets share, else empty.
std::string region_of(const Configuration& configuration) {
  std::string region;
  for (const auto& [id, subnet] : configuration.subnets.by_id) {
    const std::size_t digit = subnet.zone.find_last_of("0123456789");
    const std::string own = digit == std::string::npos ? std::string() : subnet.zone.substr(0, digit + 1);
    if (own.empty() || (!region.empty() && own != region)) return {};
    region = own;
  }
  return find_partition(region) == nullptr ? std::string() : region;
}

/// What the task needs, from its definition or the options; nothing was measured.
Result<Report> plan_report(const Surroundings& around, const Configuration& configuration) {
  TaskContext context;
  const auto end = std::chrono::steady_clock::now() + around.options.deadline;
  if (const auto wrong = read_named_files(around.options, around.stop, end, context)) return *wrong;
  if (!context.definition && !configuration.task_definition.empty()) {
    auto definition = parse_task_definition(configuration.task_definition);
    if (!definition) return UsageError{"--config: taskDefinition: " + definition.error().message};
    context.definition = std::move(definition.value());
  }
  Options options = around.options;
  if (options.region.empty()) options.region = region_of(configuration);
  if (options.region.empty()) options.region = value_of(around.environment, "AWS_REGION");
  const auto plan = make_plan(options, context);
  if (!plan) return plan.error();
  return unmeasured_report(plan.value(), context);
}

/// A subnet or group that was given and is not there, where all were read.
template <typename T>
std::string wrong_id(const char* option, const std::vector<std::string>& ids, const Part<T>& part) {
  for (const std::string& id : ids) {
    if (part.seen != Seen::completely || part.find(id) != nullptr) continue;
    std::vector<std::string_view> known;
    for (const auto& [other, value] : part.by_id) known.push_back(other);
    const std::string_view near = nearest(id, known);
    return std::string(option) + " " + in_quotes(id) + ": not in the configuration" +
           (near.empty() ? std::string() : "; did you mean " + in_quotes(near) + "?");
  }
  return {};
}

Result<int> write_diagnosis(const Surroundings& around, const Diagnosis& diagnosis) {
  const Options& options = around.options;
  const bool as_text =
      options.format == Format::text || (options.format == Format::automatic && on_terminal(options));
  const std::string text = options.format == Format::html ? diagnosis_html(diagnosis)
                           : as_text ? diagnosis_text(diagnosis, style_of(around), options.details)
                                     : diagnosis_json(diagnosis);
  return write_output(options, text, diagnosis.exit_code);
}

}  // namespace

Result<int> doctor(const Surroundings& around) {
  const Options& options = around.options;
  if (options.config.empty())
    return UsageError{"doctor wants the VPC's configuration: --config FILE or a directory of files"};
  auto configuration = read_files(around);
  if (!configuration) return configuration.error();
  const bool measured = !options.report_file.empty();
  auto report = measured ? read_measured(around) : plan_report(around, configuration.value());
  if (!report) return report.error();
  SaidWho said;
  said.subnets = options.subnet_ids;
  if (!options.task_group.empty()) said.groups = {options.task_group};
  std::string wrong = wrong_id("--subnet-ids", said.subnets, configuration.value().subnets);
  if (wrong.empty()) wrong = wrong_id("--task-security-group", said.groups, configuration.value().groups);
  if (!wrong.empty()) return UsageError{wrong};
  const Who who = find_who(configuration.value(), report.value().context, said);
  return write_diagnosis(around, reason(configuration.value(), report.value(), who, measured));
}

}  // namespace vpcprobe
