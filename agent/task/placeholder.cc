#include "agent/task/placeholder.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <vector>

#include "agent/base/ascii.h"
#include "probes/trimmed.h"

namespace vpcprobe {
namespace {

constexpr std::size_t kLongestName = 64;
constexpr std::size_t kLongestAction = 512;
constexpr std::string_view kSpaces = " \t\r\n";

bool is_name_char(char c) { return is_letter_or_digit(c) || c == '_' || c == '.' || c == '/' || c == '-'; }

/// The words of an action; quotes of Go, of Jinja and of shells hold one word.
std::vector<std::string_view> words_of(std::string_view action) {
  std::vector<std::string_view> words;
  while (!(action = trimmed(action, kSpaces)).empty()) {
    const bool quoted = action[0] == '`' || action[0] == '"' || action[0] == '\'';
    const std::size_t begin = quoted ? 1 : 0;
    const std::size_t end =
        std::min(quoted ? action.find(action[0], 1) : action.find_first_of(kSpaces), action.size());
    words.push_back(action.substr(begin, end - begin));
    action.remove_prefix(std::min(end + begin, action.size()));
  }
  return words;
}

constexpr std::array<std::string_view, 11> kControl = {
    "if", "else", "end", "range", "with", "define", "block", "for", "endif", "endfor", "template"};

/// The value of an action: its default, a placeholder, or nothing for a control action.
std::string action_value(std::string_view action) {
  const std::vector<std::string_view> words = words_of(trimmed(action, "- \t\r\n"));
  if (words.empty() || words[0].starts_with("/*") || words[0].starts_with('#')) return {};
  if (std::find(kControl.begin(), kControl.end(), words[0]) != kControl.end()) return {};
  if (std::find(words.begin(), words.end(), ":=") != words.end()) return {};
  if (words[0] == "env" && words.size() > 2 && words[2].find_first_of("\"\\") == std::string_view::npos)
    return std::string(words[2]);
  const bool has_argument = words.size() > 1 && words[1] != "|";
  return placeholder(words[has_argument ? 1 : 0]);
}

/// The end of what opens at `at`, when it closes on the same line.
std::size_t close_of(std::string_view text, std::size_t at, std::string_view close) {
  const std::string_view rest = text.substr(at, kLongestAction);
  const std::size_t end = rest.find(close);
  return end == std::string_view::npos || rest.substr(0, end).find('\n') != std::string_view::npos
             ? std::string_view::npos
             : at + end;
}

/// JSON's strings, followed from byte to byte; never inside one where the text is not JSON.
class StringTracker {
 public:
  explicit StringTracker(std::string_view text) {
    const std::string_view content = trimmed(text, kSpaces);
    is_json_ = content.starts_with('[') || (content.starts_with('{') && !content.starts_with("{{") &&
                                            content.substr(0, 2) != "{%" && content.substr(0, 2) != "{#");
  }
  void take(char c) {
    if (escaped_) {
      escaped_ = false;
    } else if (inside_ && c == '\\') {
      escaped_ = true;
    } else if (is_json_ && c == '"') {
      inside_ = !inside_;
    }
  }
  bool needs_quotes() const { return is_json_ && !inside_; }

 private:
  bool is_json_ = false;
  bool inside_ = false;
  bool escaped_ = false;
};

/// A notation with an opening and a closing mark. To add one, add a row.
struct Notation {
  std::string_view open;
  std::string_view close;
  bool capitals_only = false;  ///< in capitals only: the marks are ordinary characters too
};
constexpr std::array kNotations = std::to_array<Notation>({
    {.open = "${", .close = "}"},
    {.open = "$(", .close = ")"},
    {.open = "#{", .close = "}"},
    {.open = "<", .close = ">"},
    {.open = "__", .close = "__", .capitals_only = true},
    {.open = "@@", .close = "@@", .capitals_only = true},
    {.open = "@", .close = "@", .capitals_only = true},
    {.open = "%%", .close = "%%", .capitals_only = true},
    {.open = "%", .close = "%", .capitals_only = true},
});

const Notation* notation_at(std::string_view text) {
  const auto found = std::find_if(kNotations.begin(), kNotations.end(),
                                  [&](const Notation& row) { return text.starts_with(row.open); });
  return found == kNotations.end() ? nullptr : &*found;
}

/// The content of `${…}`: shells and Compose write a default or a complaint behind the name.
std::string braced_value(std::string_view content) {
  for (const std::string_view mark : {":-", "-"}) {
    const std::size_t at = content.find(mark);
    const bool is_variable = at != std::string_view::npos && at > 0 &&
                             std::all_of(content.begin(), content.begin() + static_cast<std::ptrdiff_t>(at),
                                         [](char c) { return is_letter_or_digit(c) || c == '_'; });
    if (is_variable &&
        (mark == ":-" ||
         std::none_of(content.begin(), content.begin() + static_cast<std::ptrdiff_t>(at), is_small_letter)))
      return std::string(content.substr(at + mark.size()));
  }
  return placeholder(content.substr(0, content.find(":?")));
}

/// "<IMAGE1_NAME>", "<account id>": words only, so that HTML and comparisons are left alone.
bool is_bracketed_name(std::string_view content) {
  return !content.empty() && content.size() <= kLongestName && is_letter(content[0]) &&
         std::all_of(content.begin(), content.end(), [](char c) { return is_name_char(c) || c == ' '; });
}

bool is_name_in(const Notation& notation, std::string_view content) {
  if (notation.capitals_only)
    return is_bracketed_name(content) && std::none_of(content.begin(), content.end(), [](char c) {
             return is_small_letter(c) || c == ' ' || c == '/';
           });
  return notation.open == "<" ? is_bracketed_name(content) : !content.empty();
}

}  // namespace

std::string placeholder(std::string_view name) {
  std::string text = "${";
  for (const char c : trimmed(name, kSpaces).substr(0, kLongestName)) text += is_name_char(c) ? c : '.';
  return text + "}";
}

bool is_open(std::string_view value) { return value.find("${") != std::string_view::npos; }

namespace {

/// Where a statement or comment of Jinja that begins at `at` ends ("{% if logs %}", "{# note #}"), else npos.
/// In JSON they stand between values, in YAML on lines of their own.
std::size_t end_of_statement(std::string_view text, std::size_t at, bool between_values) {
  const std::string_view mark = text.substr(at, 2);
  if (mark != "{%" && mark != "{#") return std::string_view::npos;
  const std::size_t before = text.substr(0, at).find_last_not_of(" \t");
  if (!between_values && before != std::string_view::npos && text[before] != '\n')
    return std::string_view::npos;
  const std::size_t end = close_of(text, at + 2, mark == "{%" ? "%}" : "#}");
  return end == std::string_view::npos ? end : end + 2;
}

}  // namespace

std::string fill_template_actions(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  StringTracker tracker(text);
  for (std::size_t i = 0; i < text.size();) {
    const std::size_t statement = end_of_statement(text, i, tracker.needs_quotes());
    if (statement != std::string_view::npos) {
      i = statement;
      continue;
    }
    // GitHub Actions write "${{ env.NAME }}".
    const std::size_t dollar = text.substr(i).starts_with("${{") ? 1 : 0;
    const bool action = text.substr(i + dollar).starts_with("{{");
    const Notation* notation = tracker.needs_quotes() && !action ? notation_at(text.substr(i)) : nullptr;
    const std::string_view close = action ? "}}" : notation != nullptr ? notation->close : "";
    const std::size_t begin = i + (action ? dollar + 2 : notation != nullptr ? notation->open.size() : 0);
    const std::size_t end = close.empty() ? std::string_view::npos : close_of(text, begin, close);
    if (end == std::string_view::npos) {
      tracker.take(text[i]);
      out += text[i++];
      continue;
    }
    const std::string_view content = text.substr(begin, end - begin);
    const std::string value = action ? action_value(content) : placeholder(content);
    const bool quote = tracker.needs_quotes() && !value.empty();
    out += quote ? '"' + value + '"' : value;
    i = end + close.size();
  }
  return out;
}

std::string open_value(std::string_view value) {
  std::string out;
  for (std::size_t i = 0; i < value.size();) {
    const std::string_view rest = value.substr(i);
    const Notation* notation = notation_at(rest);
    const std::size_t begin = i + (notation != nullptr ? notation->open.size() : 0);
    const std::size_t end = notation != nullptr ? value.find(notation->close, begin) : std::string_view::npos;
    const std::string_view content = end == std::string_view::npos ? "" : value.substr(begin, end - begin);
    if (notation != nullptr && is_name_in(*notation, content)) {
      out += notation->open == "${" ? braced_value(content) : placeholder(content);
      // Azure DevOps closes "#{NAME}#" with a second mark.
      const bool marked = notation->open == "#{" && end + 1 < value.size() && value[end + 1] == '#';
      i = end + notation->close.size() + (marked ? 1 : 0);
    } else if (rest.size() > 1 && rest[0] == '$' && (is_letter(rest[1]) || rest[1] == '_')) {
      std::size_t length = 1;
      while (length < rest.size() && (is_letter_or_digit(rest[length]) || rest[length] == '_')) ++length;
      out += placeholder(rest.substr(1, length - 1));
      i += length;
    } else {
      out += value[i++];
    }
  }
  return out;
}

std::string fill_placeholders(std::string_view value,
                              const std::function<std::string(std::string_view)>& fill) {
  std::string out;
  while (!value.empty()) {
    const std::size_t open = std::min(value.find("${"), value.size());
    out += value.substr(0, open);
    value.remove_prefix(open);
    const std::size_t close = value.find('}');
    if (value.empty() || close == std::string_view::npos) break;
    const std::string filled = fill(value.substr(2, close - 2));
    out += filled.empty() ? std::string(value.substr(0, close + 1)) : filled;
    value.remove_prefix(close + 1);
  }
  return out.append(value);
}

}  // namespace vpcprobe
