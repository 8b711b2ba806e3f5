#pragma once
// What the findings about signed calls share (stages 5 and 6).
#include <vector>

#include "agent/diagnosis/findings.h"

namespace vpcprobe {

using Calls = std::vector<const CallObservation*>;

/// Those of an endpoint's calls that `wanted` says yes to.
template <typename Wanted>
Calls calls_with(const Subject& subject, Wanted wanted) {
  Calls calls;
  for (const CallObservation& call : subject.seen.calls) {
    if (wanted(call)) calls.push_back(&call);
  }
  return calls;
}

/// About the first of these calls, which end in the same way; not empty.
Finding finding_of(const Case& scene, const Rule& rule, const Subject& subject, const Calls& calls);

/// One finding for each endpoint at which calls end with this row's code; of its calls the gravest count.
Findings check_calls(const Case& scene, const Rule& rule);

}  // namespace vpcprobe
