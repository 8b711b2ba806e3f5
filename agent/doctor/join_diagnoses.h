#pragma once
// One verdict from what was seen in each subnet of the task.
#include <string>
#include <vector>

#include "agent/doctor/diagnosis.h"

namespace vpcprobe {

struct SubnetDiagnosis {
  std::string subnet, zone;
  Diagnosis diagnosis;
};

/// A subnet in which nothing was measured.
struct UnseenSubnet {
  std::string subnet, zone;
  std::string why;
};

/// The worst verdict is that of the task. Without a failure, an unseen subnet makes it incomplete: what was
/// not measured is not fine. The same culprit of several subnets stands once. `measured` is not empty. Pure.
Diagnosis join_diagnoses(std::vector<SubnetDiagnosis> measured, const std::vector<UnseenSubnet>& unseen);

/// Adds the subnets to what was not seen.
void add_unseen(const std::vector<UnseenSubnet>& unseen, Diagnosis& diagnosis);

}  // namespace vpcprobe
