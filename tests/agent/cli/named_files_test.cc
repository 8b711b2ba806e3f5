#include "agent/cli/named_files.h"

#include <sys/stat.h>

#include <fstream>
#include <thread>

#include "agent/base/read_file.h"
#include "catch.h"
#include "folder.h"
#include "golden.h"
#include "probes/builtin_roots.h"

using namespace vpcprobe;

namespace {

/// What is wrong with the files that these options name.
std::string wrong(const std::string& task_definition, const std::string& from = "") {
  Options options;
  options.task_definition = task_definition;
  options.from = from;
  const std::atomic<bool> stop{false};
  TaskContext context;
  const auto found = read_named_files(options, stop, std::chrono::steady_clock::time_point::max(), context);
  return found ? found->message : "";
}

}  // namespace

TEST_CASE("a file that cannot be read is named with the reason") {
  CHECK(wrong("/nonexistent/task.json") ==
        "--task-definition \"/nonexistent/task.json\": No such file or directory");
  CHECK(wrong("/") == "--task-definition \"/\": Is a directory");
  CHECK(wrong("/dev/zero") == "--task-definition \"/dev/zero\": longer than 16 MiB");
  CHECK(wrong("/dev/null") == "--task-definition \"/dev/null\": it is empty");
  CHECK(wrong("", in_tree("task-def-examples/web-service.json"))
            .ends_with("no report of vpc-probe: its schema is \"\""));
}

TEST_CASE("a document may stand where the name of a file may stand, and is not repeated when it is wrong") {
  Options options;
  options.task_definition = R"({"family":"web","containerDefinitions":[{"name":"app","image":"nginx"}]})";
  const std::atomic<bool> stop{false};
  TaskContext context;
  CHECK_FALSE(read_named_files(options, stop, std::chrono::steady_clock::time_point::max(), context));
  REQUIRE(context.definition);
  CHECK(context.definition->family == "web");
  CHECK(wrong(R"({"secret-of-mine": )").starts_with("--task-definition: "));
  CHECK(wrong(R"({"secret-of-mine": )").find("secret-of-mine") == std::string::npos);
}

TEST_CASE("files are read into what is known of the task") {
  Options options;
  options.task_definition = in_tree("task-def-examples/web-service.json");
  options.from = in_tree("tests/golden/json.failing.json");
  const std::atomic<bool> stop{false};
  TaskContext context;
  CHECK_FALSE(read_named_files(options, stop, std::chrono::steady_clock::time_point::max(), context));
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

TEST_CASE("no one who writes to a FIFO: the deadline ends the wait") {
  const Folder folder;
  const std::string path = folder / "fifo";
  REQUIRE(mkfifo(path.c_str(), 0600) == 0);
  const std::atomic<bool> stop{false};
  const Result<std::string> read = read_input(path, 1 << 20, stop, std::chrono::steady_clock::now());
  REQUIRE_FALSE(read);
  CHECK(read.error().message == "its end did not come within the deadline");
}

TEST_CASE("a FIFO is read to its end") {
  const Folder folder;
  const std::string path = folder / "fifo";
  REQUIRE(mkfifo(path.c_str(), 0600) == 0);
  std::thread writer([&] { std::ofstream(path) << "of a pipe"; });
  const std::atomic<bool> stop{false};
  const Result<std::string> read = read_input(path, 1 << 20, stop);
  writer.join();
  REQUIRE(read);
  CHECK(read.value() == "of a pipe");
}

TEST_CASE("the certificates of --ca-file are read once, and have to be some") {
  const Folder folder;
  const std::atomic<bool> stop{false};
  const auto never = std::chrono::steady_clock::time_point::max();
  Options options;
  CHECK(read_ca_file(options, stop, never).value().empty());
  options.ca_file = folder / "ca.pem";
  CHECK(read_ca_file(options, stop, never).error().message ==
        "--ca-file \"" + options.ca_file + "\": No such file or directory");
  std::ofstream(options.ca_file) << "no certificate";
  CHECK(read_ca_file(options, stop, never).error().message ==
        "--ca-file \"" + options.ca_file + "\": holds no PEM certificate");
  std::ofstream(options.ca_file) << builtin_roots_pem();
  CHECK(read_ca_file(options, stop, never).value() == builtin_roots_pem());
}
