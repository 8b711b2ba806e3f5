#pragma once
// What ECS writes on a task that stopped, as two tables: how messages begin (what was being done) and how
// they end (what happened). `diagnose` quotes them, `explain` recognises them. AWS says that the texts may
// change.
#include <array>
#include <cstdint>
#include <span>
#include <string_view>

namespace vpcprobe {

/// What a message really complains of, which its words often hide.
enum class Blame : std::uint8_t {
  connection,     ///< no way to the service, or something other than AWS on it
  permission,     ///< AWS answered and refused
  missing,        ///< AWS answered: there is no such thing
  configuration,  ///< the task definition, or what it names, is wrong in itself
  limit,          ///< a rate limit
  capacity,       ///< no room: addresses, network interfaces, CPU, memory, disk
  application,    ///< what runs in the container
  platform,       ///< ECS itself or the host
  consequence     ///< says only that something stopped; the cause is elsewhere
};
std::string_view to_string(Blame blame);

/// Patterns of fragments (agent/base/text_search.h) in lower case; any one of them is enough.
template <std::size_t count>
using Patterns = std::array<const char*, count>;

/// What was being done. In wordings "…" stands for any text, {why} for how the attempt ended ("dial tcp
/// 10.0.1.7:443: i/o timeout"), {host} for the endpoint's name.
struct EcsMessage {
  std::string_view service = {};  ///< id in the catalog; empty where any of them may be behind it
  Blame blame = Blame::connection;
  std::string_view wording = {};   ///< before June 2024, and still on EC2 and in agents; empty: never quoted
  std::string_view reworded = {};  ///< since June 2024; empty where it did not change
  std::string_view meaning = {};   ///< what it means, in one sentence
  std::string_view step = {};      ///< what was being done: "the login to ECR"
  Patterns<10> patterns{};
  bool decides = false;                ///< its end says nothing more: `blame` and `codes` stand as they are
  std::array<const char*, 2> codes{};  ///< findings it names by itself; where its end names some, those count
  std::string_view title = {};         ///< of its findings, where no endpoint of the task was asked
  std::string_view flag = {};          ///< evidence that its findings have: see Condition in rules.h
  std::string_view is_not = {};        ///< what it is not, whatever its words say; holds while `blame` does
  std::string_view next = {};          ///< what to do, where it means this or no finding says it
};

/// How a message ends: the words of Go, an SDK, a registry or AWS for what happened.
struct EcsEnding {
  Blame blame = Blame::connection;
  std::string_view service = {};  ///< only where the message is about this service; empty: any
  Patterns<16> patterns{};
  std::array<const char*, 2> codes{};  ///< in the order of likelihood
  bool elsewhere = false;              ///< only where a host outside AWS was asked
  bool silence = false;  ///< no answer at all: which finding it is depends on the address and the service
  std::string_view says = {};
  std::string_view is_not = {};  ///< where set, the message's own sentences give way to this ending's
};

/// Ordered as a task starts: what fails first comes first, consequences last. The first that fits counts.
std::span<const EcsMessage> ecs_messages();
/// What to quote where AWS itself refuses or finds nothing: `wording` by service and blame. Ordered likewise;
/// a message that begins so is told by `ecs_messages`.
std::span<const EcsMessage> ecs_quotes();
/// The first that fits counts: answers before silence, since who answered can be reached.
std::span<const EcsEnding> ecs_endings();

/// The row that `line` (in lower case, on one line) fits, or null.
const EcsMessage* find_message(std::string_view line);
/// `elsewhere`: a host was asked that no endpoint leads to.
const EcsEnding* find_ending(std::string_view line, std::string_view service, bool elsewhere);

}  // namespace vpcprobe
