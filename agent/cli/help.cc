// The text of `--help`, made from the tables of commands and options.
#include "agent/cli/commands.h"
#include "agent/cli/option_table.h"
#include "agent/cli/tables.h"
#include "agent/delivery/sinks.h"

namespace vpcprobe {
namespace {

constexpr std::size_t kColumn = 30;

std::string line_of(std::string left, std::string_view right) {
  left.insert(0, "  ");
  left.resize(left.size() < kColumn ? kColumn : left.size() + 1, ' ');
  return left.append(right).append("\n");
}

}  // namespace

std::string help_text() {
  std::string text =
      "Which of the things a task needs can it not reach from this subnet, why, and what to change.\n\n"
      "  vpc-probe [COMMAND] [OPTION...]\n\nCommands\n";
  for (const Command& row : commands()) {
    const std::string words = row.words.empty() ? "" : " " + std::string(row.words);
    text += line_of(std::string(row.name) + words, row.summary);
  }
  std::string_view group;
  for (const OptionRow& row : option_rows()) {
    if (row.group != group) {
      group = row.group;
      text.append("\n").append(group).append("\n");
    }
    std::string left = "--" + std::string(row.name);
    if (!row.value.empty()) left.append(" ").append(row.value);
    text += line_of(std::move(left), row.help);
  }
  text += line_of("--help, --version", "print this, or the version");
  text += "\nSinks\n";
  for (const SinkKind& row : sink_kinds()) text += line_of(std::string(row.form), row.help);
  return text +
         "\nEvery option is also a variable: --vpc-cidr is VPC_PROBE_VPC_CIDR; the command line wins.\n"
         "Lists take commas, or the option again. A time is 500ms, 3s or 5m.\n"
         "In Lambda (the program as `bootstrap`) the event holds options: {\"also\": [\"ssm\"], \"strict\": "
         "true}.\n\n"
         "Exit code\n" +
         exit_codes_text();
}

}  // namespace vpcprobe
