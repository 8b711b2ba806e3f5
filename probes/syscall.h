#pragma once
#include <cerrno>
#include <system_error>

namespace vpcprobe {

/// Returns `result`, or throws std::system_error that names the attempt: this machine is broken, not the
/// network.
inline int check_syscall(const char* attempt, int result) {
  if (result < 0) throw std::system_error(errno, std::generic_category(), attempt);
  return result;
}

}  // namespace vpcprobe
