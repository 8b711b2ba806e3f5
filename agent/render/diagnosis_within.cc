#include "agent/render/diagnosis_within.h"

#include <array>

#include "agent/render/diagnosis.h"

namespace vpcprobe {
namespace {

constexpr std::size_t kKept = 5;

template <typename T>
void cut(std::vector<T>& list) {
  if (list.size() > kKept) list.erase(list.begin() + kKept, list.end());
}

/// What is left out next, and how that is called.
struct Cut {
  const char* what;
  void (*apply)(Diagnosis& diagnosis);
};
constexpr std::array kCuts{
    Cut{"report", [](Diagnosis& diagnosis) { diagnosis.report.reset(); }},
    Cut{"open paths",
        [](Diagnosis& diagnosis) {
          std::erase_if(diagnosis.paths,
                        [](const JudgedPath& path) { return path.reach == Reachability::reachable; });
        }},
    Cut{"paths", [](Diagnosis& diagnosis) { diagnosis.paths.clear(); }},
    Cut{"explanation", [](Diagnosis& diagnosis) { diagnosis.explanation.reset(); }},
    Cut{"all but 5 of each list",
        [](Diagnosis& diagnosis) {
          cut(diagnosis.culprits);
          cut(diagnosis.disagreements);
          cut(diagnosis.unexplained);
          cut(diagnosis.not_seen);
          cut(diagnosis.who.subnets);
          cut(diagnosis.who.sources);
        }},
};

std::string line_of(const Diagnosis& diagnosis) {
  std::string text = diagnosis_json(diagnosis);
  if (!text.empty() && text.back() == '\n') text.pop_back();
  return text;
}

}  // namespace

std::string diagnosis_json_within(const Diagnosis& diagnosis, std::size_t most) {
  std::string text = line_of(diagnosis);
  if (text.size() <= most) return text;
  const std::string why = "left out: the whole diagnosis has " + std::to_string(text.size()) + " bytes";
  Diagnosis shorter = diagnosis;
  std::vector<NotSeen> left_out;
  for (const Cut& row : kCuts) {
    row.apply(shorter);
    left_out.push_back({row.what, why});
    Diagnosis told = shorter;
    told.not_seen.insert(told.not_seen.end(), left_out.begin(), left_out.end());
    text = line_of(told);
    if (text.size() <= most) return text;
  }
  return {};
}

}  // namespace vpcprobe
