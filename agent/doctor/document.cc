#include "agent/doctor/document.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <nlohmann/json.hpp>

#include "agent/base/json_writer.h"

namespace vpcprobe {
namespace {

using Kind = DocumentTree::Kind;

constexpr std::size_t kDeepest = 64;

/// Builds the tree of a document and hands over each element as it ends.
class Builder : public nlohmann::json_sax<nlohmann::json> {
 public:
  explicit Builder(const DocumentReader& reader) : reader_(reader) {}

  bool null() override { return leaf(Kind::null, {}); }
  bool boolean(bool truth) override { return leaf(Kind::truth, truth ? "true" : "false"); }
  bool number_integer(number_integer_t number) override { return whole(number); }
  bool number_unsigned(number_unsigned_t number) override { return whole(number); }
  bool number_float(number_float_t, const string_t& text) override { return leaf(Kind::number, text); }
  bool string(string_t& text) override { return leaf(Kind::text, text); }
  bool binary(binary_t&) override { return false; }
  bool key(string_t& name) override {
    key_ = static_cast<std::uint32_t>(tree_.characters.size());
    key_length_ = static_cast<std::uint32_t>(name.size());
    tree_.characters += name;
    if (open_.size() == 1) listed_ = false;
    return true;
  }
  bool start_object(std::size_t) override { return start(Kind::object); }
  bool end_object() override { return finish(); }
  bool start_array(std::size_t) override {
    if (open_.empty() && !in_list_) return in_list_ = true;
    const bool is_member = open_.size() == 1;
    const bool started = start(Kind::array);
    if (is_member) {
      name_ = tree_.key_of(tree_.values.back());
      listed_ = reader_.has_elements(name_);
      element_ = 0;
    }
    return started;
  }
  bool end_array() override {
    if (open_.empty()) {
      in_list_ = false;
      return true;
    }
    if (open_.size() == 2) listed_ = false;
    return finish();
  }
  bool parse_error(std::size_t position, const std::string&, const nlohmann::detail::exception&) override {
    wrong_at = position;
    return false;
  }

  std::size_t wrong_at = 0;  ///< byte in the text, from 1

 private:
  template <typename Number>
  bool whole(Number number) {
    std::array<char, 24> digits{};
    const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), number).ptr;
    return leaf(Kind::number, {digits.data(), static_cast<std::size_t>(end - digits.data())});
  }

  void add(Kind kind) {
    DocumentTree::Value value;
    value.kind = kind;
    value.key = key_;
    value.key_length = key_length_;
    value.end = static_cast<std::uint32_t>(tree_.values.size() + 1);
    tree_.values.push_back(value);
    key_length_ = 0;
  }

  bool leaf(Kind kind, std::string_view text) {
    if (open_.empty()) throw WrongDocument{"each document must be an object, as the AWS CLI prints it"};
    if (at_element()) begin_element();
    add(kind);
    tree_.values.back().text = static_cast<std::uint32_t>(tree_.characters.size());
    tree_.values.back().text_length = static_cast<std::uint32_t>(text.size());
    tree_.characters += text;
    if (at_element()) end_element();
    return true;
  }

  bool start(Kind kind) {
    if (open_.size() >= kDeepest)
      throw WrongDocument{"nested deeper than " + std::to_string(kDeepest) + " levels"};
    if (open_.empty() && kind == Kind::array)
      throw WrongDocument{"each document must be an object, as the AWS CLI prints it"};
    if (at_element()) begin_element();
    open_.push_back(static_cast<std::uint32_t>(tree_.values.size()));
    add(kind);
    return true;
  }

  bool finish() {
    const std::uint32_t last = open_.back();
    open_.pop_back();
    tree_.values[last].end = static_cast<std::uint32_t>(tree_.values.size());
    if (at_element()) end_element();
    if (open_.empty()) {
      reader_.end(DocumentNode(tree_, 0));
      tree_.values.clear();
      tree_.characters.clear();
    }
    return true;
  }

  /// True right inside a list that is handed over one element at a time.
  bool at_element() const { return listed_ && open_.size() == 2; }
  void begin_element() {
    first_ = static_cast<std::uint32_t>(tree_.values.size());
    characters_ = tree_.characters.size();
    tree_.place = name_ + "[" + std::to_string(element_++) + "]";
    tree_.root = first_;
  }
  void end_element() {
    reader_.element(name_, DocumentNode(tree_, first_));
    tree_.values.resize(first_);
    tree_.characters.resize(characters_);
    tree_.place.clear();
    tree_.root = 0;
  }

  const DocumentReader& reader_;
  DocumentTree tree_;
  std::vector<std::uint32_t> open_;  ///< arrays and objects that have not ended
  std::uint32_t key_ = 0, key_length_ = 0;
  bool in_list_ = false;  ///< inside an array of documents
  bool listed_ = false;   ///< inside an array whose elements are handed over
  std::string name_;      ///< its key
  std::size_t element_ = 0, characters_ = 0;
  std::uint32_t first_ = 0;
};

/// The length of the first value in `text`: to where its brackets close, or all of it.
std::size_t first_document(std::string_view text) {
  std::size_t depth = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (c == '"') {
      for (++i; i < text.size() && text[i] != '"'; ++i)
        if (text[i] == '\\') ++i;
    } else if (c == '{' || c == '[') {
      ++depth;
    } else if (c == '}' || c == ']') {
      if (depth <= 1) return i + 1;
      --depth;
    }
  }
  return text.size();
}

}  // namespace

DocumentNode DocumentNode::at(std::string_view name) const {
  if (is_absent()) return {};
  if (value().kind != Kind::object) wrong("an object");
  for (std::uint32_t i = at_ + 1; i < value().end; i = tree_->values[i].end)
    if (tree_->key_of(tree_->values[i]) == name) return {*tree_, i};
  return {};
}

std::string DocumentNode::text() const {
  if (is_absent()) return {};
  if (value().kind != Kind::text) wrong("a string");
  return std::string(tree_->text_of(value()));
}

std::optional<bool> DocumentNode::truth() const {
  if (is_absent()) return std::nullopt;
  if (value().kind != Kind::truth) wrong("true or false");
  return tree_->text_of(value()) == "true";
}

std::optional<std::int64_t> DocumentNode::number() const {
  if (is_absent()) return std::nullopt;
  const std::string_view digits = tree_->text_of(value());
  std::int64_t number = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), number);
  const bool whole = error == std::errc() && end == digits.data() + digits.size();
  if (value().kind != Kind::number || !whole) wrong("a whole number");
  return number;
}

std::vector<DocumentNode> DocumentNode::items() const {
  std::vector<DocumentNode> nodes;
  if (is_absent()) return nodes;
  if (value().kind != Kind::array && value().kind != Kind::object) wrong("an array");
  for (std::uint32_t i = at_ + 1; i < value().end; i = tree_->values[i].end) nodes.emplace_back(*tree_, i);
  return nodes;
}

std::vector<std::string> DocumentNode::texts() const {
  std::vector<std::string> texts;
  for (const DocumentNode& item : items()) texts.push_back(item.text());
  return texts;
}

std::string DocumentNode::json() const {
  const std::string_view text = tree_ == nullptr ? "null" : tree_->text_of(value());
  std::string out;
  switch (tree_ == nullptr ? Kind::null : value().kind) {
    case Kind::null:
      return "null";
    case Kind::truth:
    case Kind::number:
      return std::string(text);
    case Kind::text:
      JsonWriter(out).value(text);
      return out;
    case Kind::array:
    case Kind::object:
      break;
  }
  const bool is_object = value().kind == Kind::object;
  for (const DocumentNode& item : items()) {
    out += out.empty() ? "" : ",";
    if (is_object) {
      JsonWriter(out).value(item.key());
      out += ':';
    }
    out += item.json();
  }
  return is_object ? "{" + out + "}" : "[" + out + "]";
}

std::string DocumentNode::place() const {
  if (tree_ == nullptr) return "a missing member";
  std::string text = tree_->place;
  for (std::uint32_t i = tree_->root; i < at_;) {  // down from the root to this value
    std::uint32_t inner = i + 1;
    std::size_t number = 0;
    for (; tree_->values[inner].end <= at_; inner = tree_->values[inner].end) ++number;
    const bool is_member = tree_->values[i].kind == Kind::object;
    const std::string name = is_member ? std::string(tree_->key_of(tree_->values[inner])) : "";
    text += is_member ? (text.empty() ? "" : ".") + name : "[" + std::to_string(number) + "]";
    i = inner;
  }
  return text.empty() ? "the document" : text;
}

void DocumentNode::wrong(const char* wanted) const { throw WrongDocument{place() + " must be " + wanted}; }

Result<bool> read_documents(std::string_view text, const DocumentReader& reader) {
  std::size_t begin = 0;
  try {
    while ((begin = text.find_first_not_of(" \t\r\n", begin)) != std::string_view::npos) {
      const std::string_view one = text.substr(begin, first_document(text.substr(begin)));
      Builder builder(reader);
      if (!nlohmann::json::sax_parse(one.data(), one.data() + one.size(), &builder))
        return UsageError{"no JSON: wrong at byte " + std::to_string(begin + builder.wrong_at)};
      begin += one.size();
    }
  } catch (const WrongDocument& wrong) {
    return UsageError{wrong.what};
  }
  return true;
}

}  // namespace vpcprobe
