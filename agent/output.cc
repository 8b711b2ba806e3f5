#include "agent/output.h"

#include <fcntl.h>
#include <poll.h>
#include <unistd.h>

#include <cerrno>
#include <climits>
#include <cstdio>
#include <cstring>

namespace vpcprobe {

bool write_within(int descriptor, std::string_view text, std::chrono::milliseconds patience) {
  while (!text.empty()) {
    pollfd wanted{descriptor, POLLOUT, 0};
    const int ready = poll(&wanted, 1, static_cast<int>(patience.count()));
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

std::string write_file(const std::string& path, std::string_view text) {
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
