#pragma once
// Containers that are known by their image, and what they call. To add one, add a row to kSidecars in
// sidecar.cc.
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace vpcprobe {

/// A known image and what runs in it calls.
struct Sidecar {
  std::string_view image;     ///< the end of the image's path, whatever the registry: "aws-xray-daemon"
  std::string_view name;      ///< "the X-Ray daemon"
  std::string_view services;  ///< ids of the catalog, comma separated
  std::string_view hosts{};   ///< outside AWS, comma separated; {site} is the variable's value
  std::string_view site_variable{};  ///< the variable that names the vendor's site
  std::string_view default_site{};
  std::string_view logs_variable{};  ///< "true" in it adds `logs_host`
  std::string_view logs_host{};
  std::string_view own_configuration{};  ///< a variable that may add destinations, which are then not known
  std::string_view remark{};             ///< what else its calls depend on, as a sentence
};

/// The row for this image, or null.
const Sidecar* find_sidecar(std::string_view image);
/// Its hosts outside AWS, with the settings of the container.
std::vector<std::string> hosts_of(const Sidecar& sidecar, const std::map<std::string, std::string>& settings);
/// Whether a container's variable decides what a sidecar calls: only such values are kept.
bool is_sidecar_setting(std::string_view variable);

}  // namespace vpcprobe
