#pragma once
// Members of JSON from outside that may be missing or of another kind: what is not there is empty, no error.
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <vector>

namespace vpcprobe {

/// Null where `object` is no object, or has no such member or a null one. Lives as long as `object`.
const nlohmann::json* member_of(const nlohmann::json& object, std::string_view key);
/// The member's text; empty where it is no string.
std::string text_in(const nlohmann::json& object, std::string_view key);
/// The member; an empty array where it is none. Lives as long as `object`.
const nlohmann::json& list_in(const nlohmann::json& object, std::string_view key);
/// The texts of that list; what is no string is passed over.
std::vector<std::string> texts_in(const nlohmann::json& object, std::string_view key);

}  // namespace vpcprobe
