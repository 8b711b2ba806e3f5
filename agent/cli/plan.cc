#include "agent/render/plan.h"

#include <algorithm>
#include <array>

#include "agent/base/log.h"
#include "agent/cli/named_files.h"
#include "agent/cli/plan.h"
#include "agent/delivery/console.h"
#include "agent/plan/sheet.h"
#include "agent/plan/stand_in_region.h"
#include "agent/render/markdown.h"
#include "agent/task/metadata.h"

namespace vpcprobe {
namespace {

struct CodeWriter {
  Format format;
  std::string (*write)(const Infrastructure&);
};
constexpr std::array kCodeWriters = std::to_array<CodeWriter>({
    {Format::aws_cli, aws_cli_script},
    {Format::terraform, terraform_module},
    {Format::cloudformation, cloudformation_template},
});

TaskContext look_around(const Surroundings& around) {
  TaskContext context = gather_context(around.environment, around.stop, around.options.deadline / 2);
  if (!context.metadata_problem.empty()) log(LogLevel::warn, "task metadata: " + context.metadata_problem);
  return context;
}

std::string written(const Surroundings& around, const PlanSheet& sheet,
                    const Infrastructure& infrastructure) {
  const Options& options = around.options;
  const auto code = std::find_if(kCodeWriters.begin(), kCodeWriters.end(),
                                 [&](const CodeWriter& row) { return row.format == options.format; });
  if (code != kCodeWriters.end()) return code->write(infrastructure);
  if (options.format == Format::markdown) return plan_markdown(sheet);
  const bool text =
      options.format == Format::text || (options.format == Format::automatic && on_terminal(options));
  return text ? plan_text(sheet, style_of(around)) : plan_json(sheet);
}

bool is_code(Format format) {
  return std::any_of(kCodeWriters.begin(), kCodeWriters.end(),
                     [format](const CodeWriter& row) { return row.format == format; });
}

}  // namespace

std::size_t leave_out_present(Plan& plan, const RecordedRun& recorded) {
  const auto is_present = [&](const PlannedEndpoint& row) {
    return std::any_of(recorded.endpoints.begin(), recorded.endpoints.end(),
                       [&](const RecordedEndpoint& seen) {
                         return seen.present && seen.host == row.target.host && seen.port == row.target.port;
                       });
  };
  return std::erase_if(plan.endpoints, is_present);
}

Result<int> plan_command(const Surroundings& around) {
  Options options = around.options;
  TaskContext context;
  if (options.from.empty()) context = look_around(around);
  const auto end = std::chrono::steady_clock::now() + options.deadline;
  if (const auto wrong = read_named_files(options, around.stop, end, context)) return *wrong;
  if (context.recorded && context.launch_type.empty()) context.launch_type = context.recorded->launch_type;
  // Templates often leave the region to the deployment. Code would be run as it is: there it must be said.
  const std::string stand_in = is_code(options.format) ? "" : stand_in_region(options, context);
  if (!stand_in.empty()) options.region = stand_in;
  Result<Plan> made = make_plan(options, context);
  if (!made) return made.error();
  Plan& plan = made.value();
  if (!stand_in.empty()) {
    plan.remarks.insert(plan.remarks.begin(), "The task definition names no region, or several: " + stand_in +
                                                  " stands in for it. Give the task's own with --region.");
  }
  const std::size_t present = context.recorded ? leave_out_present(plan, *context.recorded) : 0;
  const Infrastructure infrastructure = infrastructure_for(plan, options, context);
  PlanSheet sheet = sheet_of(plan, infrastructure, options, context);
  sheet.present = present;
  sheet.by_report = context.recorded.has_value();
  return write_output(options, written(around, sheet, infrastructure));
}

}  // namespace vpcprobe
