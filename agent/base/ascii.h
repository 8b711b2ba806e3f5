#pragma once
// Characters of AWS's names, of hosts and of variables: ASCII, whatever the locale. probes/letter_case.h has
// lower().

namespace vpcprobe {

constexpr bool is_digit(char c) { return c >= '0' && c <= '9'; }
constexpr bool is_small_letter(char c) { return c >= 'a' && c <= 'z'; }
constexpr bool is_capital(char c) { return c >= 'A' && c <= 'Z'; }
constexpr bool is_letter(char c) { return is_small_letter(c) || is_capital(c); }
constexpr bool is_letter_or_digit(char c) { return is_letter(c) || is_digit(c); }
constexpr char upper(char c) { return is_small_letter(c) ? static_cast<char>(c - 'a' + 'A') : c; }

}  // namespace vpcprobe
