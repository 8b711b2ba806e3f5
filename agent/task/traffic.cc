#include "agent/task/traffic.h"

#include <array>

namespace vpcprobe {

std::string_view to_string(Role role) {
  constexpr std::array<std::string_view, 4> kNames = {"execution", "task", "instance", "none"};
  return kNames[static_cast<std::size_t>(role)];
}

std::string_view to_string(Carrier carrier) {
  constexpr std::array<std::string_view, 3> kNames = {"task", "instance", "platform"};
  return kNames[static_cast<std::size_t>(carrier)];
}

}  // namespace vpcprobe
