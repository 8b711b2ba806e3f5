#pragma once
#include <string>
#include <utility>
#include <variant>

namespace vpcprobe {

/// What the user got wrong: what, where, and the nearest valid value. `message` is one line, ready for
/// stderr.
struct UsageError {
  std::string message;
  bool incomplete = false;  ///< no mistake: a signal or the deadline came first (exit code 3)
};

/// A value, or the user's mistake (exit code 2). Network failures are never errors: they are observations.
template <typename T>
class Result {
 public:
  Result(T value) : state_(std::move(value)) {}
  Result(UsageError error) : state_(std::move(error)) {}

  explicit operator bool() const { return std::holds_alternative<T>(state_); }
  T& value() { return std::get<T>(state_); }
  const T& value() const { return std::get<T>(state_); }
  const UsageError& error() const { return std::get<UsageError>(state_); }

 private:
  std::variant<T, UsageError> state_;
};

}  // namespace vpcprobe
