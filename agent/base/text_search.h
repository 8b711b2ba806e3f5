#pragma once
// Finding known wordings in foreign text: fragments in their order, never a regular expression, so that any
// text is read in linear time.
#include <cstddef>
#include <string>
#include <string_view>

namespace vpcprobe {

/// `text` with every run of whitespace as one space, none at the ends.
std::string on_one_line(std::string_view text);
/// ASCII letters in lower case; as long as `text`, so that positions in one are positions in the other.
std::string lower_case(std::string_view text);

/// Where the fragments of `pattern` end in `text`, or npos where they do not all stand there in this order.
/// Fragments are separated by "…", which stands for any text; `^` before the first and `$` after the last tie
/// them to the ends. Compares bytes: give both in lower case.
std::size_t find_fragments(std::string_view text, std::string_view pattern);

/// What stands after `mark`, up to the first of `ends` or the end of the text; empty where `mark` does not.
std::string_view after(std::string_view text, std::string_view mark, std::string_view ends = " ");

}  // namespace vpcprobe
