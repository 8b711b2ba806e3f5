#include "agent/render/finding.h"

#include <array>

namespace vpcprobe {
namespace {

struct SeverityLook {
  const char* utf8;
  const char* ascii;
  Tone tone;
};
constexpr std::array<SeverityLook, 3> kSeverities{
    {{"·", "-", Tone::faint}, {"!", "!", Tone::careful}, {"✗", "x", Tone::bad}}};

void write_title(Page& page, const Finding& finding, const Style& style) {
  const SeverityLook& look = kSeverities.at(static_cast<std::size_t>(finding.severity));
  page.titled(style.utf8 ? look.utf8 : look.ascii, look.tone, page.clean(finding.title),
              page.clean(finding.code));
}

void write_causes(Page& page, const Finding& finding) {
  const bool numbered = finding.causes.size() > 1;
  for (std::size_t i = 0; i < finding.causes.size(); ++i) {
    const std::string number = numbered ? std::to_string(i + 1) + ". " : "";
    page.labelled(i == 0 ? "Cause" : "", number + page.clean(finding.causes[i].text), number.size());
  }
}

void write_fixes(Page& page, const Finding& finding, bool is_check, std::size_t most) {
  for (const Fix& fix : finding.fix) {
    if (fix.is_check != is_check || most == 0) continue;
    --most;
    std::string_view label = is_check ? "Check" : "Fix";
    if (!fix.text.empty()) {
      page.labelled(label, page.clean(fix.text));
      label = "";
    }
    if (!fix.command.empty()) page.command(label, page.clean(fix.command));
  }
}

void write_commands(JsonWriter& json, std::string_view key, const Finding& finding, bool is_check) {
  json.key(key);
  json.begin_array();
  for (const Fix& fix : finding.fix) {
    if (fix.is_check != is_check) continue;
    json.begin_object();
    json.field("text", fix.text);
    json.field("command", fix.command);
    json.end_object();
  }
  json.end_array();
}

}  // namespace

void write_finding(JsonWriter& json, const Finding& finding) {
  json.begin_object();
  json.field("code", finding.code);
  json.field("stage", finding.stage);
  json.field("severity", to_string(finding.severity));
  json.field_or_null("endpoint", finding.endpoint);
  json.field("covers", finding.covers);
  json.field("addresses", finding.addresses);
  json.field("title", finding.title);
  json.field("observed", finding.observed);
  json.key("evidence");
  json.begin_object();
  for (const Evidence& evidence : finding.evidence) {
    json.key(evidence.key);
    std::visit([&json](const auto& value) { json.value(value); }, evidence.value);
  }
  json.end_object();
  json.key("causes");
  json.begin_array();
  for (const Cause& cause : finding.causes) {
    json.begin_object();
    json.field("id", cause.id);
    json.field("text", cause.text);
    json.end_object();
  }
  json.end_array();
  write_commands(json, "checks", finding, true);
  write_commands(json, "fixes", finding, false);
  json.field("ecs_errors", finding.ecs_errors);
  json.field_or_null("masked_by", finding.masked_by);
  json.end_object();
}

void write_error(Page& page, const Finding& finding, const Style& style) {
  write_title(page, finding, style);
  if (!finding.observed.empty()) page.labelled("Seen", page.clean(finding.observed));
  write_causes(page, finding);
  for (std::size_t i = 0; i < finding.ecs_errors.size(); ++i) {
    page.labelled(i == 0 ? "ECS says" : "", page.clean(finding.ecs_errors[i]), 2);
  }
  write_fixes(page, finding, true, finding.fix.size());
  write_fixes(page, finding, false, finding.fix.size());
  page.blank();
}

void write_warning(Page& page, const Finding& finding, const Style& style) {
  write_title(page, finding, style);
  if (!finding.observed.empty()) page.labelled("Seen", page.clean(finding.observed));
  if (!finding.causes.empty()) page.labelled("Cause", page.clean(finding.causes.front().text));
  write_fixes(page, finding, false, 1);
  page.blank();
}

void write_note(Page& page, const Finding& finding, const Style& style) { write_title(page, finding, style); }

}  // namespace vpcprobe
