#pragma once
#include <algorithm>
#include <string_view>

namespace vpcprobe {

/// Takes the first line off `text` and returns it without its "\n"; a "\r" before that stays in it. The last
/// line may lack the "\n": one that ends the text begins no empty line. `while (!text.empty())` takes all.
inline std::string_view take_line(std::string_view& text) {
  const std::size_t end = std::min(text.find('\n'), text.size());
  const std::string_view line = text.substr(0, end);
  text.remove_prefix(std::min(end + 1, text.size()));
  return line;
}

}  // namespace vpcprobe
