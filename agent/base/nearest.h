#pragma once
// "Did you mean": the nearest of known names.
#include <span>
#include <string>
#include <string_view>

namespace vpcprobe {

/// The nearest of `names` to `word` by edit distance, empty where nothing is near enough to suggest.
std::string_view nearest(std::string_view word, std::span<const std::string_view> names);

/// "; did you mean "X"?", or nothing where no name is near.
std::string did_you_mean(std::string_view word, std::span<const std::string_view> names);

}  // namespace vpcprobe
