#pragma once
// The line of a terminal on stderr that is rewritten in place and leaves nothing behind.
#include <string_view>

namespace vpcprobe {

/// Whether stderr is a terminal that can erase a line; `term` is the value of TERM, null where it is unset.
bool has_status_line(const char* term);
/// The columns of the terminal at `fd`, 80 where none says.
unsigned terminal_columns(int fd);

/// Shows a line instead of the last one. `line` is printable, without a line end, and narrower than the
/// terminal. Safe from any thread.
void show_status_line(std::string_view line);
/// Takes the line away, so that what is written next starts at column 0.
void clear_status_line();

}  // namespace vpcprobe
