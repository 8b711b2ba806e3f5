// `doctor`: what was seen from inside, joined with the VPC's configuration.
#include "agent/cli/doctor.h"

#include <algorithm>
#include <filesystem>

#include "agent/aws/catalog.h"
#include "agent/base/json_node.h"
#include "agent/base/nearest.h"
#include "agent/base/quoted.h"
#include "agent/base/read_file.h"
#include "agent/cli/doctor_by_api.h"
#include "agent/cli/doctor_inside.h"
#include "agent/cli/named_files.h"
#include "agent/cli/verbs.h"
#include "agent/delivery/console.h"
#include "agent/delivery/destinations.h"
#include "agent/diagnosis/read_report.h"
#include "agent/doctor/diagnosis.h"
#include "agent/doctor/read_configuration.h"
#include "agent/doctor/reading_access.h"
#include "agent/doctor/stopped_task.h"
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
Result<Report> plan_report(const Surroundings& around, const Configuration& configuration,
                           const std::string& region) {
  TaskContext context;
  const auto end = std::chrono::steady_clock::now() + around.options.deadline;
  if (const auto wrong = read_named_files(around.options, around.stop, end, context)) return *wrong;
  if (!context.definition && !configuration.task_definition.empty()) {
    auto definition = parse_task_definition(configuration.task_definition);
    if (!definition) return UsageError{"--config: taskDefinition: " + definition.error().message};
    context.definition = std::move(definition.value());
  }
  Options options = around.options;
  if (options.region.empty()) options.region = region;
  if (options.region.empty()) options.region = region_of(configuration);
  if (options.region.empty()) options.region = value_of(around.environment, "AWS_REGION");
  const EcsTask* task = last_task(configuration);
  if (!options.launch_type_given && task != nullptr && task->launch_type == "EC2")
    options.launch_type = "ec2";
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

/// What is known from outside.
struct Outside {
  Configuration configuration;
  std::optional<ApiAccess> access;  ///< to the API that was called; empty for files
};

Result<Outside> read_outside(const Surroundings& around, const std::optional<Report>& report) {
  Outside outside;
  if (!around.options.config.empty()) {
    auto configuration = read_files(around);
    if (!configuration) return configuration.error();
    outside.configuration = std::move(configuration.value());
    return outside;
  }
  const auto end = std::chrono::steady_clock::now() + around.options.deadline;
  auto access = open_api(around, report, end);
  if (!access) return access.error();
  outside.access = std::move(access.value());
  const auto documents = configuration_by_api(around, *outside.access, report, end);
  if (!documents) return documents.error();
  const auto read = read_configuration(documents.value(), outside.configuration);
  if (!read) return UsageError{"an answer of AWS's API: " + read.error().message, true};
  return outside;
}

/// What makes no sense together; nothing where all is right.
std::optional<UsageError> wrong_choice(const Options& options) {
  const bool has_files = !options.config.empty();
  if (options.probe_lambda && (has_files || !options.report_file.empty()))
    return UsageError{"--probe lambda looks by itself, and --report and --config read files: choose one"};
  if (!options.probe_lambda && (options.keep || !options.binary.empty() || !options.lambda_role.empty()))
    return UsageError{"--binary, --lambda-role and --keep belong to --probe lambda"};
  if (has_files && !options.save_config.empty())
    return UsageError{"--save-config keeps what the API answers, and --config reads files: choose one"};
  if (has_files && (!options.service.empty() || !options.task.empty()))
    return UsageError{"--service and --task are read by the API, and --config reads files: choose one"};
  if (!has_files && options.report_file.empty() && !names_a_task(options))
    return UsageError{
        "doctor does not know whose configuration to read: write --report FILE, --cluster with --service or "
        "--task, --subnet-ids, or --config FILE"};
  return {};
}

Result<int> diagnose_task(const Surroundings& around, std::optional<Report> report,
                          const TakeDiagnosis& take) {
  const Options& options = around.options;
  auto outside = read_outside(around, report);
  if (!outside) return outside.error();
  const Configuration& configuration = outside.value().configuration;
  const bool measured = report.has_value();
  if (!measured) {
    const auto& access = outside.value().access;
    auto planned = plan_report(around, configuration, access ? access->region : "");
    if (!planned) return planned.error();
    report = std::move(planned.value());
  }
  SaidWho said;
  said.subnets = options.subnet_ids;
  if (!options.task_group.empty()) said.groups = {options.task_group};
  std::string wrong = wrong_id("--subnet-ids", said.subnets, configuration.subnets);
  if (wrong.empty()) wrong = wrong_id("--task-security-group", said.groups, configuration.groups);
  if (!wrong.empty()) return UsageError{wrong};
  if (options.probe_lambda)
    return diagnose_from_inside(
        around, *outside.value().access, configuration, *report,
        options.task_definition.empty() ? configuration.task_definition : options.task_definition, take);
  const Who who = find_who(configuration, report->context, said);
  Diagnosis diagnosis = reason(configuration, *report, who, measured);
  add_last_task(diagnosis, configuration, who.region);
  return take(diagnosis);
}

/// The functions get the task definition itself: its file is here, and can be read once.
Result<int> probe_from_inside(const Surroundings& around, const TakeDiagnosis& take) {
  Options options = around.options;
  std::string& definition = options.task_definition;
  if (!definition.empty() && !definition.starts_with('{')) {
    const auto text = read_input(definition, kLongestDocument, around.stop);
    if (!text) return about("--task-definition", definition, text.error().message);
    definition = text.value() + "\n";  // a line end makes it a text for whoever reads the options
  }
  return diagnose_task({options, around.environment, around.stop, around.more_roots}, {}, take);
}

/// What the doctor as a function needs to say what it found, and to know what it said.
std::vector<NarrowRight> rights_to_notify(const Options& options, const std::string& region) {
  std::vector<NarrowRight> rights;
  const Partition* found = find_partition(region);
  const std::string partition(found == nullptr ? "aws" : found->id);
  for (const Destination& destination : options.notify) {
    const DestinationKind& kind = kind_of(destination);
    rights.push_back({std::string(kind.action), kind.resource(partition, destination.target)});
  }
  if (rights.empty()) return rights;
  const std::string slash = options.state.starts_with('/') ? "" : "/";
  for (const char* action : {"ssm:GetParameter", "ssm:PutParameter"})
    rights.push_back({action, "arn:" + partition + ":ssm:*:*:parameter" + slash + options.state});
  return rights;
}

std::string policy_for(const Surroundings& around) {
  const Options& options = around.options;
  const std::string region = region_for_api(around, {});
  const auto more = rights_to_notify(options, region);
  return options.probe_lambda || options.clean_up ? probing_policy(region, more) : reading_policy(more);
}

/// Writes it in the format that is asked for; gives its exit code.
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

Result<int> diagnose_by_api(const Surroundings& around, const TakeDiagnosis& take) {
  if (auto wrong = wrong_choice(around.options)) return *wrong;
  return around.options.probe_lambda ? probe_from_inside(around, take) : diagnose_task(around, {}, take);
}

Result<int> doctor(const Surroundings& around) {
  const Options& options = around.options;
  if (options.print_policy) return write_output(options, policy_for(around));
  if (options.clean_up && options.probe_lambda)
    return UsageError{"--clean-up deletes, and --probe lambda makes: choose one"};
  if (options.clean_up) return clean_up(around);
  if (!options.notify.empty())
    return UsageError{
        "--notify is for the doctor as a Lambda function: set it there, with the handler \"doctor\""};
  auto wrong = options.print_commands ? std::optional<UsageError>() : wrong_choice(options);
  if (wrong) return *wrong;
  std::optional<Report> report;
  if (!options.report_file.empty()) {
    auto measured = read_measured(around);
    if (!measured) return measured.error();
    report = std::move(measured.value());
  }
  const TakeDiagnosis write = [&](const Diagnosis& diagnosis) { return write_diagnosis(around, diagnosis); };
  if (!options.print_commands && options.probe_lambda) return probe_from_inside(around, write);
  if (!options.print_commands) return diagnose_task(around, std::move(report), write);
  const auto script = script_for_reading(options, report);
  if (!script) return script.error();
  return write_output(options, script.value());
}

}  // namespace vpcprobe
