#include "agent/cli/confirmation.h"

#include <poll.h>
#include <unistd.h>

#include "agent/base/write.h"

namespace vpcprobe {
namespace {

constexpr std::chrono::milliseconds kPatience{400};
constexpr int kTickMs = 100;
constexpr std::size_t kLongestAnswer = 100;

/// The line that is typed; nothing where a signal or the end of input comes first.
std::optional<std::string> typed_line(const std::atomic<bool>& stop) {
  std::string line;
  while (!stop && line.size() < kLongestAnswer) {
    pollfd input{STDIN_FILENO, POLLIN, 0};
    if (poll(&input, 1, kTickMs) <= 0) continue;
    char c = 0;
    if (read(STDIN_FILENO, &c, 1) != 1) return {};
    if (c == '\n') return line;
    line += c;
  }
  return {};
}

}  // namespace

std::optional<UsageError> confirm(const Surroundings& around, const std::string& table) {
  const bool is_shown = isatty(STDERR_FILENO) == 1;
  if (is_shown) write_within(STDERR_FILENO, table, kPatience);
  if (around.options.yes) return {};
  if (!is_shown || isatty(STDIN_FILENO) != 1)
    return UsageError{"this needs a yes, and no terminal is there to ask on: give --yes"};
  write_within(STDERR_FILENO, "Go on? [y/N] ", kPatience);
  const auto line = typed_line(around.stop);
  if (!line) write_within(STDERR_FILENO, "\n", kPatience);
  const bool is_yes = line && (*line == "y" || *line == "Y" || *line == "yes");
  if (is_yes) return {};
  return UsageError{"nothing was made or deleted", true};
}

}  // namespace vpcprobe
