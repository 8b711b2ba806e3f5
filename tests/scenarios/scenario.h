#pragma once
#include <string>
#include <vector>

#include "scenarios/world.h"

namespace vpcprobe::scenarios {

using Lines = std::vector<std::string>;

struct Scenario {
  const char* name;
  void (*breaks)(World&);
  int exit;
  Lines roots;
  Lines masked = {};  ///< "code < root"
};

/// Credentials, what AWS answers to signed calls, and objects.
const std::vector<Scenario>& permissions();

}  // namespace vpcprobe::scenarios
