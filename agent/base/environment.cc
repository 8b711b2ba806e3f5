#include "agent/base/environment.h"

namespace vpcprobe {

std::string value_of(const Environment& environment, const char* name) {
  const char* value = environment(name);
  return value == nullptr ? "" : value;
}

}  // namespace vpcprobe
