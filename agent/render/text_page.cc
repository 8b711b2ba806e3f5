#include "agent/render/text_page.h"

#include <algorithm>

#include "agent/base/printable.h"

namespace vpcprobe {
namespace {

constexpr std::size_t kLabel = 12;  // "  ECS says  "

/// Ends a line with the sign that more follows, without its last words where there is no room for it.
void cut_end(std::string& line, std::size_t room, const Style& style) {
  const std::string sign = style.utf8 ? " …" : " ...";
  while (columns(line) + columns(sign) > room) {
    const std::size_t blank = line.rfind(' ');
    if (blank == std::string::npos) {
      line = shorten(line, room - columns(sign), style);
      break;
    }
    line.resize(blank);
  }
  line += sign;
}

}  // namespace

std::size_t Page::lines() const {
  return static_cast<std::size_t>(std::count(text_.begin(), text_.end(), '\n'));
}

std::string Page::clean(std::string_view text) const { return printable(text, style_.utf8); }

void Page::titled(std::string_view mark, Tone tone, const std::string& left, const std::string& right) {
  const std::size_t indent = mark.empty() ? 0 : columns(mark) + 1;
  const std::size_t room = width() - indent;
  const std::string end = shorten(right, room, style_);
  std::vector<std::string> lines = wrap(left, room);
  if (columns(lines.back()) + 2 + columns(end) > room && !end.empty()) lines.emplace_back();
  for (std::size_t i = 0; i < lines.size(); ++i) {
    if (i > 0 || indent == 0) text_.append(indent, ' ');
    if (i == 0 && indent > 0) text_ += paint(mark, tone, style_) + ' ';
    text_ += paint(lines[i], indent > 0 ? Tone::strong : Tone::plain, style_);
    if (i + 1 == lines.size() && !end.empty()) {
      text_.append(room - columns(lines[i]) - columns(end), ' ');
      text_ += paint(end, tone, style_);
    }
    text_ += '\n';
  }
}

void Page::labelled(std::string_view label, std::string_view body, std::size_t hang, std::size_t most) {
  const std::size_t room = width() - kLabel - (columns(label) + 2 >= kLabel ? 1 : 0);
  std::vector<std::string> lines = wrap(body, room, hang);
  if (lines.size() > most) {
    lines.resize(most);
    cut_end(lines.back(), room - (most > 1 ? hang : 0), style_);
  }
  for (std::size_t i = 0; i < lines.size(); ++i) {
    line(i == 0 ? label : "", i == 0 ? lines[i] : std::string(hang, ' ') + lines[i]);
  }
}

void Page::command(std::string_view label, std::string_view command) {
  for (const CommandLine& part : break_command(command, width() - kLabel)) {
    if (part.at_margin) {
      text_ += part.text + '\n';
    } else {
      line(label, part.text);
    }
    label = "";
  }
}

void Page::line(std::string_view label, std::string_view body) {
  std::string left = "  " + pad(label, kLabel - 2);
  if (left.size() >= kLabel && left.back() != ' ') left += ' ';
  text_ += label.empty() ? left : paint(left, Tone::faint, style_);
  text_ += body;
  text_ += '\n';
}

void Page::faint(const std::string& line) {
  for (const std::string& part : wrap(line, width() - 2))
    text_ += "  " + paint(part, Tone::faint, style_) + '\n';
}

}  // namespace vpcprobe
