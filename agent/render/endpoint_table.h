#pragma once
#include <cstddef>
#include <string>
#include <vector>

#include "agent/base/style.h"
#include "agent/render/table_rows.h"

namespace vpcprobe {

/// One row for each endpoint and one for each address that differs, endpoints that fail first, with the
/// heading. Rows beyond `most_lines` (at least 4) are counted; of those that fail, their names are given.
/// Empty where there is no endpoint.
std::string render_endpoints(std::vector<EndpointRows> endpoints, const Style& style, std::size_t most_lines);

/// The lines that all endpoints together with the heading need.
std::size_t lines_of(const std::vector<EndpointRows>& endpoints);
/// The lines that those which fail need.
std::size_t failing_lines_of(const std::vector<EndpointRows>& endpoints);

}  // namespace vpcprobe
