#pragma once
// What the tests of explain share: texts in, explanations out.
#include <sstream>
#include <string>
#include <vector>

#include "agent/explain/explain.h"
#include "golden.h"

namespace vpcprobe {

inline const std::string kHere = in_tree("tests/agent/explain/");

inline std::vector<std::string> split(const std::string& text, char at) {
  std::vector<std::string> parts;
  std::istringstream in(text);
  for (std::string part; std::getline(in, part, at);) parts.push_back(part);
  return parts;
}

inline Explanation explained(const std::string& text, const ExplainOptions& options = {}) {
  return explain(read_stop_messages(text), options);
}

inline std::string codes_of(const ExplainedMessage& message) {
  std::string codes;
  for (const std::string_view code : message.codes) codes.append(codes.empty() ? "" : ",").append(code);
  return codes.empty() ? "-" : codes;
}

}  // namespace vpcprobe
