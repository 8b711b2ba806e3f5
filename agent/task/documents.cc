#include "agent/task/documents.h"

#include <algorithm>

#include "agent/base/bounded_json.h"
#include "agent/base/json_brackets.h"
#include "agent/base/yaml.h"
#include "agent/task/placeholder.h"

namespace vpcprobe {
namespace {

using Json = nlohmann::json;
using Documents = std::vector<Json>;

/// Where the first value of the text ends, by its brackets.
std::size_t end_of_value(std::string_view text) {
  JsonBrackets brackets;
  int open = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const int before = open;
    open = brackets.take(text[i]);
    if (open == 0 && before == 1) return i + 1;
  }
  return text.size();
}

Result<Documents> read_json(std::string_view text) {
  constexpr std::string_view spaces = " \t\r\n";
  Documents documents;
  while (!text.empty()) {
    const std::string_view all = text;
    const std::size_t end = end_of_value(text);
    const std::size_t next = std::min(text.find_first_not_of(spaces, end), text.size());
    // Behind the last value nothing may follow; the parser says where it does.
    const bool more = next < text.size() && (text[next] == '{' || text[next] == '[');
    auto parsed = parse_bounded_json(more ? text.substr(0, end) : all, kLongestTemplate);
    if (!parsed) return parsed.error();
    documents.push_back(std::move(parsed.value()));
    text.remove_prefix(more ? next : text.size());
  }
  return documents;
}

bool is_container(const Json& value) {
  return value.is_object() && (value.contains("image") || value.contains("Image"));
}

/// An array of documents is as good as the documents one after another; one of containers is a document.
Documents flattened(Documents documents) {
  Documents flat;
  for (Json& document : documents) {
    const bool containers = document.is_array() &&
                            (document.empty() || std::any_of(document.begin(), document.end(), is_container));
    if (!document.is_array() || containers) {
      flat.push_back(std::move(document));
    } else {
      for (Json& item : document) flat.push_back(std::move(item));
    }
  }
  return flat;
}

}  // namespace

Result<Documents> read_documents(std::string_view text) {
  constexpr std::string_view byte_order_mark = "\xef\xbb\xbf";
  if (text.starts_with(byte_order_mark)) text.remove_prefix(byte_order_mark.size());
  if (text.size() > kLongestTemplate)
    return UsageError{"longer than " + std::to_string(kLongestTemplate >> 20) + " MiB"};
  const std::string filled = fill_template_actions(text);
  const std::size_t first = filled.find_first_not_of(" \t\r\n");
  if (first == std::string::npos) return UsageError{"it is empty"};
  const bool json = filled[first] == '{' || filled[first] == '[';
  Result<Documents> read = json ? read_json(std::string_view(filled).substr(first)) : parse_yaml(filled);
  if (!read) return read.error();
  return flattened(std::move(read.value()));
}

}  // namespace vpcprobe
