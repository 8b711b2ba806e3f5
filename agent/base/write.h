#pragma once
#include <chrono>
#include <string>
#include <string_view>

namespace vpcprobe {

using WriteDeadline = std::chrono::steady_clock::time_point;

/// Writes all of `text` to a descriptor. False where the reader is gone, takes nothing for `patience`, or not
/// all of it within twice that: the exit code must still come out, whatever stands behind the descriptor.
/// After `until` a reader that takes nothing is given up at once, and one that reads soon.
bool write_within(int descriptor, std::string_view text, std::chrono::milliseconds patience,
                  WriteDeadline until = WriteDeadline::max());

/// Writes `text` to a file, whole or not at all (a temporary file beside it, renamed); what a link leads to,
/// not the link. A pipe or a device that is there is written to, by `until`. The returned text is empty, or
/// says what went wrong.
std::string write_file(const std::string& path, std::string_view text,
                       WriteDeadline until = WriteDeadline::max());

}  // namespace vpcprobe
