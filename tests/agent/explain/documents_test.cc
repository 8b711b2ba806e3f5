// What people have at hand: JSON documents, documents in documents, and a reason inside a wrapper.
#include "agent/explain/explained.h"
#include "agent/explain/stop_messages.h"
#include "catch.h"

using namespace vpcprobe;

TEST_CASE("the reason inside a wrapper decides") {
  const std::string reason =
      "CannotPullContainerError: pull image manifest has been retried 5 time(s): failed to resolve ref "
      "111122223333.dkr.ecr.eu-west-1.amazonaws.com/a:1: failed to do request: Head "
      "\"https://111122223333.dkr.ecr.eu-west-1.amazonaws.com/v2/a/manifests/1\": dial tcp 10.0.1.8:443: i/o "
      "timeout";
  const char* wrappers[] = {
      "(service shop) was unable to place a task because {}",
      "service shop was unable to place a task. Reason: {}",
      "service shop failed to launch a task with (error {})",
      "(service shop) deployment failed: tasks failed to start. {}",
      "Resource handler returned message: \"{}\" (HandlerErrorCode: GeneralServiceException)",
      "Error: waiting for ECS Service (shop) create: {}",
      "Task failed to start - {}",
      "Essential container in task exited - {}",
      "TaskFailedToStart - {}",
      "Deployment d-1A2B: replacement task set did not become healthy: {}"};
  for (const std::string wrapper : wrappers) {
    const std::string text = std::string(wrapper).replace(wrapper.find("{}"), 2, reason);
    INFO(text);
    const Explanation explanation = explained(text);
    REQUIRE(explanation.messages.size() == 1);
    CHECK(codes_of(explanation.messages.front()) == "endpoint-filtered");
    CHECK(explanation.exit_code == 22);
  }
}

TEST_CASE("documents inside documents are read: Step Functions, SNS, a state machine's error") {
  const std::string cause =
      R"({\"Containers\":[{\"Name\":\"app\",\"Reason\":\"OutOfMemoryError: Container killed due to memory usage\"}],)"
      R"(\"StoppedReason\":\"Essential container in task exited\",\"TaskArn\":\"arn:aws:ecs:eu-west-1:1:task/c/7\"})";
  const std::string documents[] = {R"({"Error":"States.TaskFailed","Cause":")" + cause + "\"}",
                                   R"({"Records":[{"Sns":{"Message":")" + cause + "\"}}]}"};
  for (const std::string& document : documents) {
    INFO(document);
    const Explanation explanation = explained(document);
    REQUIRE(explanation.messages.size() == 2);
    CHECK(explanation.messages[0].said.sources == std::vector<std::string>{"container app"});
    CHECK(explanation.messages[0].blame == Blame::capacity);
    CHECK(explanation.messages[1].said.sources == std::vector<std::string>{"task 7"});
  }
  const Explanation behind = explained(R"(States.TaskFailed: {"StoppedReason":"RESOURCE:ENI"} at RunTask)");
  REQUIRE(behind.messages.size() == 1);
  CHECK(behind.messages[0].said.text == "RESOURCE:ENI");
}

TEST_CASE("AWS Batch, CloudFormation, CodeDeploy and service events in EventBridge are read") {
  const auto first = [](const std::string& text) { return explained(text).messages.at(0); };
  const std::string batch =
      R"({"jobs":[{"jobName":"j","jobId":"1","statusReason":"Task failed to start","attempts":[{"container":)"
      R"({"reason":"CannotPullContainerError: context canceled"}}]}]})";
  CHECK(codes_of(first(batch)) == "private-name-missing,endpoint-filtered");
  const ExplainedMessage stack = first(
      R"({"StackEvents":[{"LogicalResourceId":"Web","ResourceStatusReason":"The target group with targetGroupArn x does not have an associated load balancer."}]})");
  CHECK(stack.blame == Blame::configuration);
  CHECK(stack.said.sources == std::vector<std::string>{"Web"});
  CHECK(
      first(
          R"({"deploymentInfo":{"errorInformation":{"code":"IAM_ROLE_PERMISSIONS","message":"The IAM role r does not give you permission to perform operations in the following AWS service: AmazonECS."}}})")
          .blame == Blame::permission);
  CHECK(
      first(
          R"({"detail-type":"ECS Service Action","detail":{"eventType":"WARN","eventName":"SERVICE_TASK_START_IMPAIRED"}})")
          .blame == Blame::consequence);
}

TEST_CASE("describe-tasks with several containers") {
  const Explanation explanation = explained(read_file(kHere + "describe_tasks.json"));
  REQUIRE(explanation.messages.size() == 4);
  CHECK(explanation.messages[0].said.sources ==
        std::vector<std::string>{"container app", "container sidecar"});
  CHECK(codes_of(explanation.messages[0]) == "gateway-route-missing");
  CHECK(explanation.messages[1].said.sources == std::vector<std::string>{"container migrate"});
  CHECK(explanation.messages[1].said.exit_code == 137);
  CHECK(explanation.messages[3].said.sources ==
        std::vector<std::string>{"task 0123456789abcdef0123456789abcdef",
                                 "task fedcba9876543210fedcba9876543210"});
  CHECK(explanation.messages[2].said.text == "exitCode: 1");
  CHECK(explanation.messages[0].said.region == "eu-west-1");
  CHECK(explanation.exit_code == 23);
  // The panic names no region; the task's ARN does.
  CHECK(explanation.findings.front().fix.front().command == "vpc-probe run --region eu-west-1 --services s3");
}

TEST_CASE("events, failures of run-task, service events and lists of texts are read") {
  const Explanation event = explained(
      R"({"version":"0","detail-type":"ECS Task State Change","source":"aws.ecs","region":"eu-west-1","detail":{)"
      R"("taskArn":"arn:aws:ecs:eu-west-1:111122223333:task/c1/0a1b","lastStatus":"STOPPED",)"
      R"("stoppedReason":"ResourceInitializationError: failed to validate logger args: : signal: killed",)"
      R"("containers":[{"name":"app","lastStatus":"STOPPED"}]}})");
  REQUIRE(event.messages.size() == 1);
  CHECK(event.messages[0].said.sources == std::vector<std::string>{"task 0a1b"});
  CHECK(event.exit_code == 14);

  const Explanation failure = explained(
      R"({"tasks":[],"failures":[{"arn":"arn:aws:ecs:eu-west-1:1:container-instance/c/77","reason":"RESOURCE:ENI"}]})");
  REQUIRE(failure.messages.size() == 1);
  CHECK(failure.messages[0].blame == Blame::capacity);
  CHECK(failure.messages[0].said.sources == std::vector<std::string>{"77"});

  const Explanation service = explained(
      R"({"services":[{"serviceName":"web","events":[{"id":"1","createdAt":1.0,"message":"(service web) was unable to place a task because no container instance met all of its requirements."}]}]})");
  REQUIRE(service.messages.size() == 1);
  CHECK(service.messages[0].said.sources == std::vector<std::string>{"service event"});

  CHECK(explained(R"(["OutOfMemoryError: Container killed due to memory usage", "AGENT"])").messages.size() ==
        2);
  CHECK(explained("\"CannotPullContainerError: context canceled\"").exit_code == 12);
  const Explanation lines =
      explained("{\"stoppedReason\":\"AGENT\"}\n{\"stoppedReason\":\"RESOURCE:ENI\"}\n");
  CHECK(lines.messages.size() == 2);
  const Explanation running =
      explained(R"({"tasks":[{"taskArn":"arn:aws:ecs:eu-west-1:1:task/c/1","lastStatus":"RUNNING"}]})");
  CHECK(running.messages.empty());
  CHECK(running.exit_code == 3);
}

TEST_CASE("lines of a log in JSON are read where the document has no reason of its own") {
  const Explanation lines =
      explained(R"({"level":"info","msg":"listening"})"
                "\n"
                R"({"level":"error","msg":"publish failed","err":"dial tcp 10.0.1.7:443: i/o timeout"})");
  REQUIRE(lines.messages.size() == 3);
  CHECK(lines.exit_code == 28);
  const Explanation events = explained(
      R"({"events":[{"timestamp":1,"message":"connect ETIMEDOUT 10.0.4.17:443","logStreamName":"app/1"}]})");
  REQUIRE(events.messages.size() == 1);
  CHECK(events.messages[0].said.sources == std::vector<std::string>{"log"});
  const Explanation task = explained(R"({"stoppedReason":"AGENT","message":"not a reason"})");
  CHECK(task.messages.size() == 1);
  const Explanation function = explained(
      R"({"Configuration":{"FunctionName":"f","LastUpdateStatusReason":"The provided execution role does not )"
      R"(have permissions to call CreateNetworkInterface on EC2"}})");
  REQUIRE(function.messages.size() == 1);
  CHECK(function.messages[0].said.sources == std::vector<std::string>{"f"});
}

TEST_CASE("a container without a reason is explained by its exit code") {
  const Explanation explanation = explained(
      R"({"tasks":[{"taskArn":"arn:aws:ecs:eu-west-1:111122223333:task/c/1","stoppedReason":"Essential container in task )"
      R"(exited","containers":[{"name":"app","exitCode":137},{"name":"log","exitCode":0},{"name":"job","exitCode":1}]}]})");
  REQUIRE(explanation.messages.size() == 3);
  const auto said_of = [&](const std::string& source) {
    for (const ExplainedMessage& message : explanation.messages)
      if (message.said.sources == std::vector<std::string>{source}) return message;
    return ExplainedMessage{};
  };
  CHECK(said_of("container app").meaning.find("SIGKILL") != std::string::npos);
  CHECK(said_of("container job").blame == Blame::application);
  CHECK(said_of("container log").meaning.empty());
}
