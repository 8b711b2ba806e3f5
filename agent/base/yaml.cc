#include "agent/base/yaml.h"

#include <yaml.h>

#include <array>
#include <map>
#include <string>

namespace vpcprobe {
namespace {

using Json = nlohmann::json;

constexpr std::size_t kDeepest = 64;
constexpr std::size_t kMostValues = 200'000;
constexpr std::size_t kMostCopied = 16U << 20;  // bytes of text that anchors and aliases repeat
constexpr std::string_view kMergeKey = "<<";

/// What is wrong, thrown up to `parse_yaml`.
struct WrongYaml {
  std::string what;
};

class Event {
 public:
  explicit Event(yaml_parser_t& parser) {
    if (yaml_parser_parse(&parser, &event_) == 0) {
      throw WrongYaml{"no YAML: wrong at line " + std::to_string(parser.problem_mark.line + 1)};
    }
  }
  Event(const Event&) = delete;
  Event& operator=(const Event&) = delete;
  ~Event() { yaml_event_delete(&event_); }
  const yaml_event_t* operator->() const { return &event_; }
  std::size_t line() const { return event_.start_mark.line + 1; }

 private:
  yaml_event_t event_{};
};

std::string text_of(const yaml_char_t* text) {
  return text == nullptr ? std::string() : reinterpret_cast<const char*>(text);
}

/// CloudFormation writes `!GetAtt` for "Fn::GetAtt"; two have no "Fn::". Empty for tags that are not its own.
std::string function_of(const std::string& tag) {
  constexpr std::array<std::string_view, 2> kBare = {"Ref", "Condition"};
  if (tag.size() < 2 || tag[0] != '!' || tag[1] == '!') return {};
  std::string name = tag.substr(1);
  for (const std::string_view bare : kBare) {
    if (name == bare) return name;
  }
  return "Fn::" + name;
}

bool is_null(const yaml_event_t& event) {
  if (event.data.scalar.style != YAML_PLAIN_SCALAR_STYLE) return false;
  const std::string_view value(reinterpret_cast<const char*>(event.data.scalar.value),
                               event.data.scalar.length);
  return value.empty() || value == "~" || value == "null" || value == "Null" || value == "NULL";
}

struct Size {
  std::size_t values = 0;
  std::size_t bytes = 0;  ///< of text
};

void add_size(const Json& value, Size& size) {
  ++size.values;
  if (value.is_string()) size.bytes += value.get_ref<const std::string&>().size();
  if (!value.is_structured()) return;
  for (const auto& [key, item] : value.items()) {
    if (value.is_object()) size.bytes += key.size();
    add_size(item, size);
  }
}

class Reader {
 public:
  explicit Reader(std::string_view text) {
    if (yaml_parser_initialize(&parser_) == 0) throw WrongYaml{"no memory for it"};
    yaml_parser_set_input_string(&parser_, reinterpret_cast<const unsigned char*>(text.data()), text.size());
  }
  Reader(const Reader&) = delete;
  Reader& operator=(const Reader&) = delete;
  ~Reader() { yaml_parser_delete(&parser_); }

  std::vector<Json> documents() {
    std::vector<Json> all;
    for (;;) {
      const Event event(parser_);
      if (event->type == YAML_STREAM_END_EVENT) return all;
      if (event->type != YAML_DOCUMENT_START_EVENT) continue;
      anchors_.clear();
      const Event first(parser_);
      all.push_back(value(first, 0));
    }
  }

 private:
  void count(std::size_t values) {
    count_ += values;
    if (count_ > kMostValues)
      throw WrongYaml{"more than " + std::to_string(kMostValues) + " values, aliases included"};
  }

  void count_copy(const Size& size) {
    copied_ += size.bytes;
    if (copied_ > kMostCopied)
      throw WrongYaml{"aliases repeat more than " + std::to_string(kMostCopied >> 20) + " MiB"};
  }

  Json value(const Event& event, std::size_t depth) {
    if (depth > kDeepest) throw WrongYaml{"nested deeper than " + std::to_string(kDeepest) + " levels"};
    count(1);
    switch (event->type) {
      case YAML_ALIAS_EVENT:
        return alias(event);
      case YAML_SCALAR_EVENT:
        return finished(scalar(event), text_of(event->data.scalar.anchor), text_of(event->data.scalar.tag));
      case YAML_SEQUENCE_START_EVENT:
        return finished(sequence(depth), text_of(event->data.sequence_start.anchor),
                        text_of(event->data.sequence_start.tag));
      case YAML_MAPPING_START_EVENT:
        return finished(mapping(depth), text_of(event->data.mapping_start.anchor),
                        text_of(event->data.mapping_start.tag));
      default:
        throw WrongYaml{"no YAML: wrong at line " + std::to_string(event.line())};
    }
  }

  Json alias(const Event& event) {
    const auto found = anchors_.find(text_of(event->data.alias.anchor));
    if (found == anchors_.end())
      throw WrongYaml{"line " + std::to_string(event.line()) + " uses an alias without an anchor"};
    count(found->second.size.values);
    count_copy(found->second.size);
    return found->second.value;
  }

  Json finished(Json value, const std::string& anchor, const std::string& tag) {
    if (const std::string function = function_of(tag); !function.empty())
      value = Json{{function, std::move(value)}};
    if (!anchor.empty()) {
      Size size;
      add_size(value, size);
      count_copy(size);
      anchors_[anchor] = {value, size};
    }
    return value;
  }

  static Json scalar(const Event& event) {
    const auto& scalar = event->data.scalar;
    if (is_null(*event.operator->())) return nullptr;
    return std::string(reinterpret_cast<const char*>(scalar.value), scalar.length);
  }

  Json sequence(std::size_t depth) {
    Json list = Json::array();
    for (;;) {
      const Event item(parser_);
      if (item->type == YAML_SEQUENCE_END_EVENT) return list;
      list.push_back(value(item, depth + 1));
    }
  }

  Json mapping(std::size_t depth) {
    Json object = Json::object();
    Json merged = Json::object();
    for (;;) {
      const Event key(parser_);
      if (key->type == YAML_MAPPING_END_EVENT) break;
      if (key->type != YAML_SCALAR_EVENT)
        throw WrongYaml{"line " + std::to_string(key.line()) + " has a key that is no text"};
      const std::string name(reinterpret_cast<const char*>(key->data.scalar.value), key->data.scalar.length);
      const Event event(parser_);
      Json member = value(event, depth + 1);
      if (name == kMergeKey) {
        merge(member, merged);
      } else {
        object[name] = std::move(member);
      }
    }
    for (auto& [name, member] : merged.items()) {
      if (!object.contains(name)) object[name] = member;
    }
    return object;
  }

  /// `<<: *defaults`, or a list of them: the first that has a key gives it.
  static void merge(const Json& member, Json& merged) {
    if (member.is_object()) {
      for (const auto& [name, item] : member.items()) {
        if (!merged.contains(name)) merged[name] = item;
      }
    } else if (member.is_array()) {
      for (const Json& one : member) {
        if (one.is_object()) merge(one, merged);
      }
    }
  }

  struct Anchored {
    Json value;
    Size size;
  };

  yaml_parser_t parser_{};
  std::map<std::string, Anchored> anchors_;
  std::size_t count_ = 0;
  std::size_t copied_ = 0;
};

}  // namespace

Result<std::vector<Json>> parse_yaml(std::string_view text) {
  try {
    Reader reader(text);
    return reader.documents();
  } catch (const WrongYaml& wrong) {
    return UsageError{wrong.what};
  }
}

std::string yaml_library() { return std::string("libyaml ") + yaml_get_version_string(); }

}  // namespace vpcprobe
