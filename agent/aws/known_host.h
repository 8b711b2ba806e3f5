#pragma once
// Names of AWS as texts hold them: with labels before the catalog's own names, or cut off in the middle.
#include <optional>
#include <string>
#include <string_view>

#include "agent/aws/catalog.h"

namespace vpcprobe {

/// Below a DNS suffix of AWS, whether the catalog knows it or not.
bool is_aws_name(std::string_view host);
/// The catalog's names, buckets and other labels before them, and an endpoint's own names ("….vpce.…").
std::optional<KnownHost> recognise_aws_name(std::string host);
/// The whole of a name that was cut off within its DNS suffix; empty where the catalog has none that begins
/// so.
std::string complete_aws_name(std::string_view cut);
/// Whether a name of the catalog may begin so, labels before it left aside.
bool may_begin_aws_name(std::string_view cut);

}  // namespace vpcprobe
