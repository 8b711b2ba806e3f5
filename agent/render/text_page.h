#pragma once
// A page of text for a terminal: marks, labels, wrapped lines, commands that can be pasted.
#include <string>
#include <string_view>

#include "agent/base/text_layout.h"
#include "agent/render/render.h"

namespace vpcprobe {

/// Builds the page. Everything foreign goes through `clean` before it is measured or painted. Keeps a
/// reference to the style.
class Page {
 public:
  explicit Page(const Style& style) : style_(style) {}

  std::string clean(std::string_view text) const;

  void blank() { text_ += '\n'; }
  void raw(std::string_view text) { text_ += text; }
  std::size_t width() const { return style_.page_columns; }

  /// `left` wrapped after a mark, with `right` at the right edge of its last line or below it.
  void titled(std::string_view mark, Tone tone, const std::string& left, const std::string& right);
  /// `  Seen    …`, the rest of the lines under the first; `hang` more columns from the second line on. What
  /// does not fit on `most` lines is cut off, and a `…` says so.
  void labelled(std::string_view label, std::string_view body, std::size_t hang = 0,
                std::size_t most = std::string::npos);
  void command(std::string_view label, std::string_view command);
  /// Indented, wrapped, faint.
  void faint(const std::string& line);

  /// How many lines there are.
  std::size_t lines() const;
  std::string finish() && { return std::move(text_); }

 private:
  void line(std::string_view label, std::string_view body);

  const Style& style_;
  std::string text_;
};

}  // namespace vpcprobe
