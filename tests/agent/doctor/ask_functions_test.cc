// The functions that look from inside, with a Lambda that takes its time.
#include "agent/doctor/ask_functions.h"

#include <map>

#include "aws_side_samples.h"
#include "catch.h"

using namespace vpcprobe;

namespace {

const FunctionPackage kPackage{"x86_64", "UEs=", "0123456789abcdef", false};
const InsideOrder kOrder{kPackage, "arn:aws:iam::111122223333:role/r", R"({"region":"eu-west-1"})"};

InsidePlan plan_of(std::size_t count) {
  InsidePlan plan;
  plan.region = "eu-west-1";
  for (std::size_t i = 0; i < count; ++i) {
    const std::string subnet = "subnet-" + std::to_string(i);
    plan.functions.push_back({"f" + std::to_string(i), subnet, "", {"sg-1"}});
  }
  return plan;
}

std::string state_of(const std::string& state, const std::string& group = "sg-1") {
  return R"({"State":")" + state + R"(","StateReason":"because","LastUpdateStatus":"Successful",)" +
         R"("VpcConfig":{"VpcId":"vpc-1","SubnetIds":["subnet-0"],"SecurityGroupIds":[")" + group + R"("]}})";
}

/// Answers each action from a list of its own; the last one again and again.
struct Script {
  std::map<std::string, std::vector<ApiCallReply>> of_action;
  std::map<std::string, std::size_t> at;

  ApiCallReply operator()(const ApiCallRequest& call) {
    const std::vector<ApiCallReply>& list = of_action.at(call.action);
    const std::size_t place = std::min(at[call.action]++, list.size() - 1);
    return list[place];
  }
};

}  // namespace

TEST_CASE("a function is made, waited for and asked", "[inside]") {
  FakeSide fake;
  fake.answer = Script{
      {{"CreateFunction", {answered("{}")}},
       {"GetFunctionConfiguration",
        {refused("ResourceNotFoundException"), answered(state_of("Pending")), answered(state_of("Active"))}},
       {"Invoke", {answered(R"({"report":1})")}}},
      {}};
  const auto answers = ask_functions(fake.side(), plan_of(1), kOrder);
  REQUIRE(answers.size() == 1);
  CHECK(answers[0].problem.empty());
  CHECK(answers[0].report == R"({"report":1})");
  CHECK(fake.actions == std::vector<std::string>{"CreateFunction", "GetFunctionConfiguration",
                                                 "GetFunctionConfiguration", "GetFunctionConfiguration",
                                                 "Invoke"});
  CHECK(fake.said.back() == "asks 1 of 1 function");
}

TEST_CASE("one function alone waits until Lambda accepts the new role", "[inside]") {
  FakeSide fake;
  const ApiCallReply early = refused("InvalidParameterValueException",
                                     "The role defined for the function cannot be assumed by Lambda.");
  fake.answer = Script{{{"CreateFunction", {early, early, early, answered("{}")}},
                        {"GetFunctionConfiguration", {answered(state_of("Active"))}},
                        {"Invoke", {answered("{}")}}},
                       {}};
  const auto answers = ask_functions(fake.side(), plan_of(3), kOrder);
  CHECK(fake.count("CreateFunction") == 6);
  CHECK(fake.count("Invoke") == 3);
  CHECK(answers[2].problem.empty());
}

TEST_CASE("a role that was given is not waited for", "[inside]") {
  FakeSide fake;
  fake.answer = Script{
      {{"CreateFunction", {refused("InvalidParameterValueException", "cannot be assumed by Lambda")}}}, {}};
  InsidePlan plan = plan_of(1);
  plan.given_role = kOrder.role;
  const auto answers = ask_functions(fake.side(), plan, kOrder);
  CHECK(answers[0].problem ==
        "lambda:CreateFunction: InvalidParameterValueException: cannot be assumed by Lambda");
  CHECK(fake.count("CreateFunction") == 1);
}

TEST_CASE("a function of an interrupted run goes on, back in the task's groups", "[inside]") {
  FakeSide fake;
  fake.answer = Script{{{"CreateFunction", {refused("ResourceConflictException")}},
                        {"GetFunctionConfiguration",
                         {answered(state_of("Active", "sg-default")), answered(state_of("Active"))}},
                        {"UpdateFunctionConfiguration", {answered("{}")}},
                        {"Invoke", {answered("{}")}}},
                       {}};
  const auto answers = ask_functions(fake.side(), plan_of(1), kOrder);
  CHECK(answers[0].problem.empty());
  CHECK(fake.count("UpdateFunctionConfiguration") == 1);
}

TEST_CASE("a network interface that was taken back is waited for", "[inside]") {
  FakeSide fake;
  fake.answer =
      Script{{{"GetFunctionConfiguration",
               {answered(state_of("Inactive")), answered(state_of("Pending")), answered(state_of("Active"))}},
              {"Invoke", {refused("ENINotReadyException"), answered("{}")}}},
             {}};
  InsidePlan plan = plan_of(1);
  plan.functions[0].is_there = true;
  const auto answers = ask_functions(fake.side(), plan, kOrder);
  CHECK(answers[0].problem.empty());
  CHECK(fake.count("Invoke") == 2);
  CHECK(fake.count("CreateFunction") == 0);
}

TEST_CASE("what ends without a report says why", "[inside]") {
  struct Case {
    Script script;
    std::string problem;
  };
  const std::vector<ApiCallReply> active{answered(state_of("Active"))};
  const std::vector<ApiCallReply> made{answered("{}")};
  const Case cases[] = {
      {{{{"CreateFunction", made}, {"GetFunctionConfiguration", {answered(state_of("Failed"))}}}, {}},
       "Lambda cannot make its network interface: because"},
      {{{{"CreateFunction", made},
         {"GetFunctionConfiguration", active},
         {"Invoke",
          {answered(R"({"errorType":"Runtime.ExitError","errorMessage":"exit status 127"})", "Unhandled")}}},
        {}},
       "the function failed: Runtime.ExitError: exit status 127"},
      {{{{"CreateFunction", made},
         {"GetFunctionConfiguration", active},
         {"Invoke", {refused("AccessDeniedException", "no")}}},
        {}},
       "lambda:InvokeFunction: AccessDeniedException: no"},
      {{{{"CreateFunction", made}, {"GetFunctionConfiguration", {answered(state_of("Pending"))}}}, {}},
       "Lambda still makes it (Pending) when the time was over"}};
  for (const Case& one : cases) {
    FakeSide fake;
    fake.answer = one.script;
    CHECK(ask_functions(fake.side(), plan_of(1), kOrder)[0].problem == one.problem);
  }
}

TEST_CASE("a signal ends the wait", "[inside]") {
  FakeSide fake;
  fake.answer = Script{
      {{"CreateFunction", {answered("{}")}}, {"GetFunctionConfiguration", {answered(state_of("Pending"))}}},
      {}};
  fake.stops_at = fake.now + std::chrono::seconds(3);
  CHECK(ask_functions(fake.side(), plan_of(1), kOrder)[0].problem ==
        "Lambda still makes it (Pending) when a signal came");
  CHECK(fake.now < fake.stops_at + std::chrono::seconds(1));
}

TEST_CASE("the role is made with its policy, or found", "[inside]") {
  const std::string arn = "arn:aws:iam::111122223333:role/vpc-probe/vpc-probe-doctor-eu-west-1";
  const ApiCallReply role = answered(R"({"Role":{"Arn":")" + arn + R"("}})");
  FakeSide fake;
  fake.answer =
      Script{{{"CreateRole", {role}}, {"AttachRolePolicy", {refused("NoSuchEntity"), answered("{}")}}}, {}};
  CHECK(make_role(fake.side(), "eu-west-1").value() == arn);
  CHECK(fake.count("AttachRolePolicy") == 2);
  fake.answer = Script{{{"CreateRole", {refused("EntityAlreadyExists")}},
                        {"GetRole", {role}},
                        {"AttachRolePolicy", {answered("{}")}}},
                       {}};
  CHECK(make_role(fake.side(), "eu-west-1").value() == arn);
  fake.answer =
      Script{{{"CreateRole", {refused("EntityAlreadyExists")}},
              {"GetRole", {answered(R"({"Role":{"Arn":"arn:aws:iam::111122223333:role/other"}})")}}},
             {}};
  CHECK(make_role(fake.side(), "eu-west-1").error().message.find("is not of vpc-probe") != std::string::npos);
  fake.answer = Script{{{"CreateRole", {refused("AccessDenied", "no")}}}, {}};
  CHECK(make_role(fake.side(), "eu-west-1").error().message ==
        "iam:CreateRole: AccessDenied: no; give a role that Lambda may assume by --lambda-role");
}

TEST_CASE("functions of an earlier run are found by their names", "[inside]") {
  FakeSide fake;
  fake.answer = [](const ApiCallRequest& call) {
    return call.path.find("/f1/") != std::string::npos ? answered(state_of("Active"))
                                                       : refused("ResourceNotFoundException");
  };
  InsidePlan plan = plan_of(2);
  CHECK_FALSE(find_kept_functions(fake.side(), plan));
  CHECK_FALSE(plan.functions[0].is_there);
  CHECK(plan.functions[1].is_there);
  fake.answer = [](const ApiCallRequest&) { return refused("AccessDeniedException", "no"); };
  CHECK(find_kept_functions(fake.side(), plan)->message ==
        "lambda:GetFunctionConfiguration: AccessDeniedException: no");
}
