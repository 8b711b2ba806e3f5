#include "agent/cli/commands.h"

#include <algorithm>
#include <array>

#include "agent/base/joined.h"
#include "agent/cli/plan.h"
#include "agent/cli/rounds.h"
#include "agent/cli/tables.h"
#include "agent/cli/verbs.h"
#include "agent/delivery/console.h"
#include "agent/delivery/sinks.h"

namespace vpcprobe {
namespace {

Result<int> run(const Surroundings& around) {
  const auto until = std::chrono::steady_clock::now() + around.options.deadline;
  Sinks sinks(around);
  ProgressLine line(around);
  auto report = Rounds(around, line).next(sinks.for_probing(around.options.deadline));
  line.hide();
  if (!report) return report.error();
  sinks.take(report.value(), Occasion::told, until);
  return report.value().exit_code;
}

/// A table of the program's own: as text unless JSON is asked for.
Result<int> print_table(const Surroundings& around, std::string (*table)(const Options&, const Style&)) {
  return write_output(around.options, table(around.options, style_of(around)));
}

Result<int> codes(const Surroundings& around) {
  return print_table(
      around, [](const Options& options, const Style& style) { return codes_text(options.format, style); });
}

Result<int> list_services(const Surroundings& around) {
  return print_table(around, [](const Options& options, const Style& style) {
    return services_text(options.format, options.region, style);
  });
}

constexpr FormatSet kOfTables{Format::text, Format::json};

constexpr std::array kCommands = std::to_array<Command>({
    {.verb = Verb::run,
     .name = "run",
     .summary = "find what the task needs, probe it once, report (the default)",
     .run = run,
     .formats = kReportFormats,
     .example = "vpc-probe run --region eu-west-1 --also ssm,kms --format text"},
    {.verb = Verb::wait,
     .name = "wait",
     .summary = "probe until it passes or --for is over; report every change",
     .run = wait_until_pass,
     .formats = kReportFormats,
     .example = "vpc-probe wait --for 100s --strict"},
    {.verb = Verb::watch,
     .name = "watch",
     .summary = "a canary: probe until a signal",
     .run = watch,
     .formats = kReportFormats,
     .example = "vpc-probe watch --every 60s --report changes"},
    {.verb = Verb::health,
     .name = "health",
     .summary = "for a container health check: 0 while its watch passes",
     .run = health,
     .formats = kOfTables,
     .example = "vpc-probe health"},
    {.verb = Verb::doctor,
     .name = "doctor",
     .summary = "the rule or route at fault in the VPC, and its fix",
     .run = doctor,
     .formats = {Format::text, Format::json, Format::html},
     .example = "vpc-probe doctor --report report.json --config vpc.json"},
    {.verb = Verb::plan,
     .name = "plan",
     .summary = "what the task needs, and the code that creates it; no packet",
     .run = plan_command,
     .formats = {Format::text, Format::json, Format::markdown, Format::aws_cli, Format::terraform,
                 Format::cloudformation},
     .example = "vpc-probe plan --task-definition task-definition.json --format terraform"},
    {.verb = Verb::explain,
     .name = "explain",
     .summary = "what a stopped task's message means; offline",
     .run = explain_messages,
     .formats = kOfTables,
     .words = "[TEXT]",
     .example = "aws ecs describe-tasks --cluster main --tasks <task-id> | vpc-probe explain"},
    {.verb = Verb::show,
     .name = "show",
     .summary = "a saved report again; several, or diagnoses, as a matrix",
     .run = show,
     .formats = kReportFormats,
     .words = "[REPORT...]",
     .example = "vpc-probe show report.json --format html --output report.html"},
    {.verb = Verb::services,
     .name = "services",
     .summary = "every service it knows",
     .run = list_services,
     .formats = kOfTables,
     .example = "vpc-probe services --region cn-north-1"},
    {.verb = Verb::codes,
     .name = "codes",
     .summary = "every finding code with its exit code",
     .run = codes,
     .formats = kOfTables,
     .example = "vpc-probe codes"},
    {.verb = Verb::completion,
     .name = "completion",
     .summary = "a completion script for a shell",
     .run = completion,
     .formats = {},
     .words = "bash|zsh|fish",
     .example = "vpc-probe completion bash > /etc/bash_completion.d/vpc-probe"},
    {.verb = Verb::manual,
     .name = "manual",
     .summary = "the man page",
     .run = manual,
     .formats = {},
     .example = "vpc-probe manual | man -l -"},
});

}  // namespace

std::span<const Command> commands() { return kCommands; }

std::string verb_names(VerbSet verbs) {
  std::string names;
  for (const Command& row : kCommands) {
    if (verbs.holds(row.verb)) names.append(names.empty() ? "" : ", ").append(row.name);
  }
  return names;
}

std::string format_list(const Command& command) { return joined(names_of(command.formats), ", "); }

const Command* find_command(std::string_view name) {
  const auto found =
      std::find_if(kCommands.begin(), kCommands.end(), [&](const Command& row) { return row.name == name; });
  return found == kCommands.end() ? nullptr : &*found;
}

}  // namespace vpcprobe
