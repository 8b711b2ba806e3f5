#pragma once
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "agent/base/result.h"

namespace vpcprobe {

/// An endpoint of a saved report.
struct RecordedEndpoint {
  std::string service;  ///< its id; empty for a host outside the catalog
  std::string host;
  std::uint16_t port = 443;
  std::vector<std::string> required_by;
  /// True where the report shows an endpoint at work: its path says so, or the name answered with an address
  /// of the VPC. What it cannot show (S3 with a path to the internet) is false.
  bool present = false;
};

/// What a saved report says that a plan can use.
struct RecordedRun {
  std::string region;
  std::string account;
  std::string launch_type;
  std::vector<RecordedEndpoint> endpoints;
};

/// Reads a report of this program (schema vpc-probe/report/2). Bounded like every document that is read.
Result<RecordedRun> parse_recorded_run(std::string_view json);

}  // namespace vpcprobe
