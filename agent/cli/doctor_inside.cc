#include "agent/cli/doctor_inside.h"

#include <algorithm>
#include <tuple>

#include "agent/base/exit_codes.h"
#include "agent/base/log.h"
#include "agent/base/pause.h"
#include "agent/base/quoted.h"
#include "agent/base/read_file.h"
#include "agent/base/write.h"
#include "agent/cli/confirmation.h"
#include "agent/cli/progress.h"
#include "agent/delivery/console.h"
#include "agent/diagnosis/read_report.h"
#include "agent/doctor/ask_functions.h"
#include "agent/doctor/function_event.h"
#include "agent/doctor/join_diagnoses.h"
#include "agent/doctor/own_role.h"
#include "agent/doctor/remove_functions.h"
#include "agent/doctor/stopped_task.h"

namespace vpcprobe {
namespace {

using Clock = std::chrono::steady_clock;
using std::chrono::milliseconds;

constexpr const char* kOwnProgram = "/proc/self/exe";
// AWS: awsvpcConfiguration takes 16 subnets at most.
constexpr std::size_t kMostSubnets = 16;

/// The part of the AWS side that this process has: a client, the clock, the line on the terminal.
class Caller {
 public:
  Caller(const Surroundings& around, const ApiAccess& access)
      : stop_(around.stop),
        end_(Clock::now() + around.options.wait_for),
        client_({.region = access.region, .keys = access.keys, .trust = access.trust.get(), .end = end_},
                around.stop),
        line_(around) {}

  AwsSide side() {
    AwsSide side;
    side.call = [this](const std::vector<ApiCallRequest>& calls) { return client_.call(calls); };
    side.now = [] { return Clock::now(); };
    side.pause = [this](milliseconds length) {
      pause_for(length, stop_);
      return !stop_.load();
    };
    side.says = [this](const std::string& words) { line_.waiting(words); };
    side.end = end_;
    return side;
  }
  void hide_line() { line_.hide(); }

 private:
  const std::atomic<bool>& stop_;
  Clock::time_point end_;
  ApiClient client_;
  ProgressLine line_;
};

/// Whose packets the functions send: the subnets of all tasks of the service, or what was said.
Result<Who> who_to_probe(const Surroundings& around, const Configuration& configuration,
                         const Report& planned) {
  const Options& options = around.options;
  SaidWho said;
  said.subnets = options.subnet_ids;
  if (!options.task_group.empty()) said.groups = {options.task_group};
  Who who = find_who(configuration, planned.context, said);
  const bool is_service = options.subnet_ids.empty() && options.task.empty();
  if (is_service && configuration.services.by_id.size() == 1)
    who.subnets = configuration.services.by_id.begin()->second.subnets;
  if (who.subnets.empty())
    return UsageError{"--probe lambda does not know the task's subnets: write --subnet-ids"};
  if (!who.groups || who.groups->empty())
    return UsageError{"--probe lambda does not know the task's security groups: write --task-security-group"};
  if (who.subnets.size() > kMostSubnets)
    return UsageError{"--probe lambda takes 16 subnets at most: write --subnet-ids"};
  if (who.has_public_address.value_or(false))
    return UsageError{
        "the tasks have public addresses (assignPublicIp), and a Lambda function has none: its packets take "
        "another path; run vpc-probe as a task instead"};
  return who;
}

Result<FunctionPackage> read_package(const Surroundings& around) {
  const std::string& path = around.options.binary.empty() ? kOwnProgram : around.options.binary;
  const auto program = read_input(path, kLongestPackage, around.stop);
  if (!program) return UsageError{"--binary " + in_quotes(path) + ": " + program.error().message};
  auto package = package_of(program.value());
  if (!package) return UsageError{"--binary " + in_quotes(path) + ": " + package.error().message};
  return package;
}

InsidePlan plan_functions(const Options& options, const std::string& region,
                          const Configuration& configuration, const Who& who, const std::string& digest) {
  InsidePlan plan;
  plan.region = region;
  plan.given_role = options.lambda_role;
  plan.is_kept = options.keep;
  for (const std::string& id : who.subnets) {
    const Subnet* subnet = configuration.subnets.find(id);
    plan.functions.push_back(
        {function_name(id, *who.groups, digest), id, subnet == nullptr ? "" : subnet->zone, *who.groups});
  }
  return plan;
}

/// Inside a function the addresses and the zone are not to be seen: its subnet says them.
void place_in(const Subnet* subnet, ReportContext& context) {
  auto& sources = context.source_addresses;
  const auto is_link_local = [](const std::string& text) {
    const auto address = IpAddress::parse(text);
    return !address || scope_of(*address, {}) == Scope::link_local;
  };
  sources.erase(std::remove_if(sources.begin(), sources.end(), is_link_local), sources.end());
  if (subnet == nullptr) return;
  context.availability_zone = subnet->zone;
  context.subnet_cidrs.clear();
  for (const Cidr& range : subnet->ranges) context.subnet_cidrs.push_back(range.to_string());
}

/// What the functions saw, joined with the configuration.
struct Views {
  std::vector<SubnetDiagnosis> measured;
  std::vector<UnseenSubnet> unseen;
};

Views views_of(const Configuration& configuration, const InsidePlan& plan, const Who& who,
               const std::vector<InsideAnswer>& answers, bool has_role_of_task) {
  Views views;
  for (std::size_t i = 0; i < answers.size(); ++i) {
    const InsideFunction& function = plan.functions[i];
    std::string problem = answers[i].problem;
    SavedReports saved;
    if (problem.empty()) saved = read_reports(answers[i].report);
    if (problem.empty() && saved.reports.empty()) problem = "the function's response is no report";
    if (!problem.empty()) {
      views.unseen.push_back({function.subnet, function.zone, problem});
      continue;
    }
    Report& report = saved.reports.back();
    place_in(configuration.subnets.find(function.subnet), report.context);
    Who own = who;
    own.subnets = {function.subnet};
    own.region = report.context.region;
    own.has_public_address = false;
    const bool is_unsure = !has_role_of_task && disregard_own_role(report);
    Diagnosis diagnosis = reason(configuration, report, own, true);
    if (is_unsure)
      diagnosis.not_seen.push_back({"permissions of the task's roles", "the function has a role of its own"});
    diagnosis.report = std::move(report);
    views.measured.push_back({function.subnet, function.zone, std::move(diagnosis)});
  }
  return views;
}

UsageError interrupted(const std::string& region) {
  return {"interrupted; what was made stays until: vpc-probe doctor --clean-up --region " + region, true};
}

/// Deletes the plan's functions, and the role with the last. What stays goes to the log.
void put_away(const AwsSide& side, const InsidePlan& plan, const std::string& vpc,
              const std::vector<InsideAnswer>& answers, const std::atomic<bool>& stop) {
  std::vector<FunctionState> functions;
  for (std::size_t i = 0; i < plan.functions.size(); ++i) {
    if (plan.is_kept && answers[i].problem.empty()) continue;  // a broken one is made anew next time
    FunctionState function;
    function.name = plan.functions[i].name;
    function.vpc = vpc;
    functions.push_back(std::move(function));
  }
  if (functions.empty()) return;
  const Removal removal = remove_functions(side, functions);
  std::vector<std::string> left = removal.left;
  const bool has_kept = functions.size() < plan.functions.size();
  if (plan.given_role.empty() && !has_kept && !stop)
    if (std::string why = remove_role(side, plan.region, removal.gone); !why.empty())
      left.push_back(std::move(why));
  for (const std::string& line : left) log(LogLevel::warn, line);
  if (stop || !left.empty())
    log(LogLevel::warn, "what stays is deleted by: vpc-probe doctor --clean-up --region " + plan.region);
}

Diagnosis diagnosis_of(const Configuration& configuration, const Report& planned, const Who& who,
                       Views views) {
  Diagnosis diagnosis;
  if (views.measured.empty()) {
    diagnosis = reason(configuration, planned, who, false);
    add_unseen(views.unseen, diagnosis);
  } else {
    diagnosis = join_diagnoses(std::move(views.measured), views.unseen);
  }
  add_last_task(diagnosis, configuration, who.region);
  return diagnosis;
}

std::vector<Cidr> ranges_of(const Configuration& configuration, const Who& who) {
  const Vpc* vpc = configuration.vpcs.find(who.vpc);
  return vpc == nullptr ? std::vector<Cidr>() : vpc->ranges;
}

}  // namespace

Result<int> diagnose_from_inside(const Surroundings& around, const ApiAccess& access,
                                 const Configuration& configuration, const Report& planned,
                                 const std::string& definition, const TakeDiagnosis& take) {
  const auto who = who_to_probe(around, configuration, planned);
  if (!who) return who.error();
  const auto package = read_package(around);
  if (!package) return package.error();
  InsidePlan plan =
      plan_functions(around.options, access.region, configuration, who.value(), package.value().digest);
  Caller looking(around, access);
  if (auto refused = find_kept_functions(looking.side(), plan)) return *refused;
  looking.hide_line();
  if (auto no = confirm(around, plan_table(plan))) return *no;

  Caller caller(around, access);
  const AwsSide side = caller.side();
  const bool is_all_there = std::all_of(plan.functions.begin(), plan.functions.end(),
                                        [](const InsideFunction& function) { return function.is_there; });
  std::string role = plan.given_role;
  if (role.empty() && !is_all_there) {
    auto made = make_role(side, access.region);
    if (around.stop) return interrupted(access.region);
    if (!made) return made.error();
    role = std::move(made.value());
  }
  Options options = around.options;
  const auto role_of_task = role_in_task(definition, plan.given_role);
  options.role = role_of_task.value_or(options.role);
  const std::string event =
      function_event(options, access.region, definition, ranges_of(configuration, who.value()));
  const std::vector<InsideAnswer> answers = ask_functions(side, plan, {package.value(), role, event});
  caller.hide_line();
  if (around.stop) return interrupted(access.region);
  auto taken =
      take(diagnosis_of(configuration, planned, who.value(),
                        views_of(configuration, plan, who.value(), answers, role_of_task.has_value())));
  Caller last(around, access);
  put_away(last.side(), plan, who.value().vpc, answers, around.stop);
  return taken;
}

Result<int> clean_up(const Surroundings& around) {
  const auto access = open_api(around, {}, Clock::now() + around.options.deadline);
  if (!access) return access.error();
  const std::string& region = access.value().region;
  Caller looking(around, access.value());
  const auto made = find_made(looking.side(), region);
  looking.hide_line();
  if (!made) return made.error();
  const auto& functions = made.value().functions;
  if (functions.empty() && !made.value().has_role)
    return write_output(around.options, "nothing of vpc-probe doctor is in " + region + "\n");
  if (auto no = confirm(around, removal_table(region, functions, made.value().has_role))) return *no;

  Caller caller(around, access.value());
  const Removal removal = remove_functions(caller.side(), functions);
  std::vector<std::string> left = removal.left;
  if (!around.stop)
    if (std::string why = remove_role(caller.side(), region, removal.gone); !why.empty())
      left.push_back(std::move(why));
  caller.hide_line();
  if (around.stop) return interrupted(region);
  if (left.empty())
    return write_output(around.options, "all that vpc-probe doctor made in " + region + " is deleted\n");
  std::string text;
  for (const std::string& line : left) text += line + "\n";
  return write_output(around.options, text, kIncomplete);
}

}  // namespace vpcprobe
