#pragma once
#include <nlohmann/json.hpp>
#include <string_view>
#include <vector>

#include "agent/base/result.h"

namespace vpcprobe {

constexpr std::size_t kLongestTemplate = 16U << 20;  ///< bytes; plans of Terraform are long

/// The documents of a file that describes tasks: JSON (one value or several, an array of documents too) or
/// YAML, recognised by the first character. Actions of templates are replaced (placeholder.h). A list of
/// containers stays one document. Bounded: 16 MiB, 64 levels. The error is one line that repeats nothing of
/// the text.
Result<std::vector<nlohmann::json>> read_documents(std::string_view text);

}  // namespace vpcprobe
