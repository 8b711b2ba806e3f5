#pragma once
// JSON written straight into a string: a report over ten thousand addresses needs no tree of values beside
// it.
#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "probes/observation.h"

namespace vpcprobe {

/// Appends JSON to a string; commas come by themselves. Strings may hold any bytes: what is not UTF-8 becomes
/// U+FFFD, what is not printable is escaped. The caller pairs begin and end, and gives each key one value.
class JsonWriter {
 public:
  explicit JsonWriter(std::string& out) : out_(out) {}

  void begin_object() { open('{'); }
  void end_object() { out_ += '}'; }
  void begin_array() { open('['); }
  void end_array() { out_ += ']'; }
  void key(std::string_view name);

  void value(std::string_view text);
  void value(const char* text) { value(std::string_view(text)); }
  void value(const std::string& text) { value(std::string_view(text)); }
  void value(std::int64_t number);
  void value(int number) { value(std::int64_t{number}); }
  void value(std::uint32_t number) { value(std::int64_t{number}); }
  void value(double number);  ///< null where JSON has no such number (NaN, infinity)
  void value(bool truth);
  void value(Elapsed time);   ///< milliseconds with three decimals
  void value(WallTime time);  ///< RFC 3339, UTC, milliseconds
  void value(const std::vector<std::string>& texts);
  void null();

  template <typename T>
  void field(std::string_view name, const T& content) {
    key(name);
    value(content);
  }
  /// Null where `text` is empty.
  void field_or_null(std::string_view name, std::string_view text);

 private:
  void open(char bracket);
  void separate();  ///< a comma where one is due
  void quote(std::string_view text);

  std::string& out_;
};

/// Appends a finite number in the fewest digits that read back as the same.
void append_shortest(std::string& out, double number);

}  // namespace vpcprobe
