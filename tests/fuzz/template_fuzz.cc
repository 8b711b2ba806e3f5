// Whatever a template holds, in any form: a task definition and from it a plan, or one clean line.
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "agent/plan/sheet.h"
#include "agent/render/plan.h"

namespace {

using namespace vpcprobe;

void must_be_one_line(const std::string& text) {
  for (const char c : text) {
    if (c < 0x20 || c > 0x7e) std::abort();
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  auto read = parse_task_definition({reinterpret_cast<const char*>(data), size});
  if (!read) {
    must_be_one_line(read.error().message);
    return 0;
  }
  TaskContext context;
  context.definition = std::move(read.value());
  for (const bool mentioned : {false, true}) {
    Options options;
    options.region = "eu-west-1";
    options.mentioned = mentioned;
    const auto made = make_plan(options, context);
    if (!made) {
      must_be_one_line(made.error().message);
      continue;
    }
    const Infrastructure infrastructure = infrastructure_for(made.value(), options, context);
    const PlanSheet sheet = sheet_of(made.value(), infrastructure, options, context);
    for (const char c : plan_text(sheet, {}) + plan_json(sheet)) {
      if ((c >= 0 && c < 0x20 && c != '\n') || c == 0x7f) std::abort();
    }
  }
  return 0;
}
