#include "agent/cli/help.h"

#include "agent/cli/option_table.h"
#include "agent/cli/tables.h"
#include "agent/delivery/sinks.h"

namespace vpcprobe {
namespace {

constexpr std::size_t kVerbColumn = 16;
constexpr std::size_t kOptionColumn = 32;

std::string line_of(std::string left, std::string_view right, std::size_t column) {
  left.insert(0, "  ");
  left.resize(left.size() < column ? column : left.size() + 1, ' ');
  return left.append(right).append("\n");
}

std::string option_lines(const Command& command) {
  std::string text;
  std::string_view group;
  for (const OptionRow& row : option_rows()) {
    if (!row.verbs.holds(command.verb)) continue;
    if (row.group != group) text.append("\n").append(row.group).append("\n");
    group = row.group;
    text += line_of(flag_name(row.name) + (row.value.empty() ? "" : " ") + std::string(row.value), row.help,
                    kOptionColumn);
  }
  return text;
}

}  // namespace

std::string help_text() {
  std::string text =
      "Finds what an ECS task cannot reach from its subnet, why, and how to fix it.\n\n"
      "  vpc-probe [VERB] [OPTION...]\n\n";
  for (const Command& row : commands()) text += line_of(std::string(row.name), row.summary, kVerbColumn);
  return text +
         "\n  vpc-probe VERB --help    its options, with an example\n"
         "  vpc-probe --version\n\n"
         "Every option is also a variable: --vpc-cidr is VPC_PROBE_VPC_CIDR.\n"
         "Exit code: 0 pass, 2 wrong usage, 3 incomplete; else two digits, 23 is \"TCP to\n"
         "S3 fails\" (vpc-probe codes).\n";
}

std::string help_text(const Command& command) {
  std::string text = "vpc-probe " + std::string(command.name) + ": " + std::string(command.summary) + "\n\n";
  text += "  vpc-probe " + std::string(command.name) + (command.words.empty() ? "" : " ") +
          std::string(command.words) + " [OPTION...]\n";
  text.append("\nExample\n  ").append(command.example).append("\n");
  text += option_lines(command);
  if (find_option("sink")->verbs.holds(command.verb)) {
    text += "\nSinks\n";
    for (const SinkKind& row : sink_kinds()) text += line_of(std::string(row.form), row.help, kOptionColumn);
  }
  if (const std::string formats = format_list(command); !formats.empty())
    text.append("\nFormats\n  ").append(formats).append("\n");
  return text +
         "\nThe command line wins over variables (--vpc-cidr is VPC_PROBE_VPC_CIDR). Lists take commas, or "
         "the\n"
         "option again. A time is 500ms, 3s or 5m.\n";
}

}  // namespace vpcprobe
