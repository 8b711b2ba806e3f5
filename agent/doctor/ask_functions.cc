#include "agent/doctor/ask_functions.h"

#include <algorithm>
#include <array>

#include "agent/base/bounded_json.h"
#include "agent/base/json_members.h"
#include "agent/base/redact.h"
#include "agent/base/words.h"
#include "agent/calls/iam_api.h"

namespace vpcprobe {
namespace {

using std::chrono::seconds;

constexpr seconds kFunctionTime{60};
constexpr seconds kInvokePatience = kFunctionTime + seconds(10);
constexpr std::size_t kLongestError = 300;

// A new role, and what is attached to it, reach Lambda seconds later (AWS: "Changes that I make are not
// always immediately visible"). CreateFunction says so in words only.
constexpr std::array<std::string_view, 2> kRoleNotYet{"cannot be assumed by Lambda",
                                                      "does not have permissions to call"};

// AWS: Invoke, "Errors". The function's network interface is being made, or made again.
constexpr std::array<std::string_view, 6> kNotYet{"ENINotReadyException",      "ResourceNotReadyException",
                                                  "ResourceConflictException", "EC2ThrottledException",
                                                  "TooManyRequestsException",  "ServiceException"};

enum class Step : std::uint8_t { create, wait, set_groups, ask, done };

std::vector<std::string> sorted(std::vector<std::string> list) {
  std::sort(list.begin(), list.end());
  return list;
}

/// What the response of a failed function says.
std::string failure_in(const std::string& json) {
  const auto document = parse_bounded_json(json, kLongestAnswer);
  std::string text;
  for (const char* key : {"errorType", "errorMessage"}) {
    const std::string part = document ? text_in(document.value(), key) : std::string();
    if (!part.empty()) text += (text.empty() ? "" : ": ") + part;
  }
  return safe_line(text, kLongestError);
}

/// One function on its path from nothing to an answer.
struct Course {
  const InsideFunction& function;
  Step step;
  bool was_accepted = false;  ///< Lambda took its role
  std::string state{};        ///< last one that Lambda said
  InsideAnswer answer{};
};

class Asking {
 public:
  Asking(const AwsSide& side, const InsidePlan& plan, const InsideOrder& order)
      : side_(side), plan_(plan), order_(order) {
    for (const InsideFunction& function : plan.functions)
      courses_.push_back({function, function.is_there ? Step::wait : Step::create, function.is_there});
  }

  std::vector<InsideAnswer> run() {
    RepeatedCalls calls;
    calls.count = courses_.size();
    calls.next = [this](std::size_t i) { return next(i); };
    calls.take = [this](std::size_t i, const ApiCallReply& reply) { return take(courses_[i], reply); };
    calls.words = [this] { return words(); };
    const Ended ended = repeat_calls(side_, calls);
    std::vector<InsideAnswer> answers;
    for (Course& course : courses_) {
      if (course.step != Step::done)
        course.answer.problem = (course.state.empty() ? "Lambda has not made it" : course.state) +
                                (ended == Ended::stopped ? " when a signal came" : " when the time was over");
      answers.push_back(std::move(course.answer));
    }
    return answers;
  }

 private:
  /// The first function alone until Lambda accepts the role: a refused archive is not sent several times.
  bool waits_for_role(const Course& course) const {
    const bool is_accepted =
        std::any_of(courses_.begin(), courses_.end(), [](const Course& other) { return other.was_accepted; });
    const auto first = std::find_if(courses_.begin(), courses_.end(),
                                    [](const Course& other) { return other.step == Step::create; });
    return course.step == Step::create && !is_accepted && &*first != &course;
  }

  std::optional<ApiCallRequest> next(std::size_t i) const {
    const Course& course = courses_[i];
    const InsideFunction& function = course.function;
    if (waits_for_role(course)) return {};
    switch (course.step) {
      case Step::create:
        return create_function(settings_of(function));
      case Step::wait:
        return get_function(function.name);
      case Step::set_groups:
        return change_groups(function.name, {function.subnet}, function.groups);
      case Step::ask:
        return invoke_function(function.name, order_.event, kInvokePatience);
      case Step::done:
        break;
    }
    return {};
  }

  NewFunction settings_of(const InsideFunction& function) const {
    NewFunction made;
    made.name = function.name;
    made.description = function_description(function.subnet);
    made.role = order_.role;
    made.architecture = order_.package.architecture;
    made.zip = order_.package.zip;
    made.subnets = {function.subnet};
    made.groups = function.groups;
    made.variables = {{"VPC_PROBE_REGION", plan_.region}};
    made.tags = {{std::string(kTag), std::string(kTagValue)}};
    made.timeout = kFunctionTime;
    return made;
  }

  bool take(Course& course, const ApiCallReply& reply) const {
    if (reply.outcome == CallOutcome::unreadable) return give_up(course, problem_of(reply));
    switch (course.step) {
      case Step::create:
        return take_created(course, reply);
      case Step::wait:
        return take_state(course, reply);
      case Step::set_groups:
        return take_changed(course, reply);
      case Step::ask:
        return take_response(course, reply);
      case Step::done:
        break;
    }
    return false;
  }

  bool take_created(Course& course, const ApiCallReply& reply) const {
    const bool is_there =
        reply.outcome == CallOutcome::answered || is_refused_as(reply, "ResourceConflictException");
    if (is_there) {
      course.was_accepted = true;
      course.step = Step::wait;
      return true;
    }
    const bool is_early = plan_.given_role.empty() &&
                          is_refused_as(reply, "InvalidParameterValueException") &&
                          std::any_of(kRoleNotYet.begin(), kRoleNotYet.end(), [&](std::string_view words) {
                            return reply.error.message.find(words) != std::string::npos;
                          });
    if (is_early) course.state = "Lambda does not accept the new role yet";
    return is_early ? false : give_up(course, "lambda:CreateFunction: " + problem_of(reply));
  }

  bool take_state(Course& course, const ApiCallReply& reply) const {
    // A function that was just made may be unknown for a moment.
    if (reply.outcome == CallOutcome::unreachable || is_refused_as(reply, "ResourceNotFoundException"))
      return false;
    if (reply.outcome != CallOutcome::answered)
      return give_up(course, "lambda:GetFunctionConfiguration: " + problem_of(reply));
    const FunctionState seen = read_function(reply.answer.json);
    const std::string reason = seen.state_reason.empty() ? "" : ": " + seen.state_reason;
    if (seen.state == "Failed") return give_up(course, "Lambda cannot make its network interface" + reason);
    if (seen.is_in_transition()) {
      course.state = "Lambda still makes it (Pending)";
      return false;
    }
    const bool has_groups = sorted(seen.groups) == sorted(course.function.groups);
    course.step = has_groups ? Step::ask : Step::set_groups;
    return true;
  }

  bool take_changed(Course& course, const ApiCallReply& reply) const {
    const bool is_taken =
        reply.outcome == CallOutcome::answered || is_refused_as(reply, "ResourceConflictException");
    if (!is_taken) return give_up(course, "lambda:UpdateFunctionConfiguration: " + problem_of(reply));
    course.step = Step::wait;
    return reply.outcome == CallOutcome::answered;
  }

  bool take_response(Course& course, const ApiCallReply& reply) const {
    const bool is_early = std::any_of(kNotYet.begin(), kNotYet.end(),
                                      [&](std::string_view type) { return is_refused_as(reply, type); });
    if (is_early) {
      course.state = "Lambda answers " + reply.error.type;
      course.step = Step::wait;
      return false;
    }
    if (reply.outcome != CallOutcome::answered)
      return give_up(course, "lambda:InvokeFunction: " + problem_of(reply));
    if (!reply.function_error.empty()) {
      const char* hint = order_.package.loads_libraries
                             ? "; this program loads shared libraries: give a release's by --binary"
                             : "";
      return give_up(course, "the function failed: " + failure_in(reply.answer.json) + hint);
    }
    course.answer.report = reply.answer.json;
    course.step = Step::done;
    return true;
  }

  static bool give_up(Course& course, const std::string& problem) {
    course.answer.problem = problem;
    course.step = Step::done;
    return true;
  }

  std::string words() const {
    const auto count = [&](Step step) {
      return std::count_if(courses_.begin(), courses_.end(),
                           [&](const Course& course) { return course.step == step; });
    };
    const auto of_all = " of " + count_words(courses_.size(), "function");
    if (count(Step::ask) > 0) return "asks " + std::to_string(count(Step::ask)) + of_all;
    if (count(Step::create) > 0)
      return "waits until Lambda accepts " + std::to_string(count(Step::create)) + of_all;
    return "waits until Lambda starts " + std::to_string(count(Step::wait)) + of_all;
  }

  const AwsSide& side_;
  const InsidePlan& plan_;
  const InsideOrder& order_;
  std::vector<Course> courses_;
};

UsageError iam_error(const char* action, const ApiCallReply& reply) {
  return {"iam:" + std::string(action) + ": " + problem_of(reply) +
              "; give a role that Lambda may assume by --lambda-role",
          true};
}

}  // namespace

std::optional<UsageError> find_kept_functions(const AwsSide& side, InsidePlan& plan) {
  std::vector<ApiCallRequest> calls;
  for (const InsideFunction& function : plan.functions) calls.push_back(get_function(function.name));
  const std::vector<ApiCallReply> replies = side.call(calls);
  for (std::size_t i = 0; i < replies.size(); ++i) {
    plan.functions[i].is_there = replies[i].outcome == CallOutcome::answered;
    if (!plan.functions[i].is_there && !is_refused_as(replies[i], "ResourceNotFoundException"))
      return UsageError{"lambda:GetFunctionConfiguration: " + problem_of(replies[i]), true};
  }
  return {};
}

Result<std::string> make_role(const AwsSide& side, const std::string& region) {
  const std::string name = role_name(region);
  NewRole role{name, std::string(kRolePath), "Lets the functions of vpc-probe doctor into a VPC",
               std::string(kTag), std::string(kTagValue)};
  side.says("makes the role " + name);
  ApiCallReply made = side.call_one(create_role(role));
  const bool was_there = is_refused_as(made, "EntityAlreadyExists");
  if (was_there) made = side.call_one(get_role(name));
  if (made.outcome != CallOutcome::answered) return iam_error(was_there ? "GetRole" : "CreateRole", made);
  std::string arn = role_arn_in(made.answer.json);
  if (!arn.ends_with(":role" + std::string(kRolePath) + name))
    return UsageError{"the role " + name + " is not of vpc-probe: its path must be " +
                      std::string(kRolePath)};
  const ApiCallReply attached =
      call_until(side, attach_role_policy(name, vpc_access_policy(region)), "attaches the role's policy",
                 [](const ApiCallReply& reply) { return !is_refused_as(reply, "NoSuchEntity"); });
  if (attached.outcome != CallOutcome::answered) return iam_error("AttachRolePolicy", attached);
  return arn;
}

std::vector<InsideAnswer> ask_functions(const AwsSide& side, const InsidePlan& plan,
                                        const InsideOrder& order) {
  return Asking(side, plan, order).run();
}

}  // namespace vpcprobe
