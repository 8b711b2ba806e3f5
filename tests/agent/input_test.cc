#include "agent/input.h"

#include "catch.h"

using namespace vpcprobe;

namespace {

/// What is wrong with the files that these options name.
std::string wrong(const std::string& task_definition, const std::string& from = "") {
  Options options;
  options.task_definition = task_definition;
  options.from = from;
  const std::atomic<bool> stop{false};
  TaskContext context;
  return read_named_files(options, stop, context);
}

}  // namespace

TEST_CASE("a file that cannot be read is named with the reason") {
  CHECK(wrong("/nonexistent/task.json") ==
        "--task-definition \"/nonexistent/task.json\": No such file or directory");
  CHECK(wrong("/") == "--task-definition \"/\": Is a directory");
  CHECK(wrong("/dev/zero") == "--task-definition \"/dev/zero\": longer than 4 MiB");
  CHECK(wrong("/dev/null") == "--task-definition \"/dev/null\": no JSON: wrong at byte 1");
  CHECK(wrong("", VPC_PROBE_TESTS_DIR "/../task-def-examples/web-service.json")
            .ends_with("no report of vpc-probe: its schema is \"\""));
}

TEST_CASE("files are read into what is known of the task") {
  Options options;
  options.task_definition = VPC_PROBE_TESTS_DIR "/../task-def-examples/web-service.json";
  options.from = VPC_PROBE_TESTS_DIR "/golden/json.failing.json";
  const std::atomic<bool> stop{false};
  TaskContext context;
  CHECK(read_named_files(options, stop, context).empty());
  REQUIRE(context.definition);
  CHECK(context.definition->family == "web-service");
  REQUIRE(context.recorded);
  CHECK(context.recorded->region == "eu-west-1");
}

TEST_CASE("a signal ends the wait for input") {
  const std::atomic<bool> stop{true};
  const Result<std::string> read = read_input("/dev/zero", 1 << 20, stop);
  REQUIRE_FALSE(read);
  CHECK(read.error().message == "interrupted before its end");
}
