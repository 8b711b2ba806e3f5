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
/// The value in an answer to GetParameter; empty where it holds none.
std::string parameter_value_in(std::string_view json);
/// The version in an answer to either: each write is one more; 0 where it holds none.
std::int64_t parameter_version_in(std::string_view json);

}  // namespace vpcprobe
