#include "agent/base/words.h"

#include <algorithm>
#include <array>
#include <cstdio>
#include <ctime>

namespace vpcprobe {
namespace {

std::string number(const char* format, double value) {
  std::array<char, 32> text{};
  std::snprintf(text.data(), text.size(), format, value);
  return text.data();
}

}  // namespace

std::string enumerate(const std::vector<std::string>& words, std::size_t most) {
  std::string text;
  const std::size_t shown = words.size() <= most ? words.size() : most;
  for (std::size_t i = 0; i < shown; ++i) {
    if (i > 0) text += (i + 1 == words.size()) ? " and " : ", ";
    text += words[i];
  }
  if (shown < words.size()) text += " and " + std::to_string(words.size() - shown) + " more";
  return text;
}

std::string duration_words(std::chrono::microseconds elapsed) {
  const double ms = static_cast<double>(elapsed.count()) / 1000.0;
  if (ms < 10.0) return number("%.1f ms", ms);
  if (ms < 1000.0) return number("%.0f ms", ms);
  return number("%.1f s", ms / 1000.0);
}

std::string count_words(std::size_t count, std::string_view noun) {
  const bool hisses = !noun.empty() && noun.back() == 's';
  return std::to_string(count) + " " + std::string(noun) + (count == 1 ? "" : hisses ? "es" : "s");
}

std::string spaced(std::string_view code) {
  std::string text(code);
  std::replace(text.begin(), text.end(), '_', ' ');
  std::replace(text.begin(), text.end(), '-', ' ');
  return text;
}

std::string date_words(WallTime time) {
  const std::time_t seconds = std::chrono::system_clock::to_time_t(time);
  std::tm parts{};
  gmtime_r(&seconds, &parts);
  std::array<char, 16> text{};
  std::strftime(text.data(), text.size(), "%Y-%m-%d", &parts);
  return text.data();
}

std::string fill(std::string_view text, const std::function<std::string(std::string_view)>& value) {
  std::string filled;
  while (!text.empty()) {
    const std::size_t open = text.find('{');
    const std::size_t close = open == std::string_view::npos ? open : text.find('}', open);
    if (close == std::string_view::npos) break;
    filled += text.substr(0, open);
    filled += value(text.substr(open + 1, close - open - 1));
    text.remove_prefix(close + 1);
  }
  return filled += text;
}

}  // namespace vpcprobe
