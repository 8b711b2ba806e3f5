#pragma once
// One finding joined with the hops that can be behind it.
#include <deque>
#include <string_view>

#include "agent/doctor/fault.h"

namespace vpcprobe {

/// Whether the configuration of a VPC can hold what is behind this code.
bool is_explained(std::string_view code);

/// What a finding is explained from.
struct Inside {
  const Configuration& configuration;
  const Report& report;
  const Who& who;
  const std::deque<Judged>& judged;
};

/// Adds the culprits of a root finding to the diagnosis; else a contradiction where everything allows, or
/// what keeps it unexplained. Consequences and notes are passed over.
void explain_finding(const Inside& inside, const Finding& finding, Diagnosis& diagnosis);

}  // namespace vpcprobe
