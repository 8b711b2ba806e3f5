// Whatever invokes the function: its event becomes options or one line that says what is wrong.
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "agent/cli/lambda_event.h"

using namespace vpcprobe;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto said = read_lambda_event({reinterpret_cast<const char*>(data), size});
  if (!said) {
    if (said.error().message.empty()) std::abort();
    return 0;
  }
  const char* words[] = {"vpc-probe"};
  const auto invocation = parse_options(
      1, words, [](const char*) { return nullptr; }, said.value());
  if (!invocation && invocation.error().message.find('\n') != std::string::npos) std::abort();
  return 0;
}
