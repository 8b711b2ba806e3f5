#include "agent/explain/reading.h"

#include <algorithm>

#include "agent/base/text_search.h"

namespace vpcprobe {
namespace {

std::vector<std::string_view> named(const std::array<const char*, 2>& codes) {
  std::vector<std::string_view> all;
  for (const char* code : codes) {
    if (code != nullptr) all.emplace_back(code);
  }
  return all;
}

bool contains_any(std::string_view text, std::initializer_list<std::string_view> words) {
  return std::any_of(words.begin(), words.end(),
                     [text](std::string_view word) { return text.find(word) != std::string_view::npos; });
}

/// "context canceled", "signal: killed": any program writes that, and nothing in the text says that it waited
/// for the network.
bool says_too_little(const std::string& lower, const Reading& reading, const ExplainSubject& subject) {
  return reading.bare() && reading.silent() && !subject.known() &&
         !contains_any(lower, {"timeout", "timed out", "timedout", "dial ", "endpoint url", "statuscode: 0",
                               "send request failed"});
}

/// A denial or a rate limit of AWS, not of any other server.
bool is_by_aws(const std::string& lower, const ExplainSubject& subject) {
  return subject.service != nullptr ||
         contains_any(lower, {"accessdenied", "unauthorizedoperation", "not authorized to perform",
                              "throttling", "rate exceeded", "limitexceeded", "arn:aws", "amazonaws"});
}

/// A denial or a rate limit in words that any server uses.
bool is_general_answer(const EcsEnding* ending) {
  if (ending == nullptr) return false;
  const auto codes = named(ending->codes);
  return ending->blame == Blame::limit || (!codes.empty() && codes.front() == "denied-unspecified");
}

/// The SDKs call STS for credentials; its name stands in the text even if its host does not.
bool called_aws(const std::string& lower, const MessageEvidence& evidence) {
  const NamedHost* host = asked_host(evidence);
  return (host != nullptr && host->asked && host->aws) || contains_any(lower, {"operation error sts:"});
}

Ends ends_of(const std::string& lower, const MessageEvidence& evidence) {
  const EcsEnding* ending = find_ending(lower, {.aws = called_aws(lower, evidence)});
  if (ending == nullptr || !ending->silence) return Ends::not_silent;
  const NamedAddress* address = remote_address(evidence);
  return address != nullptr && is_inside(address->scope) ? Ends::silent_inside : Ends::silent_outside;
}

}  // namespace

Reading read_message(const std::string& lower, const MessageEvidence& evidence) {
  Reading reading;
  reading.row = find_message(lower, ends_of(lower, evidence));
  if (reading.row != nullptr && reading.row->decides && !reading.row->outer) return reading;
  if (evidence.denial && !evidence.denial->action.empty()) {
    reading.denial = &*evidence.denial;
    return reading;
  }
  const ExplainSubject subject = find_subject(evidence, reading.row, {});
  reading.ending = find_ending(lower, {subject.service != nullptr ? subject.service->id : std::string_view(),
                                       is_elsewhere(subject), called_aws(lower, evidence)});
  const bool row_decides = reading.row != nullptr && reading.row->decides;
  const bool adds_nothing = reading.ending != nullptr && reading.ending->weak && row_decides;
  if (adds_nothing || says_too_little(lower, reading, subject)) reading.ending = nullptr;
  reading.by_aws = reading.row != nullptr || is_by_aws(lower, subject);
  const bool no_name = reading.ending != nullptr && !named(reading.ending->codes).empty() &&
                       named(reading.ending->codes).front() == "name-not-found";
  if (const NamedHost* host = asked_host(evidence); no_name && host != nullptr)
    reading.misspelling = misspelling_in(*host);
  return reading;
}

std::optional<Blame> blame_of(const Reading& reading) {
  if (reading.misspelling) return Blame::configuration;
  if (reading.denial != nullptr) return Blame::permission;
  if (reading.ending != nullptr) return reading.ending->blame;
  if (reading.row == nullptr) return std::nullopt;
  const bool says_how =
      reading.row->decides || reading.row->codes[0] != nullptr || reading.row->blame != Blame::connection;
  return says_how ? std::optional(reading.row->blame) : std::nullopt;
}

std::vector<std::string_view> codes_of(const Reading& reading, const ExplainSubject& subject) {
  if (reading.misspelling) return {};
  if (reading.denial != nullptr) return {reading.denial->code};
  // Nothing says which server was called.
  if (reading.silent() && reading.bare() && !subject.known()) return {};
  if (!reading.by_aws && is_general_answer(reading.ending)) return {};
  const bool row_knows = reading.row != nullptr && reading.row->blame == Blame::connection &&
                         reading.row->codes[0] != nullptr && subject.host.empty();
  if (reading.silent() && row_knows) return named(reading.row->codes);
  // A volume plug-in or a runtime waited, and the text does not say for whom.
  if (reading.silent() && reading.row != nullptr && reading.row->blame != Blame::connection &&
      !subject.known())
    return {};
  if (reading.silent()) return silence_codes(subject);
  if (reading.ending != nullptr) return named(reading.ending->codes);
  return reading.row != nullptr ? named(reading.row->codes) : std::vector<std::string_view>();
}

}  // namespace vpcprobe
