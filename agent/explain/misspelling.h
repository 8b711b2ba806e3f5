#pragma once
// Typing errors in AWS's names: "….amazonaws.comm", "….ecr.eu-wset-1.amazonaws.com".
#include <optional>
#include <string>

#include "agent/explain/evidence.h"

namespace vpcprobe {

struct Misspelling {
  std::string host;     ///< as written
  std::string meant;    ///< the nearest name that AWS has
  bool region = false;  ///< the Region is wrong, not the domain
};

/// Nothing for a name that AWS may have, and for one that is not near enough to one of AWS's. Ask only for
/// names that DNS did not find: a Region may be younger than the table.
std::optional<Misspelling> misspelling_in(const NamedHost& host);

}  // namespace vpcprobe
