// Whatever a YAML file holds: bounded values or one clean line.
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "agent/base/yaml.h"

namespace {

std::size_t values_in(const nlohmann::json& value) {
  std::size_t count = 1;
  if (value.is_structured()) {
    for (const auto& item : value) count += values_in(item);
  }
  return count;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  constexpr std::size_t most_values = 1'000'000;
  const auto read = vpcprobe::parse_yaml({reinterpret_cast<const char*>(data), size});
  if (!read) {
    for (const char c : read.error().message) {
      if (c < 0x20 || c > 0x7e) std::abort();
    }
    return 0;
  }
  std::size_t count = 0;
  for (const auto& document : read.value()) count += values_in(document);
  if (count > most_values) std::abort();
  return 0;
}
