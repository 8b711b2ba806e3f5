#include "agent/doctor/join_diagnoses.h"

#include <algorithm>
#include <array>

#include "agent/base/add_once.h"
#include "agent/base/exit_codes.h"
#include "agent/base/words.h"

namespace vpcprobe {
namespace {

// The worst first.
constexpr std::array kWorst{Verdict::fail, Verdict::incomplete, Verdict::warn, Verdict::pass};

std::size_t rank_of(const Diagnosis& diagnosis) {
  return static_cast<std::size_t>(std::find(kWorst.begin(), kWorst.end(), diagnosis.verdict) -
                                  kWorst.begin());
}

std::string place_of(const std::string& subnet, const std::string& zone) {
  return zone.empty() ? subnet : subnet + " (" + zone + ")";
}

/// As for one report: the earliest stage, and where.
int exit_code_of(const std::vector<SubnetDiagnosis>& measured, Verdict verdict) {
  int joined = -1;
  for (const SubnetDiagnosis& one : measured) {
    const int code = one.diagnosis.exit_code;
    if (one.diagnosis.verdict != verdict) continue;
    const int stage = code / 10;
    if (joined == -1 || stage < joined / 10) {
      joined = code;
    } else if (stage == joined / 10 && code != joined) {
      const bool has_whole_task = code % 10 == kUnitTaskWide || joined % 10 == kUnitTaskWide;
      joined = stage * 10 + (has_whole_task ? kUnitTaskWide : kUnitSeveral);
    }
  }
  return joined;
}

bool is_same(const Culprit& one, const Culprit& other) {
  return one.finding == other.finding && one.endpoints == other.endpoints &&
         one.resource.type == other.resource.type && one.resource.id == other.resource.id &&
         one.rule == other.rule;
}

bool is_same(const Contradiction& one, const Contradiction& other) {
  return one.code == other.code && one.finding == other.finding && one.endpoint == other.endpoint &&
         one.why == other.why;
}

bool is_same(const Unexplained& one, const Unexplained& other) {
  return one.finding == other.finding && one.endpoint == other.endpoint && one.why == other.why;
}

template <typename T>
void add_new(std::vector<T>& list, const std::vector<T>& items) {
  for (const T& item : items) {
    const bool is_known =
        std::any_of(list.begin(), list.end(), [&](const T& known) { return is_same(known, item); });
    if (!is_known) list.push_back(item);
  }
}

void add(Diagnosis& joined, const Diagnosis& other) {
  add_once(joined.who.subnets, other.who.subnets);
  add_new(joined.culprits, other.culprits);
  joined.paths.insert(joined.paths.end(), other.paths.begin(), other.paths.end());
  add_new(joined.disagreements, other.disagreements);
  add_new(joined.unexplained, other.unexplained);
}

/// " in 1 of 3 subnets: subnet-… (eu-west-1b)" where the others differ; else nothing.
std::string part_words(const std::vector<SubnetDiagnosis>& measured, const std::vector<UnseenSubnet>& unseen,
                       Verdict verdict) {
  std::vector<std::string> places;
  for (const SubnetDiagnosis& one : measured)
    if (one.diagnosis.verdict == verdict) places.push_back(place_of(one.subnet, one.zone));
  const std::size_t all = measured.size() + unseen.size();
  if (places.size() == all) return {};
  return "; in " + std::to_string(places.size()) + " of " + count_words(all, "subnet") + ": " +
         enumerate(places, 3);
}

}  // namespace

void add_unseen(const std::vector<UnseenSubnet>& unseen, Diagnosis& diagnosis) {
  for (const UnseenSubnet& one : unseen)
    diagnosis.not_seen.push_back({"packets from " + place_of(one.subnet, one.zone), one.why});
}

Diagnosis join_diagnoses(std::vector<SubnetDiagnosis> measured, const std::vector<UnseenSubnet>& unseen) {
  const auto worst = std::min_element(
      measured.begin(), measured.end(),
      [](const auto& one, const auto& other) { return rank_of(one.diagnosis) < rank_of(other.diagnosis); });
  Diagnosis joined = worst->diagnosis;
  joined.exit_code = exit_code_of(measured, joined.verdict);
  for (auto one = measured.begin(); one != measured.end(); ++one)
    if (one != worst) add(joined, one->diagnosis);
  joined.summary = summary_of(joined);
  if (joined.verdict == Verdict::fail) joined.summary += part_words(measured, unseen, joined.verdict);
  add_unseen(unseen, joined);
  if (joined.verdict != Verdict::fail && !unseen.empty()) {
    joined.verdict = Verdict::incomplete;
    joined.exit_code = kIncomplete;
    joined.summary = "nothing was measured from " + place_of(unseen.front().subnet, unseen.front().zone) +
                     ": " + unseen.front().why;
  }
  return joined;
}

}  // namespace vpcprobe
