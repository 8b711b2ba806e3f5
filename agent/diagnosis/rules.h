#pragma once
// The diagnosis as a table: one row per finding code, and the engine that runs it. The rows of a stage stand
// in one file with their checks: names.cc, connect.cc, tls.cc …
#include <algorithm>
#include <array>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "agent/aws/ecs_messages.h"
#include "agent/diagnosis/reach.h"

namespace vpcprobe {

/// All that a rule may look at. `endpoints` stands in the order of `plan.endpoints` and already knows scopes,
/// owners and paths.
struct Case {
  const Options& options;
  const TaskContext& context;
  const Plan& plan;
  const std::vector<EndpointReport>& endpoints;
  const std::vector<EndpointReport>& controls;
  const std::vector<ImageReport>& images;          ///< in the order of `plan.images`; empty below depth image
  const std::vector<EndpointReport>& image_hosts;  ///< where pulls led to, beside `endpoints`
  WallTime now{};                                  ///< when the run began; the epoch where no run was
  std::vector<Addresses> judged{};                 ///< of each endpoint those that count; `diagnose` fills it
};

/// When a cause or a fix applies. Null: always. Otherwise words that must all hold, space separated: the key
/// of an evidence that is true, or one of "interface", "gateway", "none", "mount_target", "custom" (what the
/// endpoint is) and "task_wide" (the finding speaks for several endpoints). A leading '!' turns a word round.
/// A stage's file names the evidence that its conditions use: a typo does not build.
// Null and not "": each of the many would be a relocation of the static binary.
using Condition = const char*;

struct RuleCause {
  const char* id = "";  ///< stable, kebab-case; one text each
  const char* text = nullptr;
  Condition when = nullptr;
};

struct RuleFix {
  const char* text = nullptr;
  const char* command = nullptr;  ///< AWS CLI, with {keys} that diagnose fills and <placeholders> that stay
  bool is_check = false;          ///< see Fix::is_check
  Condition when = nullptr;
};

/// Whom a policy refuses, if the finding is one's refusal.
enum class Refuses : std::uint8_t {
  none,     ///< no policy is behind it
  anyone,   ///< whoever asks for the same object, unless the policy names principals
  account,  ///< whoever asks, as a rule whatever the object
  role      ///< the role that asked: nothing follows for calls by another role
};

/// One row per finding code: everything about it, and the check that makes it fire. A check returns what it
/// observed for each subject; code, stage, title, causes, fixes and ECS messages come from the row.
struct Rule {
  const char* code = "";
  const char* meaning = "";             ///< one sentence for `codes` and REFERENCE.md
  const char* title_of_note = nullptr;  ///< said instead where it comes out as a note
  const char* title = "";               ///< "{name} cannot be reached: …"
  int stage = 0;                        ///< tens digit of the exit code; 0 for none
  Severity severity = Severity::error;
  bool task_wide = false;  ///< never about one endpoint: its units digit is 0
  /// The check may lower or raise the severity, set it or not: it starts from the row's.
  std::vector<Finding> (*check)(const Case&, const Rule&) = nullptr;
  /// Set where findings of several endpoints are one fault: they become one task-wide finding if they agree
  /// in severity and in the evidence under these keys (space separated; "" where the code alone says it).
  const char* one_fault_if_same = nullptr;
  Refuses refuses = Refuses::none;
  Blame blame = Blame::connection;  ///< which of ECS's messages quotes it
  const char* ecs_reason = "";      ///< how Go or the SDK ends ECS's message for this fault: "i/o timeout"
  std::array<RuleCause, 12> causes{};
  std::array<RuleFix, 9> fix{};
  std::array<const char*, 24> masked_by{};  ///< codes whose root makes this one a consequence
  /// As a root it explains addresses: a finding about others besides is a fault of its own.
  bool masks_its_addresses = false;
};

/// Empty for null.
constexpr std::string_view text_or_none(const char* text) {
  return text == nullptr ? std::string_view() : std::string_view(text);
}

/// Whether `fits` says yes to each of the condition's words.
template <typename Fits>
constexpr bool all_words(Condition condition, Fits fits) {
  std::string_view words = text_or_none(condition);
  while (!words.empty()) {
    const std::string_view word = words.substr(0, words.find(' '));
    if (!fits(word)) return false;
    words.remove_prefix(std::min(word.size() + 1, words.size()));
  }
  return true;
}

/// What an endpoint is and a finding speaks for; the stage's own file names the evidence besides.
inline constexpr std::string_view kConditions[] = {"interface",    "gateway", "none",
                                                   "mount_target", "custom",  "task_wide"};

/// Whether each condition of these rows is one of `kConditions` or of `evidence`, what this file's checks
/// set.
constexpr bool conditions_exist(std::span<const Rule> rows, std::span<const std::string_view> evidence) {
  const auto exists = [&](std::string_view word) {
    if (word.starts_with('!')) word.remove_prefix(1);
    const auto has = [word](std::span<const std::string_view> list) {
      return std::find(list.begin(), list.end(), word) != list.end();
    };
    return has(kConditions) || has(evidence);
  };
  for (const Rule& rule : rows) {
    for (const RuleCause& cause : rule.causes)
      if (!all_words(cause.when, exists)) return false;
    for (const RuleFix& fix : rule.fix)
      if (!all_words(fix.when, exists)) return false;
  }
  return true;
}

// (A check that is missing shows in the tests: under sanitizers g++ cannot compare it here.)
constexpr bool rows_are_complete(std::span<const Rule> rows) {
  return std::all_of(rows.begin(), rows.end(), [](const Rule& rule) {
    const bool named = *rule.code != 0 && *rule.meaning != 0 && *rule.title != 0;
    return named && rule.causes[0].text != nullptr && rule.fix[0].text != nullptr;
  });
}

/// The rows of all stages, in the order of rules.cc: the order of findings that are equally grave.
std::span<const Rule> rules();
/// The row of a code, or null.
const Rule* find_rule(std::string_view code);

/// Writes title, causes, fixes and what ECS says into a finding, from its row. A {key} whose value is known
/// neither from the finding's evidence nor from the scene stays as it is.
void fill_texts(Finding& finding, const Rule& rule, const Case& scene);

/// Runs every rule, fills the texts, says the same fault once, resolves masks transitively against everything
/// that fired, sorts: roots first (errors, warnings, notes), then what they mask.
std::vector<Finding> diagnose(Case scene);

}  // namespace vpcprobe
