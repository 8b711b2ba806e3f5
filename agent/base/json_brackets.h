#pragma once

namespace vpcprobe {

/// Counts the open brackets in a text of JSON that is not parsed yet; those in strings do not count.
class JsonBrackets {
 public:
  /// Returns how many are open after `c`; below 0 where more were closed.
  int take(char c) {
    if (is_escaped_) {
      is_escaped_ = false;
    } else if (in_string_) {
      is_escaped_ = c == '\\';
      in_string_ = c != '"';
    } else if (c == '"') {
      in_string_ = true;
    } else if (c == '{' || c == '[') {
      ++open_;
    } else if (c == '}' || c == ']') {
      --open_;
    }
    return open_;
  }

 private:
  int open_ = 0;
  bool in_string_ = false;
  bool is_escaped_ = false;
};

}  // namespace vpcprobe
