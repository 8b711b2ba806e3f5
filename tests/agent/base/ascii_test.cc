#include "agent/base/ascii.h"

#include <string_view>

#include "catch.h"

using namespace vpcprobe;

TEST_CASE("letters and digits are those of ASCII") {
  constexpr std::string_view small = "abcdefghijklmnopqrstuvwxyz";
  constexpr std::string_view capitals = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";
  constexpr std::string_view digits = "0123456789";
  for (int byte = 0; byte < 256; ++byte) {
    const char c = static_cast<char>(byte);
    INFO(byte);
    CHECK(is_small_letter(c) == (small.find(c) != std::string_view::npos));
    CHECK(is_capital(c) == (capitals.find(c) != std::string_view::npos));
    CHECK(is_digit(c) == (digits.find(c) != std::string_view::npos));
    CHECK(is_letter(c) == (is_small_letter(c) || is_capital(c)));
    CHECK(is_letter_or_digit(c) == (is_letter(c) || is_digit(c)));
    CHECK(upper(c) == (is_small_letter(c) ? capitals[small.find(c)] : c));
  }
}
