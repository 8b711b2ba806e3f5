#include "agent/calls/denial.h"

#include "agent/base/text_search.h"
#include "catch.h"

using namespace vpcprobe;

TEST_CASE("fragments are found in their order") {
  constexpr auto none = std::string_view::npos;
  CHECK(find_fragments("failed to copy: httpreadseeker: 403", "failed to copy…403") == 35);
  CHECK(find_fragments("403 failed to copy", "failed to copy…403") == none);
  CHECK(find_fragments("aab", "aa…ab") == none);
  CHECK(find_fragments("agent", "^agent$") == 5);
  CHECK(find_fragments("the agent", "^agent$") == none);
  CHECK(find_fragments("agents", "^agent$") == none);
  CHECK(find_fragments("head: eof", ": eof$") == 9);
  CHECK(find_fragments("eof: more", ": eof$") == none);
  CHECK(find_fragments("", "a") == none);
}

TEST_CASE("a denial's sentence is taken apart") {
  const auto denial = read_denial(
      "AccessDeniedException: User: arn:aws:sts::111122223333:assumed-role/pull/0a1b is not authorized to "
      "perform: ecr:GetAuthorizationToken on resource: * because no VPC endpoint policy allows the "
      "ecr:GetAuthorizationToken action\n\tstatus code: 400");
  REQUIRE(denial);
  CHECK(denial->principal == "arn:aws:sts::111122223333:assumed-role/pull/0a1b");
  CHECK(denial->action == "ecr:GetAuthorizationToken");
  CHECK(denial->resource == "*");
  CHECK(denial->policy == "VPC endpoint policy");
  CHECK_FALSE(denial->explicit_deny);
  CHECK(denial->code == "denied-endpoint-policy");
}

TEST_CASE("each kind of policy is its own finding") {
  const auto code_of = [](const std::string& because) {
    const auto denial = read_denial(
        "is not authorized to perform: s3:GetObject on resource: \"arn:aws:s3:::b/k\" " + because);
    REQUIRE(denial);
    CHECK(denial->resource == "arn:aws:s3:::b/k");
    return std::string(denial->code);
  };
  CHECK(code_of("because no identity-based policy allows the s3:GetObject action") ==
        "denied-identity-policy");
  CHECK(code_of("with an explicit deny in an identity-based policy: arn:aws:iam::1:policy/p") ==
        "denied-identity-policy");
  CHECK(code_of("because no resource-based policy allows the s3:GetObject action") ==
        "denied-resource-policy");
  CHECK(code_of("with an explicit deny in a service control policy") == "denied-scp");
  CHECK(code_of("with an explicit deny in a resource control policy") == "denied-rcp");
  CHECK(code_of("because no permissions boundary allows the s3:GetObject action") == "denied-boundary");
  CHECK(code_of("with an explicit deny in a session policy") == "denied-session-policy");
  CHECK(code_of("with an explicit deny in a VPC endpoint policy") == "denied-endpoint-policy");
  CHECK(code_of("because no role trust policy allows the sts:AssumeRole action") == "denied-resource-policy");
  CHECK(code_of("") == "denied-unspecified");
}

TEST_CASE("what speaks of no denial is none") {
  CHECK_FALSE(read_denial("dial tcp 10.0.1.7:443: i/o timeout"));
  CHECK_FALSE(read_denial(""));
  const auto bare = read_denial("AccessDenied: Access Denied status code: 403, request id: ABC");
  REQUIRE(bare);
  CHECK(bare->action.empty());
  CHECK(bare->code == "denied-unspecified");
  const auto cut = read_denial("User: arn:aws:sts::1:assumed-role/r/s is not authorized to perform: ");
  REQUIRE(cut);
  CHECK(cut->action.empty());
}
