// agent/REFERENCE.md: verbs, options, sinks, codes and services, from the program's own tables.
#include <string>

#include "agent/cli/commands.h"
#include "agent/cli/option_table.h"
#include "agent/cli/tables.h"
#include "agent/delivery/sinks.h"

namespace vpcprobe {
namespace {

/// Text for a cell of a table.
std::string cell(std::string_view text) {
  std::string escaped;
  for (const char c : text) escaped += c == '|' ? "\\|" : std::string(1, c);
  return escaped;
}

std::string code(std::string_view text) { return text.empty() ? std::string() : "`" + cell(text) + "`"; }

std::string verbs_markdown() {
  std::string text = "| verb | what it does | formats | example |\n|---|---|---|---|\n";
  for (const Command& row : commands()) {
    const std::string words = row.words.empty() ? "" : " " + std::string(row.words);
    text += "| " + code(std::string(row.name) + words) + " | " + cell(row.summary) + " | " +
            format_list(row) + " | " + code(row.example) + " |\n";
  }
  return text;
}

std::string options_markdown() {
  std::string text;
  std::string_view group;
  for (const OptionRow& row : option_rows()) {
    if (row.group != group) {
      text.append("\n### ").append(row.group).append("\n\n| option | verbs | meaning |\n|---|---|---|\n");
    }
    group = row.group;
    text += "| " + code(flag_name(row.name) + (row.value.empty() ? "" : " ") + std::string(row.value)) +
            " | " + verb_names(row.verbs) + " | " + cell(row.help) + " |\n";
  }
  return text;
}

std::string sinks_markdown() {
  std::string text = "| sink | meaning |\n|---|---|\n";
  for (const SinkKind& row : sink_kinds()) text += "| " + code(row.form) + " | " + cell(row.help) + " |\n";
  return text;
}

}  // namespace

std::string reference_markdown() {
  return "# Reference\n\n"
         "Generated from the program's tables: `tests/reference` writes it again.\n\n"
         "## Verbs\n\n" +
         verbs_markdown() +
         "\n## Options\n\nEach is also a variable: `--vpc-cidr` is `VPC_PROBE_VPC_CIDR`; the command line "
         "wins. Lists take\n"
         "commas, or the option again. A time is `500ms`, `3s` or `5m`.\n" +
         options_markdown() + "\n## Sinks\n\n" + sinks_markdown() + "\n## Finding codes and exit codes\n\n" +
         codes_markdown() + "\n## Services\n\n" + services_markdown() +
         "\n## JSON\n\n"
         "| schema | described in |\n|---|---|\n"
         "| `vpc-probe/report/2` | [render/report.schema.json](render/report.schema.json) |\n"
         "| `vpc-probe/plan/1` | [render/plan.schema.json](render/plan.schema.json) |\n";
}

}  // namespace vpcprobe
