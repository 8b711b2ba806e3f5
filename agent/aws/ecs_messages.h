#pragma once
// What ECS writes on a task that stopped, as two tables: the messages (what ECS was doing) and their endings
// (what happened). `diagnose` quotes them, `explain` recognises them. AWS says that the texts may change
// ("Amazon ECS stopped task error messages updates"), so fragments are compared, never whole texts.
#include <array>
#include <cstdint>
#include <span>
#include <string_view>

namespace vpcprobe {

/// What a message is about. Its words often suggest something else.
enum class Blame : std::uint8_t {
  connection,     ///< no path to the service, or something other than AWS answers on it
  permission,     ///< AWS answered and denied the call
  missing,        ///< AWS answered: the object does not exist
  configuration,  ///< the task definition, the service or an object that they name is wrong in itself
  limit,          ///< a rate limit: the same call works later
  quota,          ///< a quota of the account: it must be raised, or something must stop
  capacity,       ///< no room: instances, addresses, network interfaces, CPU, memory, disk
  application,    ///< what runs in the container
  platform,       ///< ECS itself, or the host and its container runtime
  consequence     ///< says only that something stopped or failed; the cause is elsewhere
};
std::string_view to_string(Blame blame);

/// Patterns of fragments (agent/base/text_search.h) in lower case; any one of them is enough.
template <std::size_t count>
using Patterns = std::array<const char*, count>;

/// How a text ends, as far as a row of the messages depends on it.
enum class Ends : std::uint8_t {
  anyhow,
  not_silent,     ///< an answer, or words that say more than silence: DNS, a proxy, TLS, a reset
  silent_inside,  ///< no answer from an address in the VPC or in what is attached to it
  silent_outside  ///< no answer from an address of the internet, or from one that the text does not name
};

/// What ECS was doing. In wordings "…" stands for any text, {why} for how the attempt ended ("dial tcp
/// 10.0.1.7:443: i/o timeout"), {host} for the endpoint's name. In `meaning` {platform} stands for the
/// platform that the text names.
struct EcsMessage {
  std::string_view service = {};  ///< id in the catalog; empty if the text fits several
  Blame blame = Blame::connection;
  std::string_view wording = {};   ///< before June 2024, and still on EC2 and in agents; empty: never quoted
  std::string_view reworded = {};  ///< since June 2024; empty if it did not change
  std::string_view meaning = {};   ///< what it means, in one sentence
  std::string_view step = {};      ///< what ECS was doing: "the login to ECR"
  Patterns<20> patterns{};
  bool decides = false;  ///< the ending adds nothing: `blame` and `codes` hold as they are
  /// A wrapper or a summary: any other row that fits goes first, and so does a denial or an ending.
  bool outer = false;
  Ends ends = Ends::anyhow;            ///< the row fits only a text that ends so
  std::array<const char*, 2> codes{};  ///< findings of the row itself; those of an ending go first
  std::string_view title = {};         ///< of its findings, if no endpoint of the task was called
  std::string_view flag = {};          ///< evidence that its findings have: see Condition in rules.h
  std::string_view is_not = {};        ///< what it is not, whatever its words say; holds while `blame` does
  std::string_view next = {};          ///< what to do, if this is the meaning or no finding says it
};

/// How a message ends: the words of Go, an SDK, a registry or AWS for what happened.
struct EcsEnding {
  Blame blame = Blame::connection;
  std::string_view service = {};  ///< only if the message is about this service; empty: any
  Patterns<24> patterns{};
  std::array<const char*, 2> codes{};  ///< in the order of likelihood
  bool elsewhere = false;              ///< only if a host outside AWS was called
  bool weak = false;                   ///< only if no row of the messages decides
  /// Gives way to a later row about a connection, if the text says that a host of AWS was called.
  bool yields = false;
  bool silence = false;  ///< no answer at all: the address and the service decide which finding it is
  std::string_view says = {};
  std::string_view is_not = {};  ///< if set, the ending replaces the message's own sentences
};

/// Ordered as a task starts: what fails first comes first, consequences last. The first row that fits counts,
/// an `outer` row only if no other fits.
std::span<const EcsMessage> ecs_messages();
/// What to quote if AWS itself denies a call or does not find an object: `wording` by service and blame, in
/// the same order.
std::span<const EcsMessage> ecs_quotes();
/// The first row that fits counts: answers go before silence.
std::span<const EcsEnding> ecs_endings();

/// What is known of the call whose ending is looked for.
struct Called {
  std::string_view service = {};  ///< id in the catalog
  bool elsewhere = false;         ///< the host that was called has no VPC endpoint
  bool aws = false;               ///< a host of AWS was called
};

/// The row that `line` (in lower case, on one line) fits, or null. `ends`: how it ends; `anyhow` if every row
/// may fit.
const EcsMessage* find_message(std::string_view line, Ends ends = Ends::anyhow);
const EcsEnding* find_ending(std::string_view line, const Called& called);

}  // namespace vpcprobe
