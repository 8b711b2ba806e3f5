// What doctor made is taken away: groups first, then functions, the role last.
#include "agent/doctor/remove_functions.h"

#include <map>

#include "aws_side_samples.h"
#include "catch.h"

using namespace vpcprobe;

namespace {

/// A Lambda with one function of ours, and IAM with its role.
struct Account {
  std::string state = "Active", update = "Successful", group = "sg-task";
  bool has_function = true, has_role = true, has_interface = false, has_other = false;
  int busy = 0;  ///< how many changes and deletions are refused first
  std::map<std::string, ApiCallReply> refusals{};

  std::string function() const {
    return R"({"FunctionName":"vpc-probe-doctor-0123456789abcdef","State":")" + state +
           R"(","Description":"vpc-probe doctor: probes from subnet-1","LastUpdateStatus":")" + update +
           R"(","Role":"arn:aws:iam::111122223333:role/vpc-probe/vpc-probe-doctor-eu-west-1",)" +
           R"("VpcConfig":{"VpcId":"vpc-1","SubnetIds":["subnet-1"],"SecurityGroupIds":[")" + group +
           R"("]}})";
  }

  ApiCallReply operator()(const ApiCallRequest& call) {
    const auto refusal = refusals.find(call.action);
    if (refusal != refusals.end()) return refusal->second;
    if (call.action == "DescribeSecurityGroups")
      return answered(R"({"SecurityGroups":[{"VpcId":"vpc-1","GroupId":"sg-default"}]})");
    if (call.action == "DescribeNetworkInterfaces")
      return answered(has_interface ? R"({"NetworkInterfaces":[{"NetworkInterfaceId":"eni-1"}]})"
                                    : R"({"NetworkInterfaces":[]})");
    if (call.action == "ListFunctions") return list();
    if (call.api->id == "iam") return role(call.action);
    if (!has_function) return refused("ResourceNotFoundException");
    if (call.action == "GetFunctionConfiguration") return answered(function());
    if (busy-- > 0) return refused("ResourceConflictException");
    if (call.action == "UpdateFunctionConfiguration") group = "sg-default";
    if (call.action == "DeleteFunction") has_function = false;
    return answered("{}");
  }

  ApiCallReply list() const {
    const std::string other =
        R"({"FunctionName":"vpc-probe-doctor-my-own","Description":"mine","Role":"arn:aws:iam::1:role/x"})";
    std::string items = has_function ? function() : "";
    if (has_other) items += (items.empty() ? "" : ",") + other;
    return answered(R"({"Functions":[)" + items + "]}");
  }

  ApiCallReply role(const std::string& action) {
    if (!has_role) return refused("NoSuchEntity");
    if (action == "DeleteRole") has_role = false;
    return answered("{}");
  }
};

FunctionState ours() {
  FunctionState function;
  function.name = "vpc-probe-doctor-0123456789abcdef";
  function.vpc = "vpc-1";
  return function;
}

struct Done {
  FakeSide fake;
  std::vector<std::string> left{};
  std::vector<std::string> gone{};
};

Done removed(Account& account) {
  Done done;
  done.fake.answer = [&account](const ApiCallRequest& call) { return account(call); };
  const Removal removal = remove_functions(done.fake.side(), {ours()});
  done.left = removal.left;
  done.gone = removal.gone;
  return done;
}

}  // namespace

TEST_CASE("a function goes into the default group before it is deleted", "[inside]") {
  Account account;
  const Done done = removed(account);
  CHECK(done.left.empty());
  CHECK(done.gone == std::vector<std::string>{ours().name});
  CHECK_FALSE(account.has_function);
  CHECK(account.group == "sg-default");
  CHECK(done.fake.actions == std::vector<std::string>{"DescribeSecurityGroups", "GetFunctionConfiguration",
                                                      "UpdateFunctionConfiguration",
                                                      "GetFunctionConfiguration", "DeleteFunction",
                                                      "GetFunctionConfiguration"});
}

TEST_CASE("a function without a network interface, or in the default group, is deleted at once", "[inside]") {
  for (const bool is_failed : {true, false}) {
    Account account;
    if (is_failed)
      account.state = "Failed";
    else
      account.group = "sg-default";
    CHECK(removed(account).fake.count("UpdateFunctionConfiguration") == 0);
    CHECK_FALSE(account.has_function);
  }
}

TEST_CASE("what Lambda is busy with is waited for, and said when it takes too long", "[inside]") {
  Account busy;
  busy.busy = 3;
  CHECK(removed(busy).left.empty());
  CHECK_FALSE(busy.has_function);
  Account pending;
  pending.state = "Pending";
  const Done done = removed(pending);
  CHECK(done.left == std::vector<std::string>{"function vpc-probe-doctor-0123456789abcdef stays: Lambda was "
                                              "not done with it in time"});
}

TEST_CASE("a function whose groups cannot be changed is deleted all the same, and said", "[inside]") {
  Account account;
  account.refusals["UpdateFunctionConfiguration"] = refused("AccessDeniedException", "no");
  const Done done = removed(account);
  REQUIRE(done.left.size() == 1);
  CHECK(done.left[0].find("keeps the task's security groups for 20 minutes or more") != std::string::npos);
  CHECK_FALSE(account.has_function);
}

TEST_CASE("a function that may not be deleted stays", "[inside]") {
  Account account;
  account.refusals["DeleteFunction"] = refused("AccessDeniedException", "no");
  const Done done = removed(account);
  REQUIRE(done.left.size() == 1);
  CHECK(done.left[0].find("stays: lambda:DeleteFunction: AccessDeniedException: no") != std::string::npos);
}

TEST_CASE("the role goes last", "[inside]") {
  Account account;
  FakeSide fake;
  fake.answer = [&account](const ApiCallRequest& call) { return account(call); };
  CHECK(remove_role(fake.side(), "eu-west-1", {}).find("1 function in use of it") != std::string::npos);
  CHECK(account.has_role);
  account.has_interface = true;
  CHECK(remove_role(fake.side(), "eu-west-1", {ours().name}).find("AWS needs it until") != std::string::npos);
  account.has_function = false;
  account.has_interface = true;
  CHECK(remove_role(fake.side(), "eu-west-1", {}).find("AWS needs it until") != std::string::npos);
  CHECK(account.has_role);
  account.has_interface = false;
  CHECK(remove_role(fake.side(), "eu-west-1", {}).empty());
  CHECK_FALSE(account.has_role);
  CHECK(remove_role(fake.side(), "eu-west-1", {}).empty());
}

TEST_CASE("only what is ours by name and description is found", "[inside]") {
  Account account;
  account.has_other = true;
  FakeSide fake;
  fake.answer = [&account](const ApiCallRequest& call) { return account(call); };
  const auto made = find_made(fake.side(), "eu-west-1");
  REQUIRE(made);
  REQUIRE(made.value().functions.size() == 1);
  CHECK(made.value().functions[0].vpc == "vpc-1");
  CHECK(made.value().has_role);
  account.refusals["ListFunctions"] = refused("AccessDeniedException", "no");
  CHECK_FALSE(find_made(fake.side(), "eu-west-1"));
}
