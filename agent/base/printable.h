#pragma once
// Text from the network made safe to show, and measured as a terminal shows it.
#include <cstddef>
#include <string>
#include <string_view>

namespace vpcprobe {

/// The first character of a text.
struct Decoded {
  char32_t character = 0;  ///< U+FFFD where the bytes are not UTF-8
  std::size_t length = 1;  ///< bytes it takes; 1 where they are not UTF-8
  bool valid = false;
};
/// Strict UTF-8 (RFC 3629): no overlong forms, no surrogates, nothing above U+10FFFF. `text` is not empty.
Decoded decode_utf8(std::string_view text);

/// False for what moves the cursor, reorders or hides text: C0, DEL, C1, bidirectional and zero-width
/// controls, line separators, tags, noncharacters.
bool is_printable(char32_t character);

/// Columns in a terminal: 0 for combining marks, 2 for East Asian wide characters and emoji, else 1.
std::size_t columns(char32_t character);
std::size_t columns(std::string_view text);

/// `text` as one harmless line: tabs and line ends become a space, everything else that is not printable
/// becomes U+FFFD. With `utf8` false the result is ASCII: "…" becomes "...", "–" becomes "-", the unknown
/// "?".
std::string printable(std::string_view text, bool utf8);

}  // namespace vpcprobe
