#include "agent/cli/named_files.h"

#include <fcntl.h>
#include <poll.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <system_error>

#include "agent/base/json_node.h"
#include "agent/base/pause.h"
#include "agent/base/quoted.h"
#include "probes/handshake.h"

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

UsageError about(const char* option, const std::string& path, UsageError error) {
  error.message = std::string(option) + " " + in_quotes(path) + ": " + error.message;
  return error;
}

template <typename T>
std::optional<UsageError> read_into(std::optional<T>& target, const char* option, const std::string& path,
                                    Result<T> (*parse)(std::string_view), const std::atomic<bool>& stop,
                                    std::chrono::steady_clock::time_point end) {
  if (path.empty()) return {};
  const Result<std::string> text = read_input(path, kLongestDocument, stop, end);
  if (!text) return about(option, path, text.error());
  Result<T> parsed = parse(text.value());
  if (!parsed) return about(option, path, parsed.error());
  target = std::move(parsed.value());
  return {};
}

}  // namespace

Result<std::string> read_input(const std::string& path, std::size_t most, const std::atomic<bool>& stop,
                               std::chrono::steady_clock::time_point end) {
  const Descriptor file(path);
  if (file.number() < 0) return failure_of(errno);
  std::string text;
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

std::optional<UsageError> read_named_files(const Options& options, const std::atomic<bool>& stop,
                                           std::chrono::steady_clock::time_point end, TaskContext& context) {
  if (auto wrong = read_into(context.definition, "--task-definition", options.task_definition,
                             parse_task_definition, stop, end))
    return wrong;
  return read_into(context.recorded, "--from", options.from, parse_recorded_run, stop, end);
}

Result<std::string> read_ca_file(const Options& options, const std::atomic<bool>& stop,
                                 std::chrono::steady_clock::time_point end) {
  if (options.ca_file.empty()) return std::string();
  Result<std::string> roots = read_input(options.ca_file, kLongestDocument, stop, end);
  if (!roots) return about("--ca-file", options.ca_file, roots.error());
  if (!holds_certificate(roots.value()))
    return about("--ca-file", options.ca_file, UsageError{"holds no PEM certificate"});
  return roots;
}

}  // namespace vpcprobe
