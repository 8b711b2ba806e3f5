#pragma once
// Foreign JSON read with bounds, and mistakes in it named by their place: "Containers[0].Image must be a
// string".
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <vector>

namespace vpcprobe {

/// What is wrong with a document, in one clean line; thrown up to the one place that makes it a Result.
struct WrongDocument {
  std::string what;
};

/// At most 4 MiB and 64 levels, checked before parsing, so that no parser can run out of stack. What is
/// thrown never repeats what was read: it may be a secret.
nlohmann::json parse_bounded(std::string_view text);
constexpr std::size_t kLongestDocument = 4U << 20;  ///< bytes

/// A value with the path to it. The document must outlive it.
struct JsonNode {
  const nlohmann::json* value;
  std::string path;

  /// The member, or a null value where there is none. AWS leaves empty fields out or writes null.
  JsonNode at(const std::string& key) const;
  bool is_absent() const { return value->is_null(); }
  const JsonNode& object() const;
  /// Empty where it is absent.
  std::string text() const;
  /// The same, numbers and booleans as text too: templates write them without quotes.
  std::string scalar() const;
  /// False where it is absent.
  bool truth() const;
  /// None where it is absent; more than `most` are a mistake.
  std::vector<JsonNode> items(std::size_t most = SIZE_MAX) const;
  /// The members of an object, by name; none where it is absent.
  std::vector<std::pair<std::string, JsonNode>> members() const;

 private:
  void must_be(bool right, const char* kind) const;
};

}  // namespace vpcprobe
