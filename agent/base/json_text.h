#pragma once
// JSON as text, whatever bytes its strings hold: those that are no UTF-8 become U+FFFD, where nlohmann's own
// dump() throws.
#include <nlohmann/json.hpp>
#include <string>

namespace vpcprobe {

/// On one line, without a line end.
std::string json_text(const nlohmann::json& value);
/// The same in ASCII, for scripts and for what takes no other bytes.
std::string ascii_json_text(const nlohmann::json& value);

}  // namespace vpcprobe
