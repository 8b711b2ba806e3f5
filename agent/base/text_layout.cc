#include "agent/base/text_layout.h"

#include <algorithm>

#include "agent/base/printable.h"

namespace vpcprobe {
namespace {

/// Bytes of the longest prefix of `text` that takes at most `width` columns; at least one character.
std::size_t prefix_within(std::string_view text, std::size_t width) {
  std::size_t bytes = 0;
  std::size_t used = 0;
  while (bytes < text.size()) {
    const Decoded next = decode_utf8(text.substr(bytes));
    used += columns(next.character);
    if (used > width && bytes > 0) break;
    bytes += next.length;
  }
  return bytes;
}

/// Bytes of the shortest suffix start so that the rest takes at most `width` columns.
std::size_t suffix_within(std::string_view text, std::size_t width) {
  std::size_t left = columns(text);
  std::size_t start = 0;
  while (start < text.size() && left > width) {
    const Decoded next = decode_utf8(text.substr(start));
    left -= columns(next.character);
    start += next.length;
  }
  return start;
}

std::vector<std::string_view> words_of(std::string_view text) {
  std::vector<std::string_view> words;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find(' '), text.size());
    if (end > 0) words.push_back(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return words;
}

/// Where the shell is inside a word.
struct Quoting {
  char open = 0;         ///< the quote that is open, or 0
  bool escaped = false;  ///< the last character was a backslash that takes the next one

  void take(char byte) {
    if (escaped) {
      escaped = false;
    } else if (byte == '\\' && open != '\'') {
      escaped = true;
    } else if (open == 0 && (byte == '\'' || byte == '"')) {
      open = byte;
    } else if (byte == open) {
      open = 0;
    }
  }
};

/// The arguments as written, quotes and all.
std::vector<std::string_view> arguments_of(std::string_view command) {
  std::vector<std::string_view> arguments;
  Quoting quoting;
  std::size_t start = 0;
  for (std::size_t i = 0; i <= command.size(); ++i) {
    const bool end = i == command.size() || (command[i] == ' ' && quoting.open == 0 && !quoting.escaped);
    if (end) {
      if (i > start) arguments.push_back(command.substr(start, i - start));
      start = i + 1;
    } else {
      quoting.take(command[i]);
    }
  }
  return arguments;
}

class CommandBreaker {
 public:
  explicit CommandBreaker(std::size_t width) : limit_(width - 2) {}

  /// Takes an option with its value if the two fit on one line, this or the next.
  bool add_whole(std::string_view option) {
    if (columns(option) + 2 > limit_) return false;
    add(option);
    return true;
  }

  void add(std::string_view argument) {
    const std::size_t used = columns(current_.text);
    if (used > 0 && used + 1 + columns(argument) <= limit_) {
      current_.text += ' ';
      current_.text += argument;
      return;
    }
    if (used > 0) {
      end_line(" \\");
      current_.text = "  ";
    }
    add_broken(argument);
  }

  std::vector<CommandLine> finish() && {
    lines_.push_back(std::move(current_));
    return std::move(lines_);
  }

 private:
  void end_line(std::string_view mark) {
    current_.text += mark;
    lines_.push_back(std::move(current_));
    current_ = {};
  }

  /// A backslash and a line end vanish outside single quotes, so that an open single quote is closed before
  /// and opened again after.
  void add_broken(std::string_view argument) {
    Quoting quoting;
    while (!argument.empty()) {
      const std::string_view next = argument.substr(0, decode_utf8(argument).length);
      // Two columns stay free beyond the limit: a closing quote and the backslash.
      // A backslash takes along the character after it, which may be two columns wide.
      const std::size_t room = columns(next) + (next == "\\" ? 2 : 0);
      const bool full = columns(current_.text) + room > limit_;
      if (full && !quoting.escaped) {
        const bool single = quoting.open == '\'';
        const std::string rest = take_after_comma();
        end_line(single ? "'\\" : "\\");
        current_ = {(single ? "'" : "") + rest, true};
      }
      current_.text += next;
      quoting.take(next.front());
      argument.remove_prefix(next.size());
    }
  }

  /// Cuts off what follows the line's last comma, so that lists break between their elements; nothing where
  /// that would leave half a line or part quotes.
  std::string take_after_comma() {
    const std::size_t after = current_.text.rfind(',') + 1;
    if (after < limit_ / 2 || after == std::string::npos) return {};
    std::string rest = current_.text.substr(after);
    if (rest.find_first_of("'\"\\") != std::string::npos) return {};
    current_.text.resize(after);
    return rest;
  }

  std::size_t limit_;
  std::vector<CommandLine> lines_;
  CommandLine current_;
};

struct Paint {
  Tone tone;
  const char* sequence;
};
constexpr Paint kPaints[] = {{Tone::good, "\x1b[32m"},
                             {Tone::bad, "\x1b[1;31m"},
                             {Tone::careful, "\x1b[33m"},
                             {Tone::strong, "\x1b[1m"},
                             {Tone::faint, "\x1b[2m"}};

}  // namespace

std::string paint(std::string_view text, Tone tone, const Style& style) {
  if (!style.colour || text.empty()) return std::string(text);
  for (const Paint& row : kPaints) {
    if (row.tone == tone) return row.sequence + std::string(text) + "\x1b[0m";
  }
  return std::string(text);
}

std::vector<std::string> wrap(std::string_view text, std::size_t width, std::size_t hang) {
  std::vector<std::string> lines(1);
  std::size_t used = 0;
  const auto next_line = [&] {
    if (lines.size() == 1) width -= hang;
    lines.emplace_back();
    used = 0;
  };
  for (std::string_view word : words_of(text)) {
    std::size_t size = columns(word);
    if (used > 0 && used + 1 + size <= width) {
      lines.back() += ' ';
      ++used;
    } else if (used > 0) {
      next_line();
    }
    for (; size > width; size = columns(word)) {
      const std::size_t bytes = prefix_within(word, width);
      lines.back() += word.substr(0, bytes);
      word.remove_prefix(bytes);
      next_line();
    }
    lines.back() += word;
    used += size;
  }
  return lines;
}

std::vector<CommandLine> break_command(std::string_view command, std::size_t width) {
  CommandBreaker breaker(width);
  const std::vector<std::string_view> arguments = arguments_of(command);
  for (std::size_t i = 0; i < arguments.size(); ++i) {
    const bool has_value = i + 1 < arguments.size() && arguments[i + 1].front() != '-';
    if (arguments[i].substr(0, 2) == "--" && has_value) {
      const std::string both = std::string(arguments[i]) + ' ' + std::string(arguments[i + 1]);
      if (breaker.add_whole(both)) {
        ++i;
        continue;
      }
    }
    breaker.add(arguments[i]);
  }
  return std::move(breaker).finish();
}

std::string pad(std::string_view text, std::size_t width) {
  std::string padded(text);
  const std::size_t used = columns(text);
  if (used < width) padded.append(width - used, ' ');
  return padded;
}

std::string shorten(std::string_view text, std::size_t width, const Style& style) {
  if (columns(text) <= width) return std::string(text);
  const std::string_view gap = style.utf8 ? "…" : "...";
  const std::size_t room = width - std::min(width, columns(gap));
  std::string cut(text.substr(0, room == 0 ? 0 : prefix_within(text, room - room / 2)));
  cut += gap;
  return cut += text.substr(suffix_within(text, room / 2));
}

std::string counted(std::size_t number, std::string_view one, std::string_view many) {
  return std::to_string(number) + ' ' + std::string(number == 1 ? one : many);
}

}  // namespace vpcprobe
