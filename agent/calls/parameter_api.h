#pragma once
// A text that outlives the process: a parameter of the AWS Systems Manager Parameter Store.
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "agent/calls/aws_api.h"

namespace vpcprobe {

/// Of a parameter's value in the standard tier, in bytes. AWS: "Managing parameter tiers".
constexpr std::size_t kLongestParameter = 4096;

ApiCallRequest get_parameter(const std::string& name);
/// Makes the parameter where it is not there.
ApiCallRequest put_parameter(const std::string& name, const std::string& value);

/// What an answer to either says of the parameter.
struct Parameter {
  std::string value;         ///< of GetParameter; empty where the answer holds none
  std::int64_t version = 0;  ///< each write is one more; 0 where the answer holds none
};
/// Any text is safe.
Parameter read_parameter(std::string_view json);

}  // namespace vpcprobe
