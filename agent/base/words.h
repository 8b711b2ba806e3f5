#pragma once
// How numbers, times and lists read in a text.
#include <chrono>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "probes/observation.h"

namespace vpcprobe {

/// "a", "a and b", "a, b and c"; beyond `most`: "a, b and 5 more".
std::string enumerate(const std::vector<std::string>& words, std::size_t most = 8);
/// "0.41 ms", "12 ms", "3.0 s".
std::string duration_words(std::chrono::microseconds elapsed);
/// "1 endpoint", "3 endpoints".
std::string count_words(std::size_t count, std::string_view noun);
/// A code as words: "security-group" is "security group".
std::string spaced(std::string_view code);
/// "2026-11-23".
std::string date_words(WallTime time);
/// Replaces each {key} by `value(key)`. Keys are a closed set: an unknown one stays, and a test finds it.
std::string fill(std::string_view text, const std::function<std::string(std::string_view)>& value);

}  // namespace vpcprobe
