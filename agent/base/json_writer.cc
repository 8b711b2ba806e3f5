#include "agent/base/json_writer.h"

#include <array>
#include <charconv>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <ctime>

#include "agent/base/printable.h"

namespace vpcprobe {
namespace {

bool is_plain(char byte) { return byte >= 0x20 && byte < 0x7f && byte != '"' && byte != '\\'; }

void append_number(std::string& out, std::int64_t number) {
  std::array<char, 32> digits{};
  const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), number).ptr;
  out.append(digits.data(), end);
}

void append_escape(std::string& out, char32_t character) {
  std::array<char, 16> text{};
  if (character > 0xffff) {  // a surrogate pair (RFC 8259 section 7)
    const auto offset = static_cast<unsigned>(character) - 0x10000U;
    std::snprintf(text.data(), text.size(), "\\u%04x\\u%04x", 0xd800U + (offset >> 10U),
                  0xdc00U + (offset & 0x3ffU));
  } else {
    std::snprintf(text.data(), text.size(), "\\u%04x", static_cast<unsigned>(character));
  }
  out += text.data();
}

}  // namespace

void append_shortest(std::string& out, double number) {
  std::array<char, 32> digits{};
  // std::to_chars would bring 130 KB of tables for it.
  for (int precision = 15; precision <= 17; ++precision) {
    std::snprintf(digits.data(), digits.size(), "%.*g", precision, number);
    if (std::strtod(digits.data(), nullptr) == number) break;
  }
  out += digits.data();
}

void JsonWriter::separate() {
  if (out_.empty()) return;
  const char last = out_.back();
  if (last != '{' && last != '[' && last != ':' && last != ',' && last != '\n') out_ += ',';
}

void JsonWriter::open(char bracket) {
  separate();
  out_ += bracket;
}

void JsonWriter::key(std::string_view name) {
  separate();
  quote(name);
  out_ += ':';
}

void JsonWriter::quote(std::string_view text) {
  out_ += '"';
  while (!text.empty()) {
    std::size_t plain = 0;
    while (plain < text.size() && is_plain(text[plain])) ++plain;
    out_.append(text.substr(0, plain));
    text.remove_prefix(plain);
    if (text.empty()) break;
    const Decoded next = decode_utf8(text);
    if (next.character == '"' || next.character == '\\') {
      out_ += '\\';
      out_ += static_cast<char>(next.character);
    } else if (!next.valid) {
      out_ += "\xef\xbf\xbd";
    } else if (is_printable(next.character)) {
      out_.append(text.substr(0, next.length));
    } else {
      append_escape(out_, next.character);
    }
    text.remove_prefix(next.length);
  }
  out_ += '"';
}

void JsonWriter::value(std::string_view text) {
  separate();
  quote(text);
}

void JsonWriter::value(std::int64_t number) {
  separate();
  append_number(out_, number);
}

void JsonWriter::value(double number) {
  if (!std::isfinite(number)) return null();
  separate();
  append_shortest(out_, number);
}

void JsonWriter::value(bool truth) {
  separate();
  out_ += truth ? "true" : "false";
}

void JsonWriter::value(Elapsed time) {
  separate();
  const auto micros = time.count() < 0 ? 0 : time.count();
  append_number(out_, std::int64_t{micros / 1000});
  const auto rest = static_cast<int>(micros % 1000);
  out_ += '.';
  out_ += static_cast<char>('0' + rest / 100);
  out_ += static_cast<char>('0' + rest / 10 % 10);
  out_ += static_cast<char>('0' + rest % 10);
}

void JsonWriter::value(WallTime time) {
  const auto since = std::chrono::floor<std::chrono::milliseconds>(time.time_since_epoch());
  const auto whole = std::chrono::floor<std::chrono::seconds>(since);
  const auto seconds = static_cast<std::time_t>(whole.count());
  std::tm utc{};
  gmtime_r(&seconds, &utc);
  std::array<char, 96> text{};
  std::snprintf(text.data(), text.size(), "%04d-%02d-%02dT%02d:%02d:%02d.%03dZ", utc.tm_year + 1900,
                utc.tm_mon + 1, utc.tm_mday, utc.tm_hour, utc.tm_min, utc.tm_sec,
                static_cast<int>((since - whole).count()));
  value(std::string_view(text.data()));
}

void JsonWriter::value(const std::vector<std::string>& texts) {
  begin_array();
  for (const std::string& text : texts) value(text);
  end_array();
}

void JsonWriter::null() {
  separate();
  out_ += "null";
}

void JsonWriter::field_or_null(std::string_view name, std::string_view text) {
  key(name);
  if (text.empty()) {
    null();
  } else {
    value(text);
  }
}

}  // namespace vpcprobe
