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
    page.labelled(i == 0 ? "means" : "", number + page.clean(finding.causes[i]), number.size());
  }
}

void write_fixes(Page& page, const Finding& finding, bool tells, std::size_t most) {
  for (const Fix& fix : finding.fix) {
    if (fix.tells != tells || most == 0) continue;
    --most;
    std::string_view label = tells ? "tell" : "mend";
    if (!fix.text.empty()) {
      page.labelled(label, page.clean(fix.text));
      label = "";
    }
    if (!fix.command.empty()) page.command(label, page.clean(fix.command));
  }
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
  json.field("saw", finding.saw);
  json.key("evidence");
  json.begin_object();
  for (const Evidence& evidence : finding.evidence) {
    json.key(evidence.key);
    std::visit([&json](const auto& value) { json.value(value); }, evidence.value);
  }
  json.end_object();
  json.field("causes", finding.causes);
  json.key("fix");
  json.begin_array();
  for (const Fix& fix : finding.fix) {
    json.begin_object();
    json.field("text", fix.text);
    json.field("command", fix.command);
    json.field("tells", fix.tells);
    json.end_object();
  }
  json.end_array();
  json.field("ecs_errors", finding.ecs_errors);
  json.field_or_null("masked_by", finding.masked_by);
  json.end_object();
}

void write_error(Page& page, const Finding& finding, const Style& style) {
  write_title(page, finding, style);
  if (!finding.saw.empty()) page.labelled("saw", page.clean(finding.saw));
  write_causes(page, finding);
  for (std::size_t i = 0; i < finding.ecs_errors.size(); ++i) {
    page.labelled(i == 0 ? "ECS" : "", page.clean(finding.ecs_errors[i]), 2);
  }
  write_fixes(page, finding, true, finding.fix.size());
  write_fixes(page, finding, false, finding.fix.size());
  page.blank();
}

void write_warning(Page& page, const Finding& finding, const Style& style) {
  write_title(page, finding, style);
  if (!finding.saw.empty()) page.labelled("saw", page.clean(finding.saw));
  if (!finding.causes.empty()) page.labelled("means", page.clean(finding.causes.front()));
  write_fixes(page, finding, false, 1);
  page.blank();
}

void write_note(Page& page, const Finding& finding, const Style& style) { write_title(page, finding, style); }

}  // namespace vpcprobe
