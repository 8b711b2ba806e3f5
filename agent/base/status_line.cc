#include "agent/base/status_line.h"

#include <sys/ioctl.h>
#include <unistd.h>

#include <mutex>
#include <string>
#include <utility>

#include "agent/base/write.h"

namespace vpcprobe {
namespace {

// ECMA-48: EL, erase in line.
constexpr std::string_view kErase = "\r\x1b[K";
constexpr std::chrono::milliseconds kPatience{50};

struct StatusLine {
  std::mutex mutex;
  bool shown = false;
};

StatusLine& the_line() {
  static StatusLine line;
  return line;
}

}  // namespace

bool has_status_line(const char* term) {
  const std::string_view name = term == nullptr ? "" : term;
  return isatty(STDERR_FILENO) == 1 && !name.empty() && name != "dumb";
}

unsigned terminal_columns(int fd) {
  constexpr unsigned usual = 80;
  winsize size{};
  const bool known = ioctl(fd, TIOCGWINSZ, &size) == 0 && size.ws_col > 0;
  return known ? size.ws_col : usual;
}

void show_status_line(std::string_view line) {
  const std::lock_guard lock(the_line().mutex);
  the_line().shown = true;
  write_within(STDERR_FILENO, std::string(kErase) + std::string(line), kPatience);
}

void clear_status_line() {
  const std::lock_guard lock(the_line().mutex);
  if (std::exchange(the_line().shown, false)) write_within(STDERR_FILENO, kErase, kPatience);
}

}  // namespace vpcprobe
