#pragma once
#include <chrono>
#include <string>
#include <string_view>

namespace vpcprobe {

using WriteDeadline = std::chrono::steady_clock::time_point;

/// Writes all of `text` to a descriptor. False if the reader is gone, takes nothing for `patience`, or does
/// not take all of it within twice that: a reader that hangs must not keep the process from ending. After
/// `until`, a reader that takes nothing gets 50 ms more, one that reads 300 ms.
bool write_within(int descriptor, std::string_view text, std::chrono::milliseconds patience,
                  WriteDeadline until = WriteDeadline::max());

/// Writes `text` to a file, whole or not at all (a temporary file beside it, renamed); what a link leads to,
/// not the link. A pipe or a device that is there is written to, by `until`. The returned text is empty, or
/// says what went wrong.
std::string write_file(const std::string& path, std::string_view text,
                       WriteDeadline until = WriteDeadline::max());

}  // namespace vpcprobe
