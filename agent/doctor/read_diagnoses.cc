#include "agent/doctor/read_diagnoses.h"

#include <algorithm>
#include <array>

#include "agent/base/bounded_json.h"
#include "agent/base/exit_codes.h"
#include "agent/base/json_members.h"
#include "probes/take_line.h"

namespace vpcprobe {
namespace {

using Json = nlohmann::json;

constexpr std::size_t kLongestText = 64U << 20;
constexpr std::size_t kMostDiagnoses = 1000;
constexpr std::string_view kSchema = "vpc-probe/diagnosis/1";

constexpr std::array kReachabilities{Reachability::reachable, Reachability::unreachable,
                                     Reachability::ambiguous, Reachability::undetermined};

Culprit culprit_of(const Json& object) {
  Culprit culprit;
  culprit.finding = text_in(object, "finding");
  culprit.endpoint = text_in(object, "endpoint");
  culprit.endpoints = texts_in(object, "endpoints");
  if (const Json* resource = member_of(object, "resource"))
    culprit.resource = {text_in(*resource, "type"), text_in(*resource, "id"), text_in(*resource, "name")};
  culprit.rule = text_in(object, "rule");
  const Json& fixes = list_in(object, "fixes");
  if (!fixes.empty())
    culprit.fixes.push_back({text_in(fixes.front(), "text"), text_in(fixes.front(), "command")});
  return culprit;
}

JudgedPath path_of(const Json& object) {
  JudgedPath path;
  path.endpoint = text_in(object, "endpoint");
  path.subnet = text_in(object, "subnet");
  path.address = text_in(object, "address");
  const std::string reach = text_in(object, "reach");
  const auto known = std::find_if(kReachabilities.begin(), kReachabilities.end(),
                                  [&](Reachability one) { return to_string(one) == reach; });
  if (known != kReachabilities.end()) path.reach = *known;
  path.measured = text_in(object, "measured");
  return path;
}

Diagnosis diagnosis_of(const Json& object) {
  Diagnosis diagnosis;
  const Json* code = member_of(object, "exit_code");
  diagnosis.exit_code = code != nullptr && code->is_number_integer() ? code->get<int>() : kIncomplete;
  diagnosis.summary = text_in(object, "summary");
  const Json* measured = member_of(object, "measured");
  diagnosis.measured = measured != nullptr && measured->is_boolean() && measured->get<bool>();
  if (const Json* task = member_of(object, "task")) diagnosis.who.subnets = texts_in(*task, "subnets");
  for (const Json& culprit : list_in(object, "culprits")) diagnosis.culprits.push_back(culprit_of(culprit));
  for (const Json& path : list_in(object, "paths")) diagnosis.paths.push_back(path_of(path));
  return diagnosis;
}

/// As deep as the parser lets a document be.
void collect(const Json& value, std::vector<Diagnosis>& found) {
  if (found.size() == kMostDiagnoses) return;
  if (text_in(value, "schema") == kSchema) {
    found.push_back(diagnosis_of(value));
    return;
  }
  if (!value.is_structured()) return;
  for (const Json& item : value) collect(item, found);
}

}  // namespace

std::vector<Diagnosis> read_diagnoses(std::string_view text) {
  std::vector<Diagnosis> found;
  if (text.find(kSchema) == std::string_view::npos) return found;
  if (const auto document = parse_bounded_json(text, kLongestText)) {
    collect(document.value(), found);
    return found;
  }
  while (!text.empty()) {
    const std::string_view line = take_line(text);
    const std::size_t brace = line.find('{');
    if (brace != std::string_view::npos && line.find(kSchema) != std::string_view::npos)
      if (const auto document = parse_bounded_json(line.substr(brace), kLongestText))
        collect(document.value(), found);
  }
  return found;
}

}  // namespace vpcprobe
