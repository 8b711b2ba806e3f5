#include "agent/doctor/fault_state.h"

#include <algorithm>
#include <utility>

#include "agent/base/bounded_json.h"
#include "agent/base/digest.h"
#include "agent/base/json_text.h"

namespace vpcprobe {
namespace {

using Json = nlohmann::json;

constexpr UnixSeconds kHour = 3600;
constexpr std::size_t kLongestState = 64U << 10;
constexpr std::size_t kMostKeys = 64;  // of a service

constexpr UnixSeconds kMostSkew = 60;  // between the clocks of two execution environments

// A service is an array, as short as it can be: [looked at, open, {key: said at}, [unsent], failed at]. Open:
// 1, or 2 where the fault is known by a message alone.
enum Place : std::size_t { kLookedAt, kIsOpen, kFaults, kUnsent, kFailedAt, kPlaces };

/// A time that is still to come would silence a service for good.
UnixSeconds seconds_in(const Json& value, UnixSeconds now) {
  const UnixSeconds time = value.is_number_integer() ? value.get<UnixSeconds>() : 0;
  return time > now + kMostSkew ? 0 : time;
}

ServiceState service_of(const Json& row, UnixSeconds now) {
  ServiceState service;
  if (!row.is_array() || row.size() < kPlaces) return service;
  service.looked_at = seconds_in(row[kLookedAt], now);
  service.failed_at = seconds_in(row[kFailedAt], now);
  service.is_by_message = row[kIsOpen] == 2;
  service.is_open = row[kIsOpen] == 1 || service.is_by_message;
  if (row[kFaults].is_object())
    for (const auto& [key, said] : row[kFaults].items())
      if (service.faults.size() < kMostKeys) service.faults[key] = seconds_in(said, now);
  if (row[kUnsent].is_array())
    for (const Json& key : row[kUnsent])
      if (key.is_string() && service.unsent.size() < kMostKeys)
        service.unsent.push_back(key.get<std::string>());
  return service;
}

Json row_of(const ServiceState& service) {
  const int open = !service.is_open ? 0 : service.is_by_message ? 2 : 1;
  return Json::array(
      {service.looked_at, open, Json(service.faults), Json(service.unsent), service.failed_at});
}

bool is_pending(const ServiceState& service) { return service.is_open || !service.unsent.empty(); }

std::string text_of(const FaultState& state) {
  Json document = Json::object();
  for (const auto& [subject, service] : state) document[subject] = row_of(service);
  return json_text(document);
}

/// What was said an hour ago may be said again.
void forget_old(ServiceState& service, UnixSeconds now) {
  std::erase_if(service.faults, [&](const auto& fault) { return fault.second <= now - kHour; });
}

constexpr char kByMessage = 'm';

std::string message_key(const std::string& text) { return kByMessage + digest_of(text).substr(1); }

bool is_message_key(const std::string& key) { return key.starts_with(kByMessage); }

bool is_well(const Diagnosis& diagnosis) {
  return diagnosis.verdict == Verdict::pass || diagnosis.verdict == Verdict::warn;
}

/// The keys that count for an event.
std::vector<std::string> keys_for(const Diagnosis& diagnosis, EventTone tone) {
  // A service that is stable now does not fail for the reason for which a task stopped before.
  if (tone == EventTone::recovery && diagnosis.is_message_only) return {};
  std::vector<std::string> keys = fault_keys(diagnosis);
  if (keys.empty() && tone == EventTone::failure) return {message_key("failure without a known cause")};
  return keys;
}

/// ECS keeps a stopped task for an hour. Its message proves no new fault where one is open, or where a
/// diagnosis began after the task's end.
bool is_old_message(const Diagnosis& diagnosis, const ServiceState& state) {
  const bool is_covered =
      diagnosis.stopped_at > 0 && diagnosis.stopped_at < static_cast<double>(state.looked_at);
  return diagnosis.is_message_only && (state.is_open || is_covered);
}

/// When what the event or the verdict is about failed; 0 where that is no task.
UnixSeconds failed_at(const Diagnosis& diagnosis, const DoctorEvent& event, UnixSeconds now) {
  if (event.tone == EventTone::failure) return std::min(event.time.value_or(now), now);
  const bool is_known = diagnosis.is_message_only && diagnosis.stopped_at < static_cast<double>(now);
  return is_known ? static_cast<UnixSeconds>(diagnosis.stopped_at) : 0;
}

Decision decide_on_end(const ServiceState& state, ServiceState next) {
  Decision decision;
  decision.only_unsent = !state.is_open;
  if (is_pending(state)) decision.saying = Saying::over;
  next.is_open = next.is_by_message = false;
  next.faults.clear();  // a fault that comes back is a new one
  decision.next = std::move(next);
  return decision;
}

}  // namespace

Result<FaultState> read_fault_state(std::string_view json, UnixSeconds now) {
  const auto document = parse_bounded_json(json, kLongestState);
  if (!document) return document.error();
  if (!document.value().is_object()) return UsageError{"no JSON object"};
  FaultState state;
  for (const auto& [subject, row] : document.value().items()) state[subject] = service_of(row, now);
  return state;
}

WrittenState write_fault_state(FaultState state, UnixSeconds now, std::size_t most) {
  for (auto& [subject, service] : state) forget_old(service, now);
  std::erase_if(state, [&](const auto& entry) {
    return !is_pending(entry.second) && entry.second.looked_at <= now - kHour;
  });
  WrittenState written{text_of(state), {}};
  while (written.json.size() > most && !state.empty()) {
    const auto first = std::min_element(state.begin(), state.end(), [](const auto& a, const auto& b) {
      return std::pair(is_pending(a.second), a.second.looked_at) <
             std::pair(is_pending(b.second), b.second.looked_at);
    });
    if (is_pending(first->second)) written.left_out.push_back(first->first);
    state.erase(first);
    written.json = text_of(state);
  }
  return written;
}

std::vector<std::string> fault_keys(const Diagnosis& diagnosis) {
  if (is_well(diagnosis) || diagnosis.verdict == Verdict::incomplete) return {};
  std::vector<std::string> keys;
  for (const Culprit& culprit : diagnosis.culprits)
    keys.push_back(digest_of(culprit.finding + "|" + culprit.resource.type + "|" + culprit.resource.id));
  for (const Contradiction& one : diagnosis.disagreements)
    if (!one.finding.empty()) keys.push_back(digest_of(one.finding + "|" + one.endpoint));
  for (const Unexplained& one : diagnosis.unexplained)
    keys.push_back(digest_of(one.finding + "|" + one.endpoint));
  if (keys.empty() && diagnosis.explanation)
    for (const Finding& finding : diagnosis.explanation->findings)
      keys.push_back(message_key(finding.code + "|" + finding.endpoint));
  if (keys.empty()) keys.push_back(message_key("exit " + std::to_string(diagnosis.exit_code)));
  std::sort(keys.begin(), keys.end());
  keys.erase(std::unique(keys.begin(), keys.end()), keys.end());
  if (keys.size() > kMostKeys) keys.resize(kMostKeys);
  return keys;
}

std::string passed_over(const DoctorEvent& event, const ServiceState& state) {
  if (!event.nothing.empty()) return event.nothing;
  if (event.tone == EventTone::recovery && !is_pending(state)) return "no fault of it was said";
  // EventBridge delivers events late, out of order and more than once.
  if (event.tone == EventTone::recovery && event.time && *event.time < state.failed_at)
    return "a task failed after the event";
  // A hundred tasks that fail at once are one fault: the diagnosis that began after them covers them.
  const bool is_old = event.time && *event.time < state.looked_at;
  if (event.tone == EventTone::failure && is_old && state.unsent.empty())
    return "a diagnosis that began after the event covers it";
  return {};
}

Decision decide(const Diagnosis& diagnosis, const DoctorEvent& event, const ServiceState& state,
                UnixSeconds now) {
  const EventTone tone = event.tone;
  Decision decision;
  ServiceState next = state;
  next.looked_at = now;
  next.failed_at = std::max(state.failed_at, failed_at(diagnosis, event, now));
  forget_old(next, now);
  decision.next = next;
  const std::vector<std::string> keys = keys_for(diagnosis, tone);
  // An open configuration is no end of what the configuration did not cause.
  const bool may_end = tone == EventTone::recovery || !state.is_by_message;
  const bool has_ended = keys.empty() && may_end && (is_well(diagnosis) || diagnosis.is_message_only);
  if (has_ended) return decide_on_end(state, std::move(next));
  // Too little was seen: that is neither a fault nor its end.
  if (keys.empty()) return decision;
  if (tone == EventTone::question && is_old_message(diagnosis, state)) return decision;
  const bool is_new = std::any_of(keys.begin(), keys.end(),
                                  [&](const std::string& key) { return !next.faults.contains(key); });
  if (!is_new && state.unsent.empty()) return decision;
  decision.saying = Saying::fault;
  decision.only_unsent = !is_new;
  decision.next.is_open = true;
  decision.next.is_by_message = std::all_of(keys.begin(), keys.end(), is_message_key);
  for (const std::string& key : keys)
    if (is_new) decision.next.faults[key] = now;
  return decision;
}

}  // namespace vpcprobe
