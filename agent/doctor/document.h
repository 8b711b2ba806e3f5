#pragma once
// JSON documents of any size, read one element at a time: a region's security groups are 60 MB of text, and
// need no tree of all of them. Built on nlohmann's SAX reader; the tree of one element is a few flat arrays.
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "agent/base/json_node.h"
#include "agent/base/result.h"

namespace vpcprobe {

/// One element as flat arrays: what is inside a value stands right behind it.
class DocumentTree {
 public:
  enum class Kind : std::uint8_t { null, truth, number, text, array, object };
  struct Value {
    Kind kind = Kind::null;
    std::uint32_t key = 0, key_length = 0;    ///< in `characters`
    std::uint32_t text = 0, text_length = 0;  ///< in `characters`: numbers and truths, too
    std::uint32_t end = 0;                    ///< index behind the last value inside this one
  };

  std::vector<Value> values;
  std::string characters;
  std::uint32_t root = 0;  ///< index of the element
  std::string place;       ///< of the element, for error messages: "SecurityGroups[3]"

  std::string_view key_of(const Value& value) const {
    return std::string_view(characters).substr(value.key, value.key_length);
  }
  std::string_view text_of(const Value& value) const {
    return std::string_view(characters).substr(value.text, value.text_length);
  }
};

/// A value in a tree; the tree must outlive it. A member that is absent or null gives an absent node, whose
/// text is empty and which has no items. A wrong type throws WrongDocument with the place.
class DocumentNode {
 public:
  DocumentNode() = default;
  DocumentNode(const DocumentTree& tree, std::uint32_t at) : tree_(&tree), at_(at) {}

  bool is_absent() const { return tree_ == nullptr || value().kind == DocumentTree::Kind::null; }
  bool is_list() const { return tree_ != nullptr && value().kind == DocumentTree::Kind::array; }
  DocumentNode at(std::string_view key) const;
  std::string text() const;
  std::optional<bool> truth() const;
  /// Empty where it is absent.
  std::optional<std::int64_t> number() const;
  /// Values of an array; keys and values of an object come by `key` of each.
  std::vector<DocumentNode> items() const;
  std::string_view key() const { return tree_->key_of(value()); }
  std::vector<std::string> texts() const;
  /// The value as JSON on one line.
  std::string json() const;
  /// "SecurityGroups[3].IpPermissions"
  std::string place() const;
  [[noreturn]] void wrong(const char* wanted) const;

 private:
  const DocumentTree::Value& value() const { return tree_->values[at_]; }

  const DocumentTree* tree_ = nullptr;
  std::uint32_t at_ = 0;
};

/// Takes documents apart.
struct DocumentReader {
  /// Whether the array under this top-level key is handed over one element at a time.
  std::function<bool(std::string_view key)> has_elements;
  /// Each element, while it is read. The node lives for this call only.
  std::function<void(std::string_view key, const DocumentNode& element)> element;
  /// The document without the elements that were handed over.
  std::function<void(const DocumentNode& document)> end;
};

/// Reads JSON objects that follow each other, or arrays of them. The error is one line that repeats nothing
/// of the text. What the functions throw as WrongDocument becomes the error.
Result<bool> read_documents(std::string_view text, const DocumentReader& reader);

}  // namespace vpcprobe
