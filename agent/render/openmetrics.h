#pragma once
#include <string>

#include "agent/diagnosis/report.h"

namespace vpcprobe {

/// The content type of what follows. Source: OpenMetrics 1.0, "Protocol Negotiation".
constexpr const char* kOpenMetricsType = "application/openmetrics-text; version=1.0.0; charset=utf-8";

/// The last round as a page of gauges, vpc_probe_….
std::string render_openmetrics(const Report& report);

}  // namespace vpcprobe
