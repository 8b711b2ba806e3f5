#pragma once
// Lines that fit a terminal: wrapping, padding, commands that can still be pasted, colour.
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "agent/base/style.h"

namespace vpcprobe {

enum class Tone { plain, good, bad, careful, strong, faint };
/// `text` in the tone's colour where the style has colour. Measure and wrap before painting.
std::string paint(std::string_view text, Tone tone, const Style& style);

/// Lines of at most `width` columns, broken at spaces, and inside a word only where the word alone is wider.
/// At least one line; those after the first are `hang` columns narrower. `text` is printable.
std::vector<std::string> wrap(std::string_view text, std::size_t width, std::size_t hang = 0);

/// A shell command in lines of at most `width` columns: broken between arguments with ` \`, the rest indented
/// by two. An argument wider than a line is broken inside; what follows `\` then starts at column 0 of the
/// page, so that the shell joins it again. The flag tells such lines.
struct CommandLine {
  std::string text;
  bool at_margin = false;  ///< must not be indented
};
std::vector<CommandLine> break_command(std::string_view command, std::size_t width);

/// `text` filled with spaces up to `width` columns.
std::string pad(std::string_view text, std::size_t width);
/// `text` cut in its middle to at most `width` columns (3 or more).
std::string shorten(std::string_view text, std::size_t width, const Style& style);
/// "1 address", "2 addresses".
std::string counted(std::size_t number, std::string_view one, std::string_view many);

}  // namespace vpcprobe
