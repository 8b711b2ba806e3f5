#include "agent/rounds.h"

#include <algorithm>

#include "agent/gather.h"
#include "agent/in_quotes.h"
#include "agent/input.h"
#include "agent/log.h"
#include "agent/plan.h"
#include "probes/endpoint.h"
#include "probes/handshake.h"

namespace vpcprobe {
namespace {

std::vector<Target> targets_of(const Plan& plan) {
  std::vector<Target> targets;
  for (const PlannedEndpoint& endpoint : plan.endpoints) targets.push_back(endpoint.target);
  return targets;
}

Result<Plan> plan_here(const Options& options, const TaskContext& context) {
  auto plan = make_plan(options, context);
  if (plan && plan.value().settings.resolvers.empty()) plan.value().settings.resolvers = context.resolvers;
  return plan;
}

}  // namespace

TaskContext Rounds::look_around(std::chrono::milliseconds limit) {
  TaskContext context = gather_context(around_.environment, around_.stop, limit);
  if (!context.metadata_problem.empty()) {
    log(LogLevel::warn, "task metadata: " + context.metadata_problem);
    return known_ ? *known_ : context;
  }
  if (context.region.empty()) context.region = place_.region;
  if (context.account.empty()) context.account = place_.account;
  known_ = context;
  return context;
}

std::string Rounds::read_files_once() {
  if (files_read_) return {};
  std::string wrong = read_named_files(around_.options, around_.stop, files_);
  files_read_ = wrong.empty();
  return wrong;
}

Result<Report> Rounds::next(std::chrono::milliseconds deadline) {
  const Options& options = around_.options;
  const std::string wrong_roots = options.ca_file.empty() ? "" : check_ca_file(options.ca_file);
  if (!wrong_roots.empty()) return UsageError{"--ca-file " + in_quotes(options.ca_file) + ": " + wrong_roots};
  const auto begun = std::chrono::steady_clock::now();
  if (const std::string wrong = read_files_once(); !wrong.empty()) return UsageError{wrong};
  TaskContext context = look_around(deadline / 2);
  context.definition = files_.definition;
  const auto plan = plan_here(options, context);
  if (!plan) return plan.error();
  // The deadline is that of the whole round: what finding out took is gone.
  const auto spent =
      std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now() - begun);
  ProbeSettings settings = plan.value().settings;
  settings.deadline = std::max(deadline - spent, std::chrono::milliseconds(0));
  Observation seen = run_probes(targets_of(plan.value()), plan.value().controls, settings, around_.stop);
  return make_report(options, context, plan.value(), std::move(seen));
}

}  // namespace vpcprobe
