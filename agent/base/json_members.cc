#include "agent/base/json_members.h"

namespace vpcprobe {

const nlohmann::json* member_of(const nlohmann::json& object, std::string_view key) {
  const auto found = object.is_object() ? object.find(key) : object.end();
  return found == object.end() || found->is_null() ? nullptr : &*found;
}

std::string text_in(const nlohmann::json& object, std::string_view key) {
  const nlohmann::json* member = member_of(object, key);
  return member != nullptr && member->is_string() ? member->get<std::string>() : std::string();
}

const nlohmann::json& list_in(const nlohmann::json& object, std::string_view key) {
  static const nlohmann::json none = nlohmann::json::array();
  const nlohmann::json* member = member_of(object, key);
  return member != nullptr && member->is_array() ? *member : none;
}

std::vector<std::string> texts_in(const nlohmann::json& object, std::string_view key) {
  std::vector<std::string> texts;
  for (const nlohmann::json& item : list_in(object, key))
    if (item.is_string()) texts.push_back(item.get<std::string>());
  return texts;
}

}  // namespace vpcprobe
