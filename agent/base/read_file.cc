#include "agent/base/read_file.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <system_error>

#include "agent/base/pause.h"

namespace vpcprobe {
namespace {

class Descriptor {
 public:
  explicit Descriptor(const std::string& path)
      : number_(path == "-" ? STDIN_FILENO : open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK)) {}
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  ~Descriptor() {
    if (number_ > STDIN_FILENO) close(number_);
  }
  int number() const { return number_; }

 private:
  int number_;
};

/// Whether there is something to read, or an end, before `end` and before `stop` is set: a FIFO without a
/// writer, or a terminal, may never have either.
bool wait_for_input(int number, const std::atomic<bool>& stop, std::chrono::steady_clock::time_point end) {
  constexpr std::chrono::milliseconds look_at_stop{100};
  while (!stop) {
    const std::chrono::milliseconds left = time_left(end);
    pollfd ready{number, POLLIN, 0};
    if (poll(&ready, 1, static_cast<int>(std::min(left, look_at_stop).count())) > 0) return true;
    if (left.count() == 0) return false;
  }
  return false;
}

UsageError failure_of(int error) { return {std::generic_category().message(error)}; }

}  // namespace

Result<std::string> read_input(const std::string& path, std::size_t most, const std::atomic<bool>& stop,
                               std::chrono::steady_clock::time_point end) {
  const Descriptor file(path);
  if (file.number() < 0) return failure_of(errno);
  std::string text;
  struct stat status {};
  // Growing by doubling would take three times the memory of a large file.
  if (fstat(file.number(), &status) == 0 && S_ISREG(status.st_mode) && status.st_size > 0)
    text.reserve(std::min(static_cast<std::size_t>(status.st_size), most) + 1);
  std::array<char, 64 * 1024> buffer;
  while (text.size() <= most) {
    const bool is_ready = wait_for_input(file.number(), stop, end);
    if (stop) return UsageError{"interrupted before its end", true};
    if (!is_ready) return UsageError{"its end did not come within the deadline", true};
    const ssize_t count = read(file.number(), buffer.data(), buffer.size());
    if (count == 0) return text;
    if (count < 0 && errno != EINTR && errno != EAGAIN) return failure_of(errno);
    if (count > 0) text.append(buffer.data(), static_cast<std::size_t>(count));
  }
  return UsageError{"longer than " + std::to_string(most >> 20) + " MiB"};
}

}  // namespace vpcprobe
