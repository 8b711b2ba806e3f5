// What Lambda and IAM answer about functions and their role, and what is said to be a program.
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "agent/calls/iam_api.h"
#include "agent/calls/lambda_api.h"
#include "agent/doctor/function_package.h"
#include "agent/doctor/inside_functions.h"
#include "agent/doctor/own_role.h"

using namespace vpcprobe;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const FunctionState one = read_function(text);
  if (one.state_reason.find('\n') != std::string::npos) std::abort();
  for (const FunctionState& function : read_function_list(text))
    if (is_ours(function) && !function.name.starts_with(kFunctionPrefix)) std::abort();
  role_arn_in(text);
  role_in_task(text, "arn:aws:iam::111122223333:role/app");
  const auto package = package_of(text);
  if (!package && package.error().message.empty()) std::abort();
  return 0;
}
