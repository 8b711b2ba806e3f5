#pragma once
// What each stage of an endpoint came to, over all its addresses: what metrics say of it.
#include <optional>
#include <string_view>
#include <vector>

#include "agent/diagnosis/report.h"

namespace vpcprobe {

/// One stage of one endpoint, over the addresses for which it was attempted.
struct StageView {
  std::string_view name;         ///< "name", "connect", "tls", "http"
  bool up = true;                ///< it went well everywhere
  std::vector<Elapsed> times{};  ///< where it went well, in the order of the addresses
};

/// The names of the network's stages, by their number in a finding less one.
std::vector<std::string_view> stage_names();

/// The stages that were attempted, in order. Addresses of a family that the task does not have are left out.
std::vector<StageView> stages_of(const EndpointReport& endpoint);

/// Whether the endpoint serves: something of it answers, and no error of the report is about it.
bool is_up(const Report& report, const EndpointReport& endpoint);

/// When the first certificate of the chains that its addresses present is over; nothing without any.
std::optional<WallTime> certificate_end(const EndpointReport& endpoint);

}  // namespace vpcprobe
