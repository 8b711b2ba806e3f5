#pragma once
#include <string>
#include <string_view>

namespace vpcprobe {

/// The texts with `separator` between them: "a b". A sentence takes enumerate() in words.h.
template <typename Texts>
std::string joined(const Texts& texts, std::string_view separator) {
  std::string all;
  for (const auto& text : texts) {
    if (&text != &*std::begin(texts)) all.append(separator);
    all.append(text);
  }
  return all;
}

}  // namespace vpcprobe
