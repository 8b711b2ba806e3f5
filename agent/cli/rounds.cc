#include "agent/cli/rounds.h"

#include <algorithm>

#include "agent/base/log.h"
#include "agent/base/pause.h"
#include "agent/calls/ask_services.h"
#include "agent/calls/credentials.h"
#include "agent/cli/named_files.h"
#include "agent/diagnosis/make_report.h"
#include "agent/image/pull_refusals.h"
#include "agent/image/rehearse.h"
#include "agent/plan/plan.h"
#include "agent/task/metadata.h"
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

/// What only credentials or registries can tell, once the network is known.
PullObservation look_further(const Surroundings& around, const TaskContext& context, const Plan& plan,
                             const AwsKeys& keys, std::chrono::steady_clock::time_point end,
                             Observation& seen) {
  if (context.credentials.status == CredentialsStatus::ok)
    ask_services(plan, keys, time_left(end), seen, around.stop);
  const auto begun = std::chrono::steady_clock::now();
  PullObservation pulls;
  if (around.options.depth == Depth::image) {
    const ImagePlatform platform = wanted_platform(around.options, context, plan);
    pulls = rehearse_pulls(around.options, plan, seen, platform, keys, end, around.stop);
    seen.asked_complete = seen.asked_complete && !was_cut(pulls);
    add_refusals(plan, pulls, seen);
  }
  seen.duration += std::chrono::duration_cast<Elapsed>(std::chrono::steady_clock::now() - begun);
  return pulls;
}

}  // namespace

TaskContext Rounds::look_around(std::chrono::milliseconds limit) {
  TaskContext context = gather_context(around_.environment, around_.stop, limit);
  if (!context.metadata_problem.empty()) {
    log(LogLevel::warn, "task metadata: " + context.metadata_problem);
    if (known_) return *known_;
  }
  add_own_interfaces(context, own_interface_addresses());
  if (!context.metadata_problem.empty()) return context;
  if (context.region.empty()) context.region = place_.region;
  if (context.account.empty()) context.account = place_.account;
  known_ = context;
  return context;
}

std::optional<UsageError> Rounds::read_files_once(std::chrono::steady_clock::time_point end) {
  if (files_read_) return {};
  Result<std::string> roots = read_ca_file(around_.options, around_.stop, end);
  if (!roots) return roots.error();
  around_.more_roots = std::move(roots.value());
  auto wrong = read_named_files(around_.options, around_.stop, end, files_);
  files_read_ = !wrong;
  return wrong;
}

bool Rounds::must_await_controls() const {
  if (around_.options.require_private) return true;
  return awaits_controls_ && controls_.are_due(std::chrono::steady_clock::now());
}

Result<Report> Rounds::next(std::chrono::milliseconds deadline) {
  const Options& options = around_.options;
  // The deadline covers the whole round, the time to find out where this runs included.
  const auto end = std::chrono::steady_clock::now() + deadline;
  says(Doing::preparing);
  if (auto wrong = read_files_once(end)) return *wrong;
  TaskContext context = look_around(std::min(deadline / 2, time_left(end)));
  context.definition = files_.definition;
  auto plan = plan_here(options, context);
  // Not the user's mistake: the metadata would have said where this is.
  const bool is_lost = !context.metadata_problem.empty() && options.region.empty() && context.region.empty();
  if (!plan && is_lost)
    return UsageError{"no region: the task metadata cannot be read now; give --region", true};
  if (!plan) return plan.error();
  Credentials credentials;
  if (options.depth != Depth::network) {
    credentials = gather_credentials(around_.environment, around_.stop, time_left(end) / 2);
    context.credentials = credentials.seen;
    log(LogLevel::debug, "credentials from " + credentials.seen.source + ": " +
                             std::string(to_string(credentials.seen.status)));
  }
  plan.value().settings.more_roots = around_.more_roots;
  ProbeSettings settings = plan.value().settings;
  settings.deadline = time_left(end);
  settings.await_controls = must_await_controls();
  ProbeProgress unread;
  ProbeProgress& progress = line_ != nullptr ? line_->probes() : unread;
  progress.reset();
  says(Doing::probing);
  Observation seen =
      run_probes(targets_of(plan.value()), plan.value().controls, settings, around_.stop, progress);
  controls_.update(seen.controls, std::chrono::steady_clock::now());
  if (options.depth != Depth::network) says(options.depth == Depth::image ? Doing::pulling : Doing::asking);
  PullObservation pulls = look_further(around_, context, plan.value(), credentials.keys, end, seen);
  return make_report(options, context, plan.value(), std::move(seen), std::move(pulls));
}

}  // namespace vpcprobe
