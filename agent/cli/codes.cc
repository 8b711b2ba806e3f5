#include <algorithm>
#include <array>
#include <vector>

#include "agent/aws/catalog.h"
#include "agent/base/exit_codes.h"
#include "agent/base/json_array.h"
#include "agent/base/printable.h"
#include "agent/base/text_layout.h"
#include "agent/cli/tables.h"
#include "agent/diagnosis/rules.h"

namespace vpcprobe {
namespace {

// The contract's section 5.
constexpr std::array<const char*, 7> kStages{"none", "name",       "connect", "TLS",
                                             "HTTP", "permission", "object"};

struct Unit {
  int digit;
  std::string where;
};

/// The units digit: task-wide, the services that have their own, and the rest.
std::vector<Unit> units() {
  std::vector<Unit> all{{kUnitTaskWide, "the whole task"}};
  for (int digit = 1; digit < kUnitOtherService; ++digit) {
    for (const Service& service : services()) {
      if (service.exit_unit == digit) all.push_back({digit, std::string(service.id)});
    }
  }
  all.push_back({kUnitOtherService, "any other service"});
  all.push_back({kUnitCustom, "a custom --target"});
  all.push_back({kUnitSeveral, "several"});
  return all;
}

/// "20" for a task-wide error, "2x" for one of an endpoint, empty for what alone never fails a run.
std::string exit_text(const Rule& rule) {
  if (rule.severity != Severity::error) return {};
  return std::to_string(rule.stage) + (rule.task_wide ? "0" : "x");
}

/// In the order of stages, those of none last; within a stage as the rules stand.
std::vector<const Rule*> rows() {
  std::vector<const Rule*> all;
  for (const Rule& rule : rules()) all.push_back(&rule);
  const auto rank = [](const Rule* rule) {
    return rule->stage == 0 ? static_cast<int>(kStages.size()) : rule->stage;
  };
  std::stable_sort(all.begin(), all.end(),
                   [rank](const Rule* left, const Rule* right) { return rank(left) < rank(right); });
  return all;
}

std::string stage_title(int stage) {
  const std::string name = kStages.at(static_cast<std::size_t>(stage));
  return stage == 0 ? "resilience and notes" : std::to_string(stage) + ' ' + name;
}

/// `left` in its column, `right` wrapped beside it.
void add_row(std::string& text, const std::string& left, std::size_t column, std::string_view right) {
  const std::vector<std::string> lines = wrap(right, kPageColumns - column);
  for (std::size_t i = 0; i < lines.size(); ++i) {
    text += pad(i == 0 ? left : std::string(), column) + lines[i] + '\n';
  }
}

}  // namespace

std::string exit_codes_text() {
  std::string text;
  for (const ExitCode& row : kExitCodes) add_row(text, "  " + std::to_string(row.code), 6, row.meaning);
  add_row(text, "  NM", 6, "an error: N is the earliest stage that fails, M says where; 23: TCP to S3 fails");
  std::string stages;
  for (std::size_t stage = 1; stage < kStages.size(); ++stage) {
    stages += (stage > 1 ? ", " : "") + std::to_string(stage) + ' ' + kStages[stage];
  }
  add_row(text, "      N", 9, stages);
  std::string where;
  for (const Unit& unit : units()) {
    where += (unit.digit > 0 ? ", " : "") + std::to_string(unit.digit) + ' ' + unit.where;
  }
  add_row(text, "      M", 9, where);
  return text;
}

namespace {

std::string codes_as_text(const Style& style) {
  constexpr std::size_t code_width = 30;
  constexpr std::size_t severity_width = 9;
  constexpr std::size_t exit_width = 4;
  std::string text;
  int stage = -1;
  for (const Rule* rule : rows()) {
    if (rule->stage != stage) {
      text += (text.empty() ? "" : "\n") + paint(stage_title(rule->stage), Tone::strong, style) + '\n';
    }
    stage = rule->stage;
    add_row(text,
            "  " + pad(rule->code, code_width) + pad(to_string(rule->severity), severity_width) +
                pad(exit_text(*rule), exit_width),
            2 + code_width + severity_width + exit_width, printable(rule->meaning, style.utf8));
  }
  return text + '\n' + paint("exit codes", Tone::strong, style) + '\n' + exit_codes_text();
}

void write_rule(JsonWriter& json, const Rule& rule) {
  json.begin_object();
  json.field("code", rule.code);
  json.field("stage", rule.stage);
  json.field("severity", to_string(rule.severity));
  json.field("task_wide", rule.task_wide);
  json.field_or_null("exit_code", exit_text(rule));
  json.field("meaning", rule.meaning);
  json.key("masked_by");
  json.begin_array();
  for (const char* root : rule.masked_by) {
    if (root != nullptr) json.value(root);
  }
  json.end_array();
  json.end_object();
}

void write_pair(JsonWriter& json, std::string_view key, int number, std::string_view name,
                std::string_view text) {
  json.begin_object();
  json.field(key, number);
  json.field(name, text);
  json.end_object();
}

std::string codes_as_json() {
  std::string line;
  JsonWriter json(line);
  json.begin_object();
  json.field("schema", "vpc-probe/codes/1");
  write_array(json, "codes", rows(), [](JsonWriter& to, const Rule* rule) { write_rule(to, *rule); });
  write_array(json, "exit_codes", kExitCodes, [](JsonWriter& to, const ExitCode& row) {
    write_pair(to, "code", row.code, "meaning", row.meaning);
  });
  int stage = 0;
  write_array(json, "tens", kStages,
              [&](JsonWriter& to, const char* name) { write_pair(to, "digit", stage++, "stage", name); });
  write_array(json, "units", units(), [](JsonWriter& to, const Unit& unit) {
    write_pair(to, "digit", unit.digit, "where", unit.where);
  });
  json.end_object();
  return line + '\n';
}

}  // namespace

std::string codes_text(Format format, const Style& style) {
  return format == Format::json ? codes_as_json() : codes_as_text(style);
}

std::string codes_markdown() {
  std::string text = "| code | severity | exit | meaning |\n|---|---|---|---|\n";
  for (const Rule* rule : rows()) {
    const std::string exit = exit_text(*rule);
    text += "| `" + std::string(rule->code) + "` | " + std::string(to_string(rule->severity)) + " | " +
            (exit.empty() ? "" : '`' + exit + '`') + " | " + rule->meaning + " |\n";
  }
  text += "\n| exit code | meaning |\n|---|---|\n";
  for (const ExitCode& row : kExitCodes) {
    text += "| `" + std::to_string(row.code) + "` | " + std::string(row.meaning) + " |\n";
  }
  text += "\n| tens: the earliest stage that fails | units: where |\n|---|---|\n";
  const std::vector<Unit> where = units();
  for (std::size_t i = 0; i < where.size(); ++i) {
    const std::size_t stage = i + 1;
    text += stage < kStages.size() ? "| `" + std::to_string(stage) + "` " + kStages[stage] : "|";
    text += " | `" + std::to_string(where[i].digit) + "` " + where[i].where + " |\n";
  }
  return text;
}

}  // namespace vpcprobe
