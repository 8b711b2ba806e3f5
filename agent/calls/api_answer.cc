#include "agent/calls/api_answer.h"

#include <algorithm>
#include <array>

#include "agent/base/bounded_json.h"
#include "agent/base/http_status.h"
#include "agent/base/printable.h"
#include "agent/base/redact.h"
#include "agent/base/text_search.h"
#include "probes/answer.h"

namespace vpcprobe {
namespace {

constexpr std::size_t kLongestAnswer = 64 * 1024;
constexpr std::size_t kLongestWord = 128;
constexpr std::size_t kLongestMessage = 1024;

using Json = nlohmann::json;

std::string first_text(const Json& object, std::initializer_list<const char*> keys) {
  for (const char* key : keys) {
    const auto found = object.find(key);
    if (found != object.end() && found->is_string()) return found->get<std::string>();
  }
  return {};
}

/// "com.amazon.coral.service#AccessDeniedException" and "AccessDeniedException:http://…" without what is
/// around the name.
std::string bare_type(std::string_view type) {
  type = type.substr(0, type.find(':'));
  const std::size_t hash = type.rfind('#');
  return std::string(hash == std::string_view::npos ? type : type.substr(hash + 1));
}

/// Text of the first element of this name, the five entities of XML read. None of AWS's errors nests them.
std::string element(std::string_view xml, const std::string& name) {
  const std::size_t open = xml.find("<" + name + ">");
  if (open == std::string_view::npos) return {};
  xml.remove_prefix(open + name.size() + 2);
  xml = xml.substr(0, xml.find('<'));
  constexpr std::array<std::pair<std::string_view, char>, 5> entities{
      {{"&lt;", '<'}, {"&gt;", '>'}, {"&quot;", '"'}, {"&apos;", '\''}, {"&amp;", '&'}}};
  std::string text;
  while (!xml.empty()) {
    const auto entity = std::find_if(entities.begin(), entities.end(),
                                     [&](const auto& row) { return xml.starts_with(row.first); });
    text += entity == entities.end() ? xml.front() : entity->second;
    xml.remove_prefix(entity == entities.end() ? 1 : entity->first.size());
  }
  return text;
}

std::string without_keys(std::string text, const AwsKeys& keys) {
  for (const std::string* secret : {&keys.session_token, &keys.secret_access_key, &keys.access_key_id})
    text = without(std::move(text), *secret);
  return text;
}

std::string one_word(std::string_view text, const AwsKeys& keys) {
  const std::string word = without_keys(std::string(text.substr(0, text.find_first_of(" \t\r\n"))), keys);
  return printable(word.substr(0, kLongestWord), false);
}

/// AWS explains a wrong signature with the whole request it should have been, session token included.
std::string safe_message(const std::string& message, const AwsKeys& keys) {
  const std::string text = without_keys(message.substr(0, message.find("The Canonical String")), keys);
  return safe_line(on_one_line(text), kLongestMessage);
}

std::optional<std::chrono::seconds> clock_offset_of(const HttpReply& reply) {
  const auto date = parse_http_date(header_of(reply, "Date"));
  if (!date) return std::nullopt;
  return std::chrono::round<std::chrono::seconds>(*date - std::chrono::system_clock::now());
}

std::string request_id_of(const HttpReply& reply, const AwsKeys& keys) {
  for (const char* name : {"x-amzn-RequestId", "x-amz-request-id"}) {
    if (const std::string_view id = header_of(reply, name); !id.empty()) return one_word(id, keys);
  }
  return {};
}

bool holds_items(const Json& document, std::string_view member) {
  if (member.empty() || !document.is_object()) return false;
  const auto found = document.find(member);
  return found != document.end() && found->is_array() && !found->empty();
}

Presence presence_of(const ApiCall& row, std::string_view body, const std::string& message) {
  const std::string lower = lower_case(message);
  const auto says = [&](std::string_view words) {
    return !words.empty() && lower.find(words) != std::string::npos;
  };
  if (says(row.there)) return Presence::there;
  if (std::any_of(row.missing.begin(), row.missing.end(), says)) return Presence::missing;
  if (row.missing_list.empty()) return Presence::unknown;
  const auto document = parse_bounded_json(body, kLongestAnswer);
  if (!document) return Presence::unknown;
  if (holds_items(document.value(), row.missing_list)) return Presence::missing;
  return holds_items(document.value(), row.there_list) ? Presence::there : Presence::unknown;
}

CallStatus status_of(const HttpReply& reply) {
  struct Row {
    HttpFailure failure;
    CallStatus status;
  };
  static constexpr std::array rows{
      Row{HttpFailure::none, CallStatus::answered}, Row{HttpFailure::timeout, CallStatus::timeout},
      Row{HttpFailure::too_long, CallStatus::too_long}, Row{HttpFailure::interrupted, CallStatus::cancelled}};
  const auto row =
      std::find_if(rows.begin(), rows.end(), [&](const Row& r) { return r.failure == reply.failure; });
  return row == rows.end() ? CallStatus::failed : row->status;
}

}  // namespace

ApiError read_api_error(std::string_view type_header, std::string_view body) {
  ApiError error;
  body = body.substr(0, kLongestAnswer);
  const std::size_t first = body.find_first_not_of(" \t\r\n");
  if (first != std::string_view::npos && body[first] == '<') {
    error.type = element(body, "Code");
    error.message = element(body, "Message");
  } else if (const auto document = parse_bounded_json(body, kLongestAnswer);
             document && document.value().is_object()) {
    error.type = bare_type(first_text(document.value(), {"__type", "code", "Code"}));
    error.message = first_text(document.value(), {"message", "Message", "errorMessage"});
  }
  if (!type_header.empty()) error.type = bare_type(type_header);
  return error;
}

ApiError safe_to_show(const ApiError& error, const AwsKeys& keys) {
  return {one_word(error.type, keys), safe_message(error.message, keys)};
}

CallObservation read_call_reply(const HttpReply& reply, const PlannedCall& call, const AwsKeys& keys) {
  CallObservation seen;
  seen.operation = call.operation->action;
  seen.object = call.object;
  if (call.request.peer) seen.peer = *call.request.peer;
  seen.status = status_of(reply);
  seen.elapsed = reply.elapsed;
  seen.code = static_cast<int>(reply.status);
  if (seen.status != CallStatus::answered) return seen;
  seen.request_id = request_id_of(reply, keys);
  seen.clock_offset = clock_offset_of(reply);
  const bool done = reply.status >= http_status::ok && reply.status < http_status::first_redirect;
  std::string message;
  if (!done) {
    const ApiError error = read_api_error(header_of(reply, "x-amzn-ErrorType"), reply.body);
    message = error.message;
    ApiError shown = safe_to_show(error, keys);
    seen.error = std::move(shown.type);
    seen.message = std::move(shown.message);
  }
  const auto& proves = call.operation->proves;
  const bool proven =
      !seen.error.empty() && std::find(proves.begin(), proves.end(), seen.error) != proves.end();
  // An answer without an AWS request id is not from AWS and proves nothing.
  seen.allowed = !seen.request_id.empty() && (done || proven);
  if (seen.allowed && !seen.object.empty()) seen.presence = presence_of(*call.operation, reply.body, message);
  return seen;
}

}  // namespace vpcprobe
