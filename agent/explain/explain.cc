#include "agent/explain/explain.h"

#include <algorithm>
#include <array>

#include "agent/base/text_search.h"
#include "agent/base/words.h"
#include "agent/diagnosis/make_report.h"
#include "agent/explain/ecs_names.h"
#include "agent/explain/finding.h"
#include "agent/explain/reading.h"
#include "agent/explain/subject.h"

namespace vpcprobe {
namespace {

/// What a message is not, if its row does not say it.
constexpr std::array<std::string_view, 10> kIsNot = {
    "a permission: IAM never saw this call",
    "the network: an answer came, so name, route, security groups and TLS work",
    "the network: an answer came, and it says that the object does not exist",
    "the network or a permission",
    "the network or a policy: an answer came",
    "the network or a permission",
    "the network or a permission",
    "an endpoint or a policy of AWS",
    "by itself your configuration",
    "the cause"};
constexpr std::string_view kAnyPlatform =
    "the platform that the task runs on (X86_64 or ARM64, Linux or Windows)";

std::string denial_words(const Denial& denial) {
  std::string text = "AWS answered and denied " + denial.action;
  if (denial.policy.empty() && denial.explicit_deny)
    return text + " by an explicit deny, without naming the policy";
  if (denial.policy.empty())
    return text + ", without naming the policy; usually the role's own (identity) policy does not allow it";
  return text + ": " + (denial.explicit_deny ? "a statement in a " : "no ") + std::string(denial.policy) +
         (denial.explicit_deny ? " denies it" : " allows it");
}

/// The row's own sentence holds only if the message turned out to be what the row expects.
bool as_expected(const Reading& reading, std::optional<Blame> blame, const ExplainSubject& subject) {
  if (reading.row == nullptr || reading.misspelling || blame != reading.row->blame) return false;
  if (reading.ending != nullptr && !reading.ending->is_not.empty()) return false;
  if (reading.row->outer && (reading.ending != nullptr || reading.denial != nullptr)) return reading.silent();
  if (reading.row->decides || reading.row->service.empty()) return true;
  return subject.service != nullptr && subject.service->id == reading.row->service;
}

std::string misspelling_words(const Misspelling& name) {
  return "the name " + name.host +
         " does not exist: " + (name.region ? "AWS has no such Region" : "its domain is not one of AWS's") +
         "; it is probably a typing error for " + name.meant;
}

std::string how_it_ended(const Reading& reading) {
  if (reading.misspelling) return misspelling_words(*reading.misspelling);
  if (reading.denial != nullptr) return denial_words(*reading.denial);
  return reading.ending != nullptr ? std::string(reading.ending->says) : std::string();
}

std::string meaning_of(const Reading& reading, bool expected, std::string_view platform) {
  std::string how = how_it_ended(reading);
  if (reading.row == nullptr) return how;
  if (expected) {
    const std::string meaning = fill(reading.row->meaning, [&](std::string_view) {
      return platform.empty() ? std::string(kAnyPlatform) : std::string(platform);
    });
    return meaning + (how.empty() || reading.silent() ? "" : ": " + how);
  }
  const std::string step(reading.row->step);
  return step + (how.empty() ? " failed; the text does not say how" : " failed: " + how);
}

void interpret(ExplainedMessage& message, const Reading& reading, const ExplainSubject& subject) {
  message.blame = blame_of(reading);
  const bool expected = as_expected(reading, message.blame, subject);
  message.recognition = reading.row != nullptr                                   ? Recognition::known
                        : reading.ending != nullptr || reading.denial != nullptr ? Recognition::partly
                                                                                 : Recognition::unknown;
  message.service = subject.service;
  message.host = subject.host;
  message.codes = codes_of(reading, subject);
  message.meaning = meaning_of(reading, expected, message.evidence.platform);
  if (expected) message.is_not = reading.row->is_not;
  if (reading.row != nullptr && (expected || message.codes.empty())) message.next = reading.row->next;
  if (message.is_not.empty() && reading.ending != nullptr) message.is_not = reading.ending->is_not;
  if (message.is_not.empty() && message.blame)
    message.is_not = kIsNot.at(static_cast<std::size_t>(*message.blame));
  if (reading.misspelling) {
    message.is_not = "the network or the DNS resolver: this name exists nowhere";
    message.next = "Write " + reading.misspelling->meant + " in the task definition";
  }
  if (message.recognition == Recognition::unknown) {
    message.meaning = "this version does not know the message, and its words alone decide nothing";
    message.next =
        "Give the whole stoppedReason and each container's reason: aws ecs describe-tasks --cluster "
        "<cluster> "
        "--tasks <task-arn> | vpc-probe explain";
  }
}

/// The place of a message in the order of cause and consequence: that of its row in the start of a task.
std::size_t rank_of(const Reading& reading) {
  const std::size_t rows = ecs_messages().size();
  if (reading.row == nullptr) return reading.ending != nullptr || reading.denial != nullptr ? rows : rows + 1;
  const auto row = static_cast<std::size_t>(reading.row - ecs_messages().data());
  return reading.row->blame == Blame::consequence ? rows + 2 : row;
}

/// A fault that two messages report becomes one finding, with the addresses of both.
void add_finding(std::vector<Finding>& findings, Finding finding) {
  for (Finding& other : findings) {
    if (other.code != finding.code || other.endpoint != finding.endpoint) continue;
    for (std::string& address : finding.addresses) {
      const bool is_new =
          std::find(other.addresses.begin(), other.addresses.end(), address) == other.addresses.end();
      if (is_new) other.addresses.push_back(std::move(address));
    }
    return;
  }
  findings.push_back(std::move(finding));
}

struct Draft {
  std::size_t rank;
  ExplainedMessage message;
  ExplainSubject subject;
  const EcsMessage* row = nullptr;
};

Draft draft_of(StopMessage said, const ExplainOptions& options) {
  Draft draft;
  draft.message.evidence = read_evidence(said.text, NetworkRanges{{}, options.vpc_cidrs});
  const std::string lower = lower_case(said.text);
  const Reading reading = read_message(lower, draft.message.evidence);
  const std::string& region = said.region.empty() ? options.region : said.region;
  draft.subject = find_subject(draft.message.evidence, reading.row, region);
  if (reading.silent() || reading.ending == nullptr || reading.ending->blame == Blame::connection)
    follow_address(draft.subject, draft.message.evidence);
  interpret(draft.message, reading, draft.subject);
  draft.message.next =
      with_names(std::move(draft.message.next), ecs_names_in(said.text, draft.message.evidence));
  draft.rank = rank_of(reading);
  draft.row = reading.row;
  draft.message.said = std::move(said);
  return draft;
}

std::string summary_of(const Explanation& explanation) {
  if (explanation.messages.empty()) return "The input has no message of a stopped task";
  const ExplainedMessage& first = explanation.messages.front();
  if (first.recognition == Recognition::unknown) return "Unknown: " + first.meaning;
  const std::string start =
      first.recognition == Recognition::partly ? "Not a known message of ECS; in general: " : "";
  return start + first.meaning + (first.is_not.empty() ? "" : "; not " + first.is_not);
}

}  // namespace

std::string_view to_string(Recognition recognition) {
  constexpr std::array<std::string_view, 3> kWords = {"known", "partly", "unknown"};
  return kWords.at(static_cast<std::size_t>(recognition));
}

Explanation explain(StopMessages said, const ExplainOptions& options) {
  std::vector<Draft> drafts;
  for (StopMessage& message : said.messages) drafts.push_back(draft_of(std::move(message), options));
  std::stable_sort(drafts.begin(), drafts.end(),
                   [](const Draft& a, const Draft& b) { return a.rank < b.rank; });
  Explanation explanation;
  explanation.left_out = said.left_out;
  std::vector<Finding> likeliest;
  Plan all;
  for (Draft& draft : drafts) {
    for (const std::string_view code : draft.message.codes) {
      Finding finding = finding_of(code, draft.message, draft.subject, draft.row);
      if (code == draft.message.codes.front()) likeliest.push_back(finding);
      add_finding(explanation.findings, std::move(finding));
    }
    for (PlannedEndpoint& endpoint : plan_of(draft.subject).endpoints) {
      const bool is_new = std::none_of(all.endpoints.begin(), all.endpoints.end(),
                                       [&](const PlannedEndpoint& other) { return other.id == endpoint.id; });
      if (is_new && !draft.message.codes.empty()) all.endpoints.push_back(std::move(endpoint));
    }
    explanation.messages.push_back(std::move(draft.message));
  }
  if (!likeliest.empty()) explanation.exit_code = exit_code_of(Verdict::fail, likeliest, all, false);
  explanation.summary = summary_of(explanation);
  return explanation;
}

}  // namespace vpcprobe
