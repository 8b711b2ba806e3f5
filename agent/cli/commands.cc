#include "agent/cli/commands.h"

#include <algorithm>
#include <array>

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
  auto report = Rounds(around).next(sinks.for_probing(around.options.deadline));
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

constexpr std::array kCommands{
    Command{"run", "find out what the task needs, probe it once, report (default)", run},
    Command{"wait", "repeat until it passes or --for is over; reports every change", wait_until_pass},
    Command{"watch", "repeat for ever; a canary", watch},
    Command{"health", "for a container's health check: 0 while its watch is alive and passes", health},
    Command{"plan", "what the task needs and why, and the code that makes it", plan_command, true},
    Command{"explain", "what a message of a stopped task means: a text, or JSON on stdin", explain_messages,
            false, "[TEXT]"},
    Command{"doctor", "the rule or route at fault in the VPC, and its fix", doctor},
    Command{"show", "saved reports again, as text, JSON or HTML; several as a matrix", show, false,
            "[REPORT...]"},
    Command{"services", "every service it knows", list_services},
    Command{"codes", "every finding code with its exit code", codes},
};

}  // namespace

std::span<const Command> commands() { return kCommands; }

const Command* find_command(std::string_view name) {
  const auto found =
      std::find_if(kCommands.begin(), kCommands.end(), [&](const Command& row) { return row.name == name; });
  return found == kCommands.end() ? nullptr : found;
}

}  // namespace vpcprobe
