#include "agent/base/printable.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <iterator>

namespace vpcprobe {
namespace {

struct Range {
  char32_t first, last;
};

// Unicode 15: general categories Cc, Cf that are no part of a word, Zl, Zp, tags and noncharacters.
constexpr Range kHidden[] = {{0x00, 0x1f},     {0x7f, 0x9f},       {0xad, 0xad},     {0x61c, 0x61c},
                             {0x115f, 0x1160}, {0x180e, 0x180e},   {0x200b, 0x200f}, {0x2028, 0x202e},
                             {0x2060, 0x206f}, {0x3164, 0x3164},   {0xd800, 0xdfff}, {0xe000, 0xf8ff},
                             {0xfdd0, 0xfdef}, {0xfe00, 0xfe0f},   {0xfeff, 0xfeff}, {0xfff0, 0xfffb},
                             {0xfffe, 0xffff}, {0xe0000, 0x10ffff}};
// Combining marks of the blocks that hold nothing else.
constexpr Range kCombining[] = {{0x300, 0x36f},   {0x483, 0x489},   {0x591, 0x5bd},   {0x64b, 0x65f},
                                {0x1ab0, 0x1aff}, {0x1dc0, 0x1dff}, {0x20d0, 0x20ff}, {0xfe20, 0xfe2f}};
// East Asian Width W and F, in whole blocks.
constexpr Range kWide[] = {{0x1100, 0x115e},   {0x2e80, 0x303e},   {0x3041, 0xa4cf},   {0xac00, 0xd7a3},
                           {0xf900, 0xfaff},   {0xfe30, 0xfe6f},   {0xff00, 0xff60},   {0xffe0, 0xffe6},
                           {0x1f300, 0x1f64f}, {0x1f680, 0x1f6ff}, {0x1f900, 0x1faff}, {0x20000, 0x3fffd}};

template <std::size_t N>
bool in(const Range (&ranges)[N], char32_t character) {
  return std::any_of(std::begin(ranges), std::end(ranges), [character](const Range& range) {
    return character >= range.first && character <= range.last;
  });
}

struct Plain {
  char32_t character;
  const char* ascii;
};
constexpr Plain kPlain[] = {{0x00a0, " "},  {0x00b5, "u"},  {0x00b7, "-"},  {0x00d7, "x"}, {0x2010, "-"},
                            {0x2011, "-"},  {0x2012, "-"},  {0x2013, "-"},  {0x2014, "-"}, {0x2018, "'"},
                            {0x2019, "'"},  {0x201c, "\""}, {0x201d, "\""}, {0x2022, "*"}, {0x2026, "..."},
                            {0x2192, "->"}, {0x2264, "<="}, {0x2265, ">="}, {0x2713, "v"}, {0x2717, "x"}};

const char* ascii_of(char32_t character) {
  for (const Plain& plain : kPlain) {
    if (plain.character == character) return plain.ascii;
  }
  return "?";
}

bool is_plain_ascii(char byte) { return byte >= 0x20 && byte < 0x7f; }

constexpr std::string_view kReplacement = "\xef\xbf\xbd";

}  // namespace

Decoded decode_utf8(std::string_view text) {
  constexpr Decoded invalid{0xfffd, 1, false};
  const auto lead = static_cast<std::uint8_t>(text.front());
  if (lead < 0x80) return {lead, 1, true};
  const std::size_t length = lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : 2;
  if (lead < 0xc2 || lead > 0xf4 || text.size() < length) return invalid;
  char32_t character = lead & (0xffU >> (length + 1));
  for (std::size_t i = 1; i < length; ++i) {
    const auto byte = static_cast<std::uint8_t>(text[i]);
    if ((byte & 0xc0U) != 0x80) return invalid;
    character = (character << 6U) | (byte & 0x3fU);
  }
  constexpr std::array<char32_t, 5> smallest{0, 0, 0x80, 0x800, 0x10000};
  const bool surrogate = character >= 0xd800 && character <= 0xdfff;
  if (character < smallest[length] || surrogate || character > 0x10ffff) return invalid;
  return {character, length, true};
}

bool is_printable(char32_t character) {
  if (character >= 0x20 && character < 0x7f) return true;
  return !in(kHidden, character) && (character & 0xfffeU) != 0xfffe;
}

std::size_t columns(char32_t character) {
  if (character < 0x300) return 1;
  if (in(kCombining, character)) return 0;
  return in(kWide, character) ? 2 : 1;
}

std::size_t columns(std::string_view text) {
  std::size_t total = 0;
  while (!text.empty()) {
    const Decoded next = decode_utf8(text);
    total += columns(next.character);
    text.remove_prefix(next.length);
  }
  return total;
}

std::string printable(std::string_view text, bool utf8) {
  std::string out;
  out.reserve(text.size());
  while (!text.empty()) {
    if (is_plain_ascii(text.front())) {
      out += text.front();
      text.remove_prefix(1);
      continue;
    }
    const Decoded next = decode_utf8(text);
    const bool space = next.character == '\n' || next.character == '\t' || next.character == '\r';
    const bool shown = next.valid && is_printable(next.character);
    if (space) {
      out += ' ';
    } else if (!utf8) {
      out += shown ? ascii_of(next.character) : "?";
    } else {
      out += shown ? text.substr(0, next.length) : kReplacement;
    }
    text.remove_prefix(next.length);
  }
  return out;
}

}  // namespace vpcprobe
