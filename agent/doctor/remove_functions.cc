#include "agent/doctor/remove_functions.h"

#include <algorithm>
#include <set>

#include "agent/base/bounded_json.h"
#include "agent/base/json_members.h"
#include "agent/base/percent.h"
#include "agent/base/words.h"
#include "agent/calls/iam_api.h"

namespace vpcprobe {
namespace {

constexpr unsigned kMostPages = 200;

using GroupOfVpc = std::map<std::string, std::string>;

ApiCallRequest ec2_call(const char* action, std::string body) {
  ApiCallRequest call;
  call.api = find_api("ec2");
  call.action = action;
  call.body = std::move(body);
  return call;
}

ApiCallRequest default_groups_call(const std::set<std::string>& vpcs) {
  std::string body = "Filter.1.Name=group-name&Filter.1.Value.1=default&Filter.2.Name=vpc-id";
  std::size_t number = 0;
  for (const std::string& vpc : vpcs)
    body += "&Filter.2.Value." + std::to_string(++number) + "=" + percent_encoded(vpc);
  return ec2_call("DescribeSecurityGroups", body);
}

/// AWS names the network interface of a function so; the rest is the function's name and an id.
ApiCallRequest interfaces_call() {
  return ec2_call("DescribeNetworkInterfaces",
                  "Filter.1.Name=description&Filter.1.Value.1=" +
                      percent_encoded("AWS Lambda VPC ENI-" + std::string(kFunctionPrefix) + "*") +
                      "&MaxResults=5");
}

std::vector<nlohmann::json> items_in(const std::string& json, const char* key) {
  const auto document = parse_bounded_json(json, kLongestAnswer);
  if (!document) return {};
  const nlohmann::json& list = list_in(document.value(), key);
  return {list.begin(), list.end()};
}

GroupOfVpc default_groups(const AwsSide& side, const std::vector<FunctionState>& functions) {
  std::set<std::string> vpcs;
  for (const FunctionState& function : functions) vpcs.insert(function.vpc);
  vpcs.erase("");
  GroupOfVpc groups;
  if (vpcs.empty()) return groups;
  const ApiCallReply reply = side.call_one(default_groups_call(vpcs));
  for (const nlohmann::json& group : items_in(reply.answer.json, "SecurityGroups"))
    groups[text_in(group, "VpcId")] = text_in(group, "GroupId");
  return groups;
}

enum class Step : std::uint8_t { look, change, settle, remove, confirm, gone, left };

struct Course {
  FunctionState function;
  Step step = Step::look;
  std::string problem{};
};

class Removing {
 public:
  Removing(const AwsSide& side, const std::vector<FunctionState>& functions)
      : side_(side), groups_(default_groups(side, functions)) {
    for (const FunctionState& function : functions) courses_.push_back({function});
  }

  Removal run() {
    RepeatedCalls calls;
    calls.count = courses_.size();
    calls.next = [this](std::size_t i) { return next(courses_[i]); };
    calls.take = [this](std::size_t i, const ApiCallReply& reply) { return take(courses_[i], reply); };
    calls.words = [this] { return words(); };
    repeat_calls(side_, calls);
    Removal removal;
    for (const Course& course : courses_) {
      const std::string& why = course.problem;
      if (course.step == Step::gone) removal.gone.push_back(course.function.name);
      if (course.step == Step::gone && why.empty()) continue;
      if (course.step == Step::gone)
        removal.left.push_back("function " + course.function.name + ": " + why);
      else
        removal.left.push_back("function " + course.function.name +
                               " stays: " + (why.empty() ? "Lambda was not done with it in time" : why));
    }
    return removal;
  }

 private:
  std::optional<ApiCallRequest> next(const Course& course) const {
    const std::string& name = course.function.name;
    switch (course.step) {
      case Step::look:
      case Step::settle:
      case Step::confirm:
        return get_function(name);
      case Step::change:
        return change_groups(name, course.function.subnets, {groups_.at(course.function.vpc)});
      case Step::remove:
        return delete_function(name);
      case Step::gone:
      case Step::left:
        break;
    }
    return {};
  }

  bool take(Course& course, const ApiCallReply& reply) const {
    if (reply.outcome == CallOutcome::unreachable) return false;
    if (is_refused_as(reply, "ResourceNotFoundException")) {
      course.step = Step::gone;
      return true;
    }
    switch (course.step) {
      case Step::look:
      case Step::settle:
      case Step::confirm:
        return take_state(course, reply);
      case Step::change:
        return take_change(course, reply);
      case Step::remove:
        return take_removal(course, reply);
      case Step::gone:
      case Step::left:
        break;
    }
    return false;
  }

  bool take_state(Course& course, const ApiCallReply& reply) const {
    if (course.step == Step::confirm) return false;  // it is still listed
    if (reply.outcome != CallOutcome::answered) {
      // Without the right to look it is deleted blindly: better than to leave it.
      course.step = Step::remove;
      return true;
    }
    const FunctionState seen = read_function(reply.answer.json);
    if (seen.is_in_transition()) return false;
    if (course.step == Step::settle && seen.last_update == "Failed")
      course.problem = kept_groups(seen.last_update_reason);
    const bool is_done = course.step == Step::settle || !has_interface(seen) || has_default_group(seen);
    const bool is_known = groups_.contains(seen.vpc);
    if (!is_done && !is_known) course.problem = kept_groups("the VPC's default group was not seen");
    course.function.vpc = seen.vpc;
    course.function.subnets = seen.subnets;
    course.step = is_done || !is_known ? Step::remove : Step::change;
    return true;
  }

  bool take_change(Course& course, const ApiCallReply& reply) const {
    const bool is_busy = is_refused_as(reply, "ResourceConflictException");
    if (is_busy) course.step = Step::look;
    if (is_busy) return false;
    if (reply.outcome != CallOutcome::answered)
      course.problem = kept_groups("lambda:UpdateFunctionConfiguration: " + problem_of(reply));
    course.step = reply.outcome == CallOutcome::answered ? Step::settle : Step::remove;
    return true;
  }

  static bool take_removal(Course& course, const ApiCallReply& reply) {
    if (is_refused_as(reply, "ResourceConflictException")) return false;
    if (reply.outcome != CallOutcome::answered)
      course.problem = "lambda:DeleteFunction: " + problem_of(reply);
    course.step = reply.outcome == CallOutcome::answered ? Step::confirm : Step::left;
    return true;
  }

  /// Lambda takes the interface of an inactive function back, and a failed one never had one.
  static bool has_interface(const FunctionState& seen) { return seen.state == "Active" && !seen.vpc.empty(); }

  bool has_default_group(const FunctionState& seen) const {
    const auto group = groups_.find(seen.vpc);
    return group != groups_.end() && seen.groups == std::vector<std::string>{group->second};
  }

  static std::string kept_groups(const std::string& why) {
    return "its network interface keeps the task's security groups for 20 minutes or more: " + why;
  }

  std::string words() const {
    const auto left = std::count_if(courses_.begin(), courses_.end(),
                                    [](const Course& course) { return course.step < Step::gone; });
    return "waits until Lambda deletes " + std::to_string(left) + " of " +
           count_words(courses_.size(), "function");
  }

  const AwsSide& side_;
  GroupOfVpc groups_;
  std::vector<Course> courses_;
};

/// Every function of the region; an empty optional where not all were seen.
Result<std::vector<FunctionState>> all_functions(const AwsSide& side) {
  std::vector<FunctionState> functions;
  std::string token;
  for (unsigned page = 0; page < kMostPages; ++page) {
    const ApiCallReply reply = side.call_one(list_functions(token));
    if (reply.outcome != CallOutcome::answered)
      return UsageError{"lambda:ListFunctions: " + problem_of(reply), true};
    for (FunctionState& function : read_function_list(reply.answer.json))
      functions.push_back(std::move(function));
    token = reply.answer.next_token;
    if (token.empty()) return functions;
  }
  return UsageError{"lambda:ListFunctions: more than 10 000 functions", true};
}

bool is_gone(const ApiCallReply& reply) {
  return reply.outcome == CallOutcome::answered || is_refused_as(reply, "NoSuchEntity");
}

}  // namespace

Result<MadeByUs> find_made(const AwsSide& side, const std::string& region) {
  side.says("looks for what doctor made");
  auto listed = all_functions(side);
  if (!listed) return listed.error();
  MadeByUs made;
  for (FunctionState& function : listed.value())
    if (is_ours(function)) made.functions.push_back(std::move(function));
  const ApiCallReply role = side.call_one(get_role(role_name(region)));
  made.has_role = role.outcome == CallOutcome::answered;
  if (!made.has_role && !is_refused_as(role, "NoSuchEntity"))
    return UsageError{"iam:GetRole: " + problem_of(role), true};
  return made;
}

Removal remove_functions(const AwsSide& side, const std::vector<FunctionState>& functions) {
  return Removing(side, functions).run();
}

std::string remove_role(const AwsSide& side, const std::string& region,
                        const std::vector<std::string>& gone) {
  const std::string name = role_name(region);
  const std::string stays = "the role " + name + " stays: ";
  side.says("deletes the role " + name);
  const auto functions = all_functions(side);
  if (!functions) return stays + functions.error().message;
  const auto users =
      std::count_if(functions.value().begin(), functions.value().end(), [&](const FunctionState& function) {
        return function.role.ends_with("/" + name) &&
               std::find(gone.begin(), gone.end(), function.name) == gone.end();
      });
  if (users > 0) return stays + count_words(static_cast<std::size_t>(users), "function") + " in use of it";
  const ApiCallReply interfaces = side.call_one(interfaces_call());
  if (interfaces.outcome != CallOutcome::answered)
    return stays + "ec2:DescribeNetworkInterfaces: " + problem_of(interfaces);
  // A page may be empty although another follows.
  if (!items_in(interfaces.answer.json, "NetworkInterfaces").empty() || !interfaces.answer.next_token.empty())
    return stays + "AWS needs it until the functions' network interfaces are gone, 20 minutes or more";
  const ApiCallReply detached = side.call_one(detach_role_policy(name, vpc_access_policy(region)));
  if (!is_gone(detached)) return stays + "iam:DetachRolePolicy: " + problem_of(detached);
  const ApiCallReply deleted = side.call_one(delete_role(name));
  return is_gone(deleted) ? "" : stays + "iam:DeleteRole: " + problem_of(deleted);
}

}  // namespace vpcprobe
