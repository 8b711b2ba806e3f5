#pragma once
// XML answers of AWS's APIs as the JSON documents that the AWS CLI prints of them.
#include <string>
#include <string_view>

#include "agent/base/result.h"

namespace vpcprobe {

/// An answer, and where the next page begins.
struct AnswerDocument {
  std::string json;        ///< one object on one line, without the token of the next page
  std::string next_token;  ///< empty where this was the last page
};

/// Reads the answer to an operation: "DescribeVpcs". Members have the CLI's names and types, an empty list is
/// []. What the table of shapes does not know is passed over. The error is one line that repeats nothing of
/// the text. Any bytes are safe: at most kLongestAnswer, 4 million tags and 16 levels of what the table
/// knows. Not for operations without a row: answer_shape must not be null.
Result<AnswerDocument> read_xml_answer(std::string_view operation, std::string_view xml);

constexpr std::size_t kLongestAnswer = 64U << 20;  ///< bytes, of any API

/// "pugixml 1.13".
std::string xml_library();

}  // namespace vpcprobe
