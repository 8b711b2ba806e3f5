#include "agent/explain/ecs_names.h"

#include "agent/explain/explained.h"
#include "catch.h"

using namespace vpcprobe;

namespace {

EcsNames names_in(const std::string& text) {
  return ecs_names_in(text, read_evidence(text, NetworkRanges{{}, {}}));
}

}  // namespace

TEST_CASE("the names of ECS objects fill the suggested commands") {
  const EcsNames task = names_in("task arn:aws:ecs:eu-west-1:111122223333:task/prod_a/0a1b2c3d stopped");
  CHECK(task.cluster == "prod_a");
  CHECK(task.task == "0a1b2c3d");
  const EcsNames service =
      names_in("Service arn:aws:ecs:eu-west-1:111122223333:service/prod/web did not stabilize.");
  CHECK(service.cluster == "prod");
  CHECK(service.service == "web");
  const EcsNames exec =
      names_in("StartSession operation: ecs:prod_a_e7e36d0d_e7e36d0d-3839 is not connected.");
  CHECK(exec.cluster == "prod_a");
  CHECK(exec.task == "e7e36d0d");
  CHECK(names_in("(service web) is unable to consistently start tasks successfully.").service == "web");
  CHECK(names_in("arn:aws:s3:::bucket/:task/x/y").cluster.empty());
  CHECK(with_names("--cluster <cluster> --tasks <task-arn>", task) == "--cluster prod_a --tasks 0a1b2c3d");
  CHECK(with_names("--cluster <cluster>", {}) == "--cluster <cluster>");
}

TEST_CASE("only characters of names reach a command") {
  const EcsNames names = names_in("(service $(reboot)) ecs:a`b_c;rm_d arn:aws:ecs:eu-west-1:1:task/x;y/z");
  CHECK(names.service.empty());
  CHECK(names.cluster.empty());
  CHECK(names.task.empty());
}

TEST_CASE("a message about a service says which command shows its stopped tasks") {
  const Explanation explanation =
      explained("Service arn:aws:ecs:eu-west-1:111122223333:service/prod/web did not stabilize.");
  CHECK(explanation.messages.at(0).next.find("--cluster prod --service-name web") != std::string::npos);
}
