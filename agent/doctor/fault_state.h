#pragma once
// What was said of which faults, so that each is said once an hour, and once when it is over. Pure.
#include <chrono>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "agent/doctor/diagnosis.h"
#include "agent/doctor/ecs_event.h"

namespace vpcprobe {

using UnixSeconds = std::int64_t;  ///< since 1970

/// The state of one service, or of one family of tasks.
struct ServiceState {
  UnixSeconds looked_at = 0;  ///< when its last diagnosis began; 0: never
  UnixSeconds failed_at = 0;  ///< when the last failure happened that an event or a task showed; 0: never
  bool is_open = false;       ///< a fault was said, and its end was not
  /// The open fault is known by a task's message or failure alone: only a recovery shows its end.
  bool is_by_message = false;
  std::map<std::string, UnixSeconds> faults;  ///< key of a fault → when it was said last
  std::vector<std::string> unsent;            ///< keys of destinations that did not get the last message
};
/// By subject: "c1/web".
using FaultState = std::map<std::string, ServiceState, std::less<>>;

/// Lenient: a member that is missing or of another type is not there, nor is a time that is more than a
/// minute after `now`. The error says what is wrong where the whole is no state. Any text is safe.
Result<FaultState> read_fault_state(std::string_view json, UnixSeconds now);

struct WrittenState {
  std::string json;
  std::vector<std::string> left_out;  ///< subjects with an open or unsent fault, for which there was no room
};
/// JSON of `most` bytes at most. What is over for an hour is left out; where the rest is too long, services
/// without an open fault are, then those that were looked at first.
WrittenState write_fault_state(FaultState state, UnixSeconds now, std::size_t most);

/// Keys of what fails by a diagnosis, each of 16 characters: the resources at fault, else what is not
/// explained, else the stopped task's message (these begin with "m"). Empty where nothing fails. The same
/// fault has the same key in every diagnosis.
std::vector<std::string> fault_keys(const Diagnosis& diagnosis);

/// Whether an event needs no diagnosis, and why; empty where it needs one.
std::string passed_over(const DoctorEvent& event, const ServiceState& state);

enum class Saying : std::uint8_t { nothing, fault, over };

struct Decision {
  Saying saying = Saying::nothing;
  bool only_unsent = false;  ///< the others have it already
  ServiceState next;         ///< once it is said; `unsent` is the caller's to fill
};
/// What is to be said of a diagnosis that an event asked for, and that began at `now`.
Decision decide(const Diagnosis& diagnosis, const DoctorEvent& event, const ServiceState& state,
                UnixSeconds now);

}  // namespace vpcprobe
