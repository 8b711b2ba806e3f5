// The one file that knows pugixml. It expands no entities of a document's own and follows no references.
#include "agent/calls/xml_answer.h"

#include <algorithm>
#include <charconv>
#include <pugixml.hpp>

#include "agent/base/json_writer.h"
#include "agent/calls/answer_shapes.h"

namespace vpcprobe {
namespace {

constexpr int kDeepest = 16;  // the deepest of EC2's answers that are read has 7 levels
// An answer with 2 000 groups of 60 rules has 2 million. An element takes about 100 bytes of memory.
constexpr std::ptrdiff_t kMostTags = 4'000'000;
constexpr std::string_view kNextToken = "NextToken";

/// What is wrong with an answer, thrown up to `read_xml_answer`.
struct WrongAnswer {
  std::string what;
};

void write_number(JsonWriter& json, const AnswerMember& member, std::string_view text) {
  std::int64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size())
    throw WrongAnswer{member.json + " must be a number"};
  json.value(number);
}

void write_truth(JsonWriter& json, const AnswerMember& member, std::string_view text) {
  if (text != "true" && text != "false") throw WrongAnswer{member.json + " must be true or false"};
  json.value(text == "true");
}

void write_structure(JsonWriter& json, const AnswerShape& shape, pugi::xml_node node, int depth);

bool is_element(pugi::xml_node node) { return node.type() == pugi::node_element; }

void write_value(JsonWriter& json, const AnswerMember& member, pugi::xml_node node, int depth) {
  const std::string_view text = node.text().get();
  switch (member.kind) {
    case AnswerKind::text:
      return json.value(text);
    case AnswerKind::truth:
      return write_truth(json, member, text);
    case AnswerKind::number:
      return write_number(json, member, text);
    case AnswerKind::structure:
      return write_structure(json, *member.shape, node, depth + 1);
    case AnswerKind::texts:
    case AnswerKind::structures:
      break;
  }
  json.begin_array();
  for (const pugi::xml_node item : node) {
    if (!is_element(item)) continue;
    if (member.kind == AnswerKind::texts)
      json.value(std::string_view(item.text().get()));
    else
      write_structure(json, *member.shape, item, depth + 1);
  }
  json.end_array();
}

void write_structure(JsonWriter& json, const AnswerShape& shape, pugi::xml_node node, int depth) {
  if (depth > kDeepest) throw WrongAnswer{"it is nested too deeply"};
  json.begin_object();
  for (const AnswerMember& member : shape.members) {
    const pugi::xml_node child = node.child(member.xml.c_str());
    const bool is_token = depth == 0 && member.json == kNextToken;
    if (!child || is_token) continue;
    json.key(member.json);
    write_value(json, member, child, depth);
  }
  json.end_object();
}

/// IAM, SNS and STS wrap what they answer into OPERATIONResult; EC2 and Route 53 do not.
pugi::xml_node content_of(const pugi::xml_document& document, std::string_view operation) {
  const pugi::xml_node root = document.document_element();
  if (std::string_view(root.name()) != std::string(operation) + "Response")
    throw WrongAnswer{"it is no answer to " + std::string(operation)};
  const pugi::xml_node wrapped = root.child((std::string(operation) + "Result").c_str());
  return wrapped ? wrapped : root;
}

}  // namespace

Result<AnswerDocument> read_xml_answer(std::string_view operation, std::string_view xml) {
  if (xml.size() > kLongestAnswer) return UsageError{"longer than 64 MiB"};
  if (std::count(xml.begin(), xml.end(), '<') > kMostTags) return UsageError{"more than 4 million tags"};
  const AnswerShape* shape = answer_shape(operation);
  pugi::xml_document document;
  const pugi::xml_parse_result parsed = document.load_buffer(xml.data(), xml.size());
  if (shape == nullptr || !parsed) return UsageError{"not whole XML"};
  try {
    const pugi::xml_node content = content_of(document, operation);
    AnswerDocument answer;
    JsonWriter json(answer.json);
    write_structure(json, *shape, content, 0);
    for (const AnswerMember& member : shape->members)
      if (member.json == kNextToken) answer.next_token = content.child(member.xml.c_str()).text().get();
    return answer;
  } catch (const WrongAnswer& wrong) {
    return UsageError{wrong.what};
  }
}

std::string xml_library() {
  // PUGIXML_VERSION: the major version times 1000, the minor one times 10, the patch.
  return "pugixml " + std::to_string(PUGIXML_VERSION / 1000) + "." +
         std::to_string(PUGIXML_VERSION % 1000 / 10);
}

}  // namespace vpcprobe
