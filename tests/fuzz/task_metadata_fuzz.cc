// Whatever the metadata endpoint answers: a context or one clean line, and a plan or one clean line from it.
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "agent/plan/plan.h"

namespace {

void must_be_one_line(const std::string& text) {
  for (const char c : text) {
    if (c < 0x20 || c > 0x7e) std::abort();
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto context = vpcprobe::parse_task_metadata({reinterpret_cast<const char*>(data), size});
  if (!context) {
    must_be_one_line(context.error().message);
    return 0;
  }
  const auto plan = vpcprobe::make_plan({}, context.value());
  if (!plan) must_be_one_line(plan.error().message);
  return 0;
}
