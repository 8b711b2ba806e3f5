#include "agent/base/json_node.h"

#include "agent/base/bounded_json.h"
#include "agent/base/quoted.h"

namespace vpcprobe {

nlohmann::json parse_bounded(std::string_view text) {
  auto parsed = parse_bounded_json(text, kLongestDocument);
  if (!parsed) throw WrongDocument{parsed.error().message};
  return std::move(parsed.value());
}

JsonNode JsonNode::at(const std::string& key) const {
  static const nlohmann::json kNull;
  const auto found = value->find(key);
  return {found == value->end() ? &kNull : &*found, path.empty() ? key : path + "." + key};
}

void JsonNode::must_be(bool right, const char* kind) const {
  if (!right) {
    throw WrongDocument{(path.empty() ? "the document" : path) + " must be " + kind + ", not " +
                        value->type_name()};
  }
}

const JsonNode& JsonNode::object() const {
  must_be(value->is_object(), "an object");
  return *this;
}

std::string JsonNode::text() const {
  if (is_absent()) return {};
  must_be(value->is_string(), "a string");
  return value->get_ref<const std::string&>();
}

std::string JsonNode::scalar() const {
  return value->is_number() || value->is_boolean() ? value->dump() : text();
}

bool JsonNode::truth() const {
  if (is_absent()) return false;
  must_be(value->is_boolean(), "true or false");
  return value->get<bool>();
}

std::vector<JsonNode> JsonNode::items(std::size_t most) const {
  std::vector<JsonNode> out;
  if (is_absent()) return out;
  must_be(value->is_array(), "an array");
  if (value->size() > most) {
    throw WrongDocument{path + " has more than " + std::to_string(most) + " entries"};
  }
  for (std::size_t i = 0; i < value->size(); ++i) {
    out.push_back({&(*value)[i], path + "[" + std::to_string(i) + "]"});
  }
  return out;
}

std::vector<std::pair<std::string, JsonNode>> JsonNode::members() const {
  std::vector<std::pair<std::string, JsonNode>> out;
  if (is_absent()) return out;
  for (const auto& [key, member] : object().value->items()) {
    out.emplace_back(key, JsonNode{&member, path + "." + in_quotes(key)});
  }
  return out;
}

}  // namespace vpcprobe
