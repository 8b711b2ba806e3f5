#pragma once
#include <string_view>

namespace vpcprobe {

/// When services.tsv was last compared with its sources: YYYY-MM-DD.
std::string_view services_date();

}  // namespace vpcprobe
