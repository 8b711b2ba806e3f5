#include "agent/base/write.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <climits>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <memory>

#include "agent/base/pause.h"

namespace vpcprobe {
namespace {

using Clock = std::chrono::steady_clock;

constexpr std::chrono::milliseconds kPipePatience{500};
// A terminal polls writable with room for one byte; the end of a line takes two.
constexpr int kShortOfRoom = 5;  // ms

/// A stopped terminal blocks a write of more bytes than it has room for, whatever poll said. So the terminal
/// is opened again with O_NONBLOCK; on the given descriptor the flag would change the shell's terminal too.
class TerminalOf {
 public:
  explicit TerminalOf(int descriptor) : given_(descriptor) {
    if (isatty(descriptor) != 1) return;
    const std::string path = "/proc/self/fd/" + std::to_string(descriptor);
    own_ = open(path.c_str(), O_WRONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
  }
  ~TerminalOf() {
    if (own_ >= 0) close(own_);
  }
  TerminalOf(const TerminalOf&) = delete;
  TerminalOf& operator=(const TerminalOf&) = delete;

  /// The descriptor to write to: the given one if it is no terminal or cannot be opened again.
  int descriptor() const { return own_ >= 0 ? own_ : given_; }

 private:
  int given_;
  int own_ = -1;
};

/// When to stop waiting for a reader.
class GivingUp {
 public:
  GivingUp(std::chrono::milliseconds patience, WriteDeadline until) : patience_(patience) {
    const auto begun = Clock::now();
    const auto most = begun + 2 * patience;
    until_ = std::clamp(until, begun, most);
    end_ = std::min(most, until_ + kForOneThatReads);
  }
  /// The end of the wait if the reader takes nothing after `now`.
  Clock::time_point from(Clock::time_point now) const {
    const auto soon = std::min(patience_, kForOneThatSleeps);
    return std::min(end_, now + std::clamp(time_left(until_), soon, patience_));
  }

 private:
  // Extra time after `until`: a reader may be about to read, and a text that it has begun should be complete.
  static constexpr std::chrono::milliseconds kForOneThatSleeps{50};
  static constexpr std::chrono::milliseconds kForOneThatReads{300};

  std::chrono::milliseconds patience_;
  Clock::time_point until_;
  Clock::time_point end_;
};

std::string write_to_what_is_there(const std::string& path, std::string_view text, WriteDeadline until) {
  const int fd = open(path.c_str(), O_WRONLY | O_NONBLOCK | O_CLOEXEC);
  if (fd < 0) return path + ": " + strerror(errno);
  const bool whole = write_within(fd, text, kPipePatience, until);
  close(fd);
  return whole ? "" : path + ": nothing takes all of it";
}

/// Where the links end; `path` itself where nothing is there yet.
std::string target_of(const std::string& path) {
  const std::unique_ptr<char, decltype(&std::free)> real(realpath(path.c_str(), nullptr), std::free);
  return real ? std::string(real.get()) : path;
}

}  // namespace

bool write_within(int descriptor, std::string_view text, std::chrono::milliseconds patience,
                  WriteDeadline until) {
  const TerminalOf terminal(descriptor);
  const GivingUp giving_up(patience, until);
  auto give_up = giving_up.from(Clock::now());
  while (!text.empty()) {
    pollfd wanted{terminal.descriptor(), POLLOUT, 0};
    const int ready = poll(&wanted, 1, static_cast<int>(time_left(give_up).count()));
    if (ready < 0 && errno == EINTR) continue;
    if (ready <= 0) return false;
    // A pipe that polls writable takes PIPE_BUF bytes without blocking (pipe(7)).
    const ssize_t written =
        write(terminal.descriptor(), text.data(), std::min<std::size_t>(text.size(), PIPE_BUF));
    if (written > 0) {
      text.remove_prefix(static_cast<std::size_t>(written));
      give_up = giving_up.from(Clock::now());
    } else if (written == 0 || (errno != EINTR && errno != EAGAIN) || Clock::now() >= give_up) {
      return false;
    } else if (errno == EAGAIN) {
      poll(nullptr, 0, kShortOfRoom);
    }
  }
  return true;
}

std::string write_file(const std::string& named, std::string_view text, WriteDeadline until) {
  struct stat there {};
  if (stat(named.c_str(), &there) == 0 && !S_ISREG(there.st_mode) && !S_ISDIR(there.st_mode))
    return write_to_what_is_there(named, text, until);
  const std::string path = target_of(named);
  const std::string unfinished = path + ".part";
  const int fd = open(unfinished.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
  if (fd < 0) return unfinished + ": " + strerror(errno);
  std::string problem;
  while (!text.empty() && problem.empty()) {
    const ssize_t written = write(fd, text.data(), text.size());
    if (written < 0 && errno != EINTR) problem = unfinished + ": " + strerror(errno);
    if (written > 0) text.remove_prefix(static_cast<std::size_t>(written));
  }
  if (close(fd) != 0 && problem.empty()) problem = unfinished + ": " + strerror(errno);
  if (problem.empty() && rename(unfinished.c_str(), path.c_str()) != 0)
    problem = path + ": " + strerror(errno);
  if (!problem.empty()) unlink(unfinished.c_str());
  return problem;
}

}  // namespace vpcprobe
