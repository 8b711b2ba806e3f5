// All rows of the diagnosis, from the files of the stages.
#include "agent/diagnosis/rules.h"

namespace vpcprobe {

std::span<const Rule> resolvers_rules();
std::span<const Rule> truncated_rules();
std::span<const Rule> names_rules();
std::span<const Rule> overridden_rules();
std::span<const Rule> answers_rules();
std::span<const Rule> connect_shared_rules();
std::span<const Rule> connect_rules();
std::span<const Rule> tls_rules();
std::span<const Rule> http_rules();
std::span<const Rule> credentials_rules();
std::span<const Rule> refusals_rules();
std::span<const Rule> objects_rules();
std::span<const Rule> image_rules();
std::span<const Rule> layers_rules();
std::span<const Rule> resilience_rules();
std::span<const Rule> outdated_rules();

namespace {

using Rows = std::span<const Rule> (*)();
constexpr Rows kStages[] = {resolvers_rules, truncated_rules,      names_rules,      overridden_rules,
                            answers_rules,   connect_shared_rules, connect_rules,    tls_rules,
                            http_rules,      credentials_rules,    refusals_rules,   objects_rules,
                            image_rules,     layers_rules,         resilience_rules, outdated_rules};

std::vector<Rule> all_rows() {
  std::vector<Rule> rows;
  for (const Rows stage : kStages) rows.insert(rows.end(), stage().begin(), stage().end());
  return rows;
}

}  // namespace

std::span<const Rule> rules() {
  static const std::vector<Rule> rows = all_rows();
  return rows;
}

}  // namespace vpcprobe
