// An explanation as text and as one line of JSON.
#include "agent/render/explanation.h"

#include <array>

#include "agent/base/json_array.h"
#include "agent/base/redact.h"
#include "agent/explain/explain.h"
#include "agent/render/finding.h"
#include "version.h"

namespace vpcprobe {
namespace {

constexpr std::size_t kShownInText = 700;
constexpr std::size_t kShownInJson = 4096;

struct MessageLook {
  const char* utf8;
  const char* ascii;
  Tone tone;
};
constexpr std::array<MessageLook, 3> kLooks{
    {{"✗", "x", Tone::bad}, {"!", "!", Tone::careful}, {"?", "?", Tone::careful}}};

std::string joined(const std::vector<std::string>& words) {
  constexpr std::size_t most = 4;
  std::string text;
  for (std::size_t i = 0; i < words.size() && i < most; ++i) text += (i > 0 ? ", " : "") + words[i];
  if (words.size() > most) text += " and " + std::to_string(words.size() - most) + " more";
  return text;
}

void write_message(Page& page, const ExplainedMessage& message, const Style& style) {
  const MessageLook& look = kLooks.at(static_cast<std::size_t>(message.recognition));
  const std::string_view kind = message.recognition == Recognition::unknown ? "unknown"
                                : message.blame                             ? to_string(*message.blame)
                                                                            : "";
  page.titled(style.utf8 ? look.utf8 : look.ascii, look.tone, page.clean(message.meaning), std::string(kind));
  page.labelled("Text", page.clean(without_secrets(message.said.text, kShownInText)));
  if (!message.said.sources.empty()) {
    std::string where = joined(message.said.sources);
    if (message.said.exit_code) where += ", exit code " + std::to_string(*message.said.exit_code);
    page.labelled("From", page.clean(where));
  }
  if (!message.is_not.empty()) page.labelled("Not", page.clean(message.is_not));
  if (!message.next.empty()) page.labelled("Next", page.clean(message.next));
  if (message.recognition == Recognition::partly)
    page.labelled("Note", "not a known message of ECS: this is what its words mean in general");
  page.blank();
}

void write_host(JsonWriter& json, const NamedHost& host) {
  json.begin_object();
  json.field("host", host.host);
  json.field("port", int{host.port});
  json.field("asked", host.asked);
  json.field("aws", host.aws);
  json.field_or_null("service", host.service != nullptr ? host.service->id : std::string_view());
  json.field_or_null("partition", host.partition != nullptr ? host.partition->id : std::string_view());
  json.field_or_null("region", host.region);
  json.field_or_null("account", host.account);
  json.end_object();
}

void write_address(JsonWriter& json, const NamedAddress& address) {
  json.begin_object();
  json.field("address", address.address.to_string());
  json.key("port");
  if (address.port != 0) {
    json.value(int{address.port});
  } else {
    json.null();
  }
  json.field("role", to_string(address.role));
  json.field("scope", to_string(address.scope));
  json.field_or_null("owner", address.owner);
  json.end_object();
}

void write_denial(JsonWriter& json, const std::optional<Denial>& denial) {
  if (!denial) return json.null();
  json.begin_object();
  json.field_or_null("principal", denial->principal);
  json.field_or_null("action", denial->action);
  json.field_or_null("resource", denial->resource);
  json.field_or_null("policy", denial->policy);
  json.field("explicit", denial->explicit_deny);
  json.end_object();
}

void write_number(JsonWriter& json, std::string_view name, const std::optional<int>& number) {
  json.key(name);
  if (number) {
    json.value(*number);
  } else {
    json.null();
  }
}

void write_message(JsonWriter& json, const ExplainedMessage& message) {
  const MessageEvidence& read = message.evidence;
  json.begin_object();
  json.field("text", without_secrets(message.said.text, kShownInJson));
  json.field("sources", message.said.sources);
  write_number(json, "container_exit_code", message.said.exit_code);
  json.field("recognition", to_string(message.recognition));
  json.field_or_null("kind", message.blame ? to_string(*message.blame) : std::string_view());
  json.field("meaning", message.meaning);
  json.field_or_null("is_not", message.is_not);
  json.field_or_null("next", message.next);
  json.field_or_null("service", message.service != nullptr ? message.service->id : std::string_view());
  json.field_or_null("host", message.host);
  write_array(json, "codes", message.codes, [](JsonWriter& to, std::string_view code) { to.value(code); });
  write_array(json, "hosts", read.hosts, write_host);
  write_array(json, "addresses", read.addresses, write_address);
  write_array(json, "http_statuses", read.http_statuses,
              [](JsonWriter& to, int status) { to.value(status); });
  write_number(json, "attempts", read.attempts);
  json.field("arns", read.arns);
  json.key("denial");
  write_denial(json, read.denial);
  json.end_object();
}

}  // namespace

std::string explanation_text(const Explanation& explanation, const Style& style) {
  Page page(style);
  page.titled("", Tone::strong, page.clean("vpc-probe " VPC_PROBE_VERSION " · explain"),
              "exit " + std::to_string(explanation.exit_code));
  page.blank();
  if (explanation.messages.empty()) {
    page.titled("?", Tone::careful, page.clean(explanation.summary), "");
    page.blank();
  }
  for (const ExplainedMessage& message : explanation.messages) write_message(page, message, style);
  if (explanation.left_out > 0)
    page.raw("  " + counted(explanation.left_out, "more message", "more messages") + " not read\n\n");
  for (const Finding& finding : explanation.findings) write_error(page, finding, style);
  std::string text = std::move(page).finish();
  while (text.ends_with("\n\n")) text.pop_back();
  return text;
}

std::string explanation_json(const Explanation& explanation) {
  std::string line;
  JsonWriter json(line);
  json.begin_object();
  json.field("schema", "vpc-probe/explanation/1");
  json.field("version", VPC_PROBE_VERSION);
  json.field("exit_code", explanation.exit_code);
  json.field("summary", explanation.summary);
  write_array(json, "messages", explanation.messages,
              [](JsonWriter& to, const ExplainedMessage& message) { write_message(to, message); });
  json.field("left_out", static_cast<std::int64_t>(explanation.left_out));
  write_array(json, "findings", explanation.findings, write_finding);
  json.end_object();
  return line + '\n';
}

}  // namespace vpcprobe
