#pragma once
// What the XML answers of the operations hold: the names of their elements, and the names and types that the
// AWS CLI gives them. Source: botocore's models; tests/agent/calls/answer_shapes_test.py compares and renews.
#include <string>
#include <string_view>
#include <vector>

namespace vpcprobe {

enum class AnswerKind : char { text, truth, number, texts, structure, structures };

struct AnswerShape;

struct AnswerMember {
  std::string xml;   ///< "vpcSet"
  std::string json;  ///< "Vpcs"
  AnswerKind kind = AnswerKind::text;
  const AnswerShape* shape = nullptr;  ///< of a structure, and of each item of structures
};

struct AnswerShape {
  std::vector<AnswerMember> members;  ///< in the order of the model
};

/// The shape of the answer to an operation: "DescribeVpcs"; null where the table has none.
const AnswerShape* answer_shape(std::string_view operation);

}  // namespace vpcprobe
