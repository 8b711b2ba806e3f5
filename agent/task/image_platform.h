#pragma once
#include <optional>
#include <string>
#include <string_view>

namespace vpcprobe {

/// What an image is built for, in the words of the OCI image specification.
struct ImagePlatform {
  std::string os;            ///< "linux"
  std::string architecture;  ///< "amd64", "arm64", …
  std::string variant;       ///< "v8"; empty where none is said

  std::string to_string() const;  ///< "linux/arm64/v8"
  bool operator==(const ImagePlatform&) const = default;
};

/// `OS/ARCHITECTURE[/VARIANT]`, with the usual other names ("x86_64", "aarch64") brought to the
/// specification's.
std::optional<ImagePlatform> parse_image_platform(std::string_view text);

/// Linux on the processor that this program runs on.
ImagePlatform machine_platform();

/// The specification's name for a processor ("amd64" for "x86_64", "X86_64" and "amd64"); others in lower
/// case.
std::string architecture_name(std::string_view word);

/// How well what an image offers suits: 0 not at all, else the more the better. As containerd does, a 64-bit
/// x86 or ARM machine also takes the 32-bit image.
int suitability(const ImagePlatform& wanted, const ImagePlatform& offered);

}  // namespace vpcprobe
