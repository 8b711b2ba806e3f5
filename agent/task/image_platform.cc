#include "agent/task/image_platform.h"

#include <sys/utsname.h>

#include <algorithm>
#include <array>

#include "agent/base/text_search.h"

namespace vpcprobe {
namespace {

/// Names of processors as kernels, compilers and ECS write them, and the OCI specification's (Go's GOARCH).
struct ArchitectureName {
  std::string_view word;
  std::string_view name;
};
constexpr std::array kArchitectures = std::to_array<ArchitectureName>({
    {"x86_64", "amd64"},
    {"x86-64", "amd64"},
    {"aarch64", "arm64"},
    {"i386", "386"},
    {"i686", "386"},
    {"armhf", "arm"},
    {"armv7l", "arm"},
    {"armv6l", "arm"},
    {"armel", "arm"},
});

/// Which smaller processors a machine also runs (containerd's platforms.Only).
struct AlsoRuns {
  std::string_view machine;
  std::string_view image;
};
constexpr std::array kAlsoRuns = std::to_array<AlsoRuns>({{"amd64", "386"}, {"arm64", "arm"}});

bool is_plain_word(std::string_view word) {
  constexpr std::size_t kLongest = 32;
  return !word.empty() && word.size() <= kLongest &&
         word.find_first_not_of("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-") ==
             std::string_view::npos;
}

}  // namespace

std::string ImagePlatform::to_string() const {
  return os + "/" + architecture + (variant.empty() ? "" : "/" + variant);
}

std::string architecture_name(std::string_view word) {
  const std::string lower = lower_case(word);
  const auto row = std::find_if(kArchitectures.begin(), kArchitectures.end(),
                                [&](const ArchitectureName& known) { return known.word == lower; });
  return row == kArchitectures.end() ? lower : std::string(row->name);
}

std::optional<ImagePlatform> parse_image_platform(std::string_view text) {
  const std::size_t first = text.find('/');
  if (first == std::string_view::npos) return std::nullopt;
  const std::string_view os = text.substr(0, first);
  text.remove_prefix(first + 1);
  const std::size_t second = std::min(text.find('/'), text.size());
  const bool has_variant = second < text.size();
  const std::string_view variant = has_variant ? text.substr(second + 1) : std::string_view();
  text = text.substr(0, second);
  if (!is_plain_word(os) || !is_plain_word(text) || (has_variant && !is_plain_word(variant)))
    return std::nullopt;
  return ImagePlatform{lower_case(os), architecture_name(text), lower_case(variant)};
}

ImagePlatform machine_platform() {
  utsname machine{};
  uname(&machine);
  return {"linux", architecture_name(machine.machine), {}};
}

int suitability(const ImagePlatform& wanted, const ImagePlatform& offered) {
  if (wanted.os != offered.os) return 0;
  if (wanted.architecture == offered.architecture) {
    if (wanted.variant == offered.variant) return 4;
    if (wanted.variant.empty() || offered.variant.empty()) return 3;
    return 0;
  }
  const bool runs = std::any_of(kAlsoRuns.begin(), kAlsoRuns.end(), [&](const AlsoRuns& row) {
    return row.machine == wanted.architecture && row.image == offered.architecture;
  });
  return runs ? 1 : 0;
}

}  // namespace vpcprobe
