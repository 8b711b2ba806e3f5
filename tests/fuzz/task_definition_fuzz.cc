// Whatever a file holds: a task definition or a saved report or one clean line, and from it a plan, in every
// format, or one clean line.
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

void must_be_clean(const std::string& text) {
  for (const char c : text) {
    if ((c >= 0 && c < 0x20 && c != '\n') || c == 0x7f) std::abort();
  }
}

void plan(const TaskContext& context) {
  Options options;
  options.region = "eu-west-1";
  const auto made = make_plan(options, context);
  if (!made) return must_be_one_line(made.error().message);
  const Infrastructure infrastructure = infrastructure_for(made.value(), options, context);
  const PlanSheet sheet = sheet_of(made.value(), infrastructure, options, context);
  must_be_clean(plan_text(sheet, {}));
  must_be_clean(plan_json(sheet));
  must_be_clean(aws_cli_script(infrastructure));
  must_be_clean(terraform_module(infrastructure));
  must_be_clean(cloudformation_template(infrastructure));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  TaskContext context;
  if (auto definition = parse_task_definition(text))
    context.definition = std::move(definition.value());
  else
    must_be_one_line(definition.error().message);
  if (auto recorded = parse_recorded_run(text))
    context.recorded = std::move(recorded.value());
  else
    must_be_one_line(recorded.error().message);
  if (context.definition || context.recorded) plan(context);
  return 0;
}
