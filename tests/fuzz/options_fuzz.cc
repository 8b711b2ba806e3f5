// Whatever stands on the command line or in the environment: options, a text to print, or one clean line.
#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

#include "agent/plan/plan.h"

namespace {

/// Lines of the input, each ended for C. What stands before an empty line are words, behind it are variables.
std::vector<std::string> lines_of(std::string_view text) {
  std::vector<std::string> lines;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    lines.emplace_back(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return lines;
}

void must_be_one_line(const std::string& text) {
  for (const char c : text) {
    if (c < 0x20 || c > 0x7e) std::abort();
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::vector<std::string> lines = lines_of({reinterpret_cast<const char*>(data), size});
  std::vector<const char*> words = {"vpc-probe"};
  std::size_t next = 0;
  for (; next < lines.size() && !lines[next].empty(); ++next) words.push_back(lines[next].c_str());
  const auto environment = [&](const char* name) -> const char* {
    const std::string prefix = std::string(name) + "=";
    for (std::size_t i = next; i < lines.size(); ++i) {
      if (lines[i].starts_with(prefix)) return lines[i].c_str() + prefix.size();
    }
    return nullptr;
  };
  const auto invocation = vpcprobe::parse_options(static_cast<int>(words.size()), words.data(), environment);
  if (!invocation) {
    must_be_one_line(invocation.error().message);
    return 0;
  }
  const auto plan = vpcprobe::make_plan(invocation.value().options, {});
  if (!plan) must_be_one_line(plan.error().message);
  return 0;
}
