#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>
#include <stdexcept>
#include <string>
#include <vector>

#include "agent/base/log.h"
#include "agent/cli/verbs.h"
#include "catch.h"
#include "folder.h"
#include "golden.h"

using namespace vpcprobe;

namespace {

/// A command that repeats rounds in which nothing answers, nor leaves this machine.
Options options_of(const char* command, std::initializer_list<const char*> more) {
  std::vector<const char*> words{"vpc-probe", command,   "--timeout", "500ms", "--services", "logs",
                                 "--depth",   "network", "--format",  "json",  "--resolver", "127.0.0.1:1"};
  const bool watches = std::string_view(command) == "watch";
  const std::vector<const char*> own = watches
                                           ? std::vector<const char*>{"--every", "1ms", "--report", "always"}
                                           : std::vector<const char*>{"--for", "1m"};
  words.insert(words.end(), own.begin(), own.end());
  words.insert(words.end(), more);
  const auto invocation =
      parse_options(static_cast<int>(words.size()), words.data(), [](const char*) { return nullptr; });
  INFO((invocation ? std::string() : invocation.error().message));
  REQUIRE(invocation);
  return invocation.value().options;
}

/// An environment whose region `of_round` says, round by round from 1.
Environment with_region(std::function<const char*(int)> of_round) {
  return [of_round = std::move(of_round), round = 0](const char* name) mutable -> const char* {
    return name == std::string_view("AWS_REGION") ? of_round(++round) : nullptr;
  };
}

struct QuietLog {
  QuietLog() { start_log("off"); }
  ~QuietLog() { start_log("warn"); }
};

/// stdout goes to a file.
class Stdout {
 public:
  Stdout() : kept_(dup(STDOUT_FILENO)) {
    const int file = open(path().c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
    REQUIRE(dup2(file, STDOUT_FILENO) == STDOUT_FILENO);
    close(file);
  }
  ~Stdout() { restore(); }
  std::string text() {
    restore();
    return read_file(path());
  }

 private:
  std::string path() const { return folder_ / "stdout"; }
  void restore() {
    if (kept_ < 0) return;
    dup2(kept_, STDOUT_FILENO);
    close(std::exchange(kept_, -1));
  }
  Folder folder_;
  int kept_;
};

}  // namespace

TEST_CASE("a round that cannot be made does not end what goes on") {
  using Verb = Result<int> (*)(const Surroundings&);
  // wait pauses longer from round to round: two will do.
  const auto [command, verb, rounds, told] =
      GENERATE(table<const char*, Verb, int, int>({{"watch", watch, 4, 2}, {"wait", wait_until_pass, 3, 1}}));
  const QuietLog quiet;
  const Folder folder;
  const std::string output = folder / "report.json";
  const Options options = options_of(command, {"--output", output.c_str()});
  std::string more_roots;
  std::atomic<bool> stop{false};
  const Environment environment = with_region([&, last = rounds](int round) {
    stop = round == last;
    return round == 2 ? "nowhere" : "eu-west-1";
  });
  const auto exit_code = verb({options, environment, stop, more_roots});
  REQUIRE(exit_code);
  CHECK(exit_code.value() == 10);
  const auto last = nlohmann::json::parse(read_file(output));
  CHECK(last.at("history").at("round") == told);
  CHECK(last.at("history").at("last") == true);
}

TEST_CASE("what is wrong from the start ends it") {
  const QuietLog quiet;
  const Options options = options_of("watch", {});
  std::string more_roots;
  const std::atomic<bool> stop{false};
  const auto exit_code = watch({options, with_region([](int) { return "nowhere"; }), stop, more_roots});
  REQUIRE_FALSE(exit_code);
  CHECK(exit_code.error().message.starts_with("region \"nowhere\""));
}

TEST_CASE("whatever ends a watch, what was not delivered comes to stdout") {
  const QuietLog quiet;
  const Options options = options_of("watch", {"--sink", "cloudwatch-logs:/ecs/app"});
  std::string more_roots;
  const std::atomic<bool> stop{false};
  const Environment environment = with_region([](int round) {
    if (round == 3) throw std::runtime_error("out of everything");
    return "eu-west-1";
  });
  Stdout out;
  CHECK_THROWS(watch({options, environment, stop, more_roots}));
  const std::string lines = out.text();
  CHECK(std::count(lines.begin(), lines.end(), '\n') == 2);
}

TEST_CASE("task metadata that cannot be read now are waited for, not taken for a mistake") {
  const QuietLog quiet;
  Options options = options_of("wait", {});
  options.wait_for = std::chrono::milliseconds(600);
  std::string more_roots;
  const std::atomic<bool> stop{false};
  const Environment environment = [](const char* name) -> const char* {
    return std::string_view(name) == "ECS_CONTAINER_METADATA_URI_V4" ? "http://127.0.0.1:1/v4" : nullptr;
  };
  const auto exit_code = wait_until_pass({options, environment, stop, more_roots});
  REQUIRE(exit_code);
  CHECK(exit_code.value() == 3);
}
