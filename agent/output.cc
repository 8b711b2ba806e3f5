#include "agent/output.h"

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

namespace vpcprobe {
namespace {

constexpr std::chrono::milliseconds kPipePatience{500};

std::string write_to_what_is_there(const std::string& path, std::string_view text) {
  const int fd = open(path.c_str(), O_WRONLY | O_NONBLOCK | O_CLOEXEC);
  if (fd < 0) return path + ": " + strerror(errno);
  const bool whole = write_within(fd, text, kPipePatience);
  close(fd);
  return whole ? "" : path + ": nothing takes all of it";
}

/// Where the links end; `path` itself where nothing is there yet.
std::string target_of(const std::string& path) {
  const std::unique_ptr<char, decltype(&std::free)> real(realpath(path.c_str(), nullptr), std::free);
  return real ? std::string(real.get()) : path;
}

}  // namespace

bool write_within(int descriptor, std::string_view text, std::chrono::milliseconds patience) {
  using Clock = std::chrono::steady_clock;
  const auto end = Clock::now() + 2 * patience;
  while (!text.empty()) {
    pollfd wanted{descriptor, POLLOUT, 0};
    const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(end - Clock::now());
    const int ready = poll(&wanted, 1, static_cast<int>(std::clamp(left, {}, patience).count()));
    if (ready < 0 && errno == EINTR) continue;
    if (ready <= 0) return false;
    // A pipe that polls writable takes PIPE_BUF bytes without blocking (pipe(7)).
    const ssize_t written = write(descriptor, text.data(), std::min<std::size_t>(text.size(), PIPE_BUF));
    if (written < 0 && (errno == EINTR || errno == EAGAIN)) continue;
    if (written <= 0) return false;
    text.remove_prefix(static_cast<std::size_t>(written));
  }
  return true;
}

std::string write_file(const std::string& named, std::string_view text) {
  struct stat there {};
  if (stat(named.c_str(), &there) == 0 && !S_ISREG(there.st_mode) && !S_ISDIR(there.st_mode))
    return write_to_what_is_there(named, text);
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
