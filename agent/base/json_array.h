#pragma once
#include <string_view>

#include "agent/base/json_writer.h"

namespace vpcprobe {

/// The member `name`: an array in which `write(json, item)` writes the value of each item.
template <typename Items, typename Write>
void write_array(JsonWriter& json, std::string_view name, const Items& items, Write write) {
  json.key(name);
  json.begin_array();
  for (const auto& item : items) write(json, item);
  json.end_array();
}

/// The same for objects: `write(json, item)` writes the members of each.
template <typename Items, typename Write>
void write_objects(JsonWriter& json, std::string_view name, const Items& items, Write write) {
  json.key(name);
  json.begin_array();
  for (const auto& item : items) {
    json.begin_object();
    write(json, item);
    json.end_object();
  }
  json.end_array();
}

}  // namespace vpcprobe
