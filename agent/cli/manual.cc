// The man page, from the tables of verbs, options, sinks and codes; roff as man(7) says.
#include <string>

#include "agent/base/exit_codes.h"
#include "agent/cli/option_table.h"
#include "agent/cli/verbs.h"
#include "agent/delivery/console.h"
#include "agent/delivery/sinks.h"
#include "agent/diagnosis/rules.h"
#include "version.h"

namespace vpcprobe {
namespace {

/// Text as roff takes it: no control line, no escape.
std::string roff(std::string_view text) {
  std::string escaped;
  for (const char c : text) {
    if (c == '\\') {
      escaped += "\\e";
    } else if (c == '-') {
      escaped += "\\-";
    } else if (escaped.empty() && (c == '.' || c == '\'')) {
      escaped.append("\\&").push_back(c);
    } else {
      escaped += c;
    }
  }
  return escaped;
}

std::string entry(std::string_view term, std::string_view value, std::string_view text) {
  std::string lines = ".TP\n\\fB" + roff(term) + "\\fR";
  if (!value.empty()) lines += " \\fI" + roff(value) + "\\fR";
  return lines + "\n" + roff(text) + "\n";
}

std::string options_section() {
  std::string text;
  std::string_view group;
  for (const OptionRow& row : option_rows()) {
    if (row.group != group) text += ".SS \"" + roff(row.group) + "\"\n";
    group = row.group;
    const std::string help(row.help);
    text += entry(flag_name(row.name), row.value,
                  help + ". " + variable_name(row.name) + "; for " + verb_names(row.verbs) + ".");
  }
  return text;
}

}  // namespace

Result<int> manual(const Surroundings& around) {
  std::string text =
      ".TH VPC\\-PROBE 1 \"\" \"vpc\\-probe " + roff(VPC_PROBE_VERSION) +
      "\" \"\"\n.SH NAME\nvpc\\-probe \\- finds what an ECS task cannot reach from its subnet\n"
      ".SH SYNOPSIS\n.B vpc\\-probe\n[\\fIVERB\\fR] [\\fIOPTION\\fR...]\n.SH VERBS\n";
  for (const Command& row : commands()) {
    const std::string formats = format_list(row);
    text += entry(row.name, row.words,
                  std::string(row.summary) + (formats.empty() ? "" : ". Formats: " + formats + "."));
  }
  text +=
      ".SH OPTIONS\nEach is also a variable; the command line wins. Lists take commas, or the option "
      "again.\n";
  text += options_section() + ".SH SINKS\n";
  for (const SinkKind& row : sink_kinds()) text += entry(row.form, "", row.help);
  text += ".SH EXIT STATUS\n";
  for (const ExitCode& row : kExitCodes) text += entry(std::to_string(row.code), "", row.meaning);
  text += entry("NM", "",
                "an error: N is the earliest stage that fails, M says where; vpc-probe codes lists both");
  text += ".SH FINDINGS\n";
  for (const Rule& rule : rules()) text += entry(rule.code, "", rule.meaning);
  text += ".SH EXAMPLES\n.nf\n";
  for (const Command& row : commands()) text += roff(row.example) + "\n";
  return write_output(around.options, text + ".fi\n");
}

}  // namespace vpcprobe
