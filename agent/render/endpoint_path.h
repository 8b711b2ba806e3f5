#pragma once
// The path of an endpoint as a picture shows it: from the task through resolver and address to the service.
#include <string>
#include <vector>

#include "agent/diagnosis/report.h"

namespace vpcprobe {

/// How far the path holds. `closed`: it breaks here. `beyond`: not reached, or the run was over before.
enum class StepState : std::uint8_t { open, closed, beyond };

struct Step {
  StepState state = StepState::beyond;
  std::string what;    ///< "10.0.1.10", "TLS 1.3"
  std::string detail;  ///< "connected in 0.4 ms", "silent for 3.0 s"
};

/// The paths through each address part after the resolver.
struct EndpointPath {
  Step task;
  Step resolver;
  std::vector<std::vector<Step>> branches;  ///< address, TLS, service; one branch at least
  std::size_t left_out = 0;                 ///< addresses beyond those shown; none of them is worse
  StepState state = StepState::open;        ///< closed where any step is
};

/// At most `most` branches, broken ones first if not all fit.
EndpointPath path_of(const Report& report, const EndpointReport& endpoint, std::size_t most);

/// Whether this HTTP answer is what the endpoint has to give: only AWS's services answer as AWS does.
bool answers_rightly(const EndpointReport& endpoint, const HttpObservation& http);

/// Whether a root finding speaks of this endpoint, by name or as one of those it covers.
bool is_about(const Finding& finding, const EndpointReport& endpoint);

/// Red where the path breaks or an error speaks of it, beyond where nothing is known.
StepState state_of(const Report& report, const EndpointReport& endpoint);

/// The columns of a matrix: each id once, as they first come.
std::vector<std::string> endpoint_ids(const std::vector<Report>& reports);

}  // namespace vpcprobe
