#include "agent/doctor/diagnosis.h"

#include "agent/base/words.h"

namespace vpcprobe {

std::string resource_words(const ResourceName& resource) {
  const bool has_name = !resource.name.empty() && resource.name != resource.id;
  return spaced(resource.type) + " " + resource.id + (has_name ? " (" + resource.name + ")" : "");
}

}  // namespace vpcprobe
