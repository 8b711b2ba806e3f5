#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

#include <csignal>
#include <cstdlib>
#include <exception>
#include <string>

#include "agent/base/exit_codes.h"
#include "agent/base/log.h"
#include "agent/base/write.h"
#include "agent/cli/commands.h"
#include "agent/cli/lambda.h"
#include "agent/task/options.h"

namespace {

std::atomic<bool> stop{false};
static_assert(std::atomic<bool>::is_always_lock_free, "set by a signal handler");

void on_signal(int /*number*/) { stop = true; }

/// They could hold credentials. A limit of 0 is not kept where the kernel pipes them to a program; one of 1
/// byte means none there, and is too little for a file (core(5), "Piping core dumps to a program"; Linux,
/// fs/coredump.c).
void forbid_core_files() {
  const rlimit none{1, 1};
  if (setrlimit(RLIMIT_CORE, &none) != 0) prctl(PR_SET_DUMPABLE, 0);  // the limit is 0 and may not be raised
}

// No SA_RESTART: a wait that a signal interrupts must look at `stop`.
void prepare_process() {
  struct sigaction action {};
  action.sa_handler = on_signal;
  sigaction(SIGTERM, &action, nullptr);
  sigaction(SIGINT, &action, nullptr);
  std::signal(SIGPIPE, SIG_IGN);
  std::signal(SIGXFSZ, SIG_IGN);  // a file that may not grow is an output that fails
  forbid_core_files();
}

int run_program(int argc, char** argv) {
  using namespace vpcprobe;
  const Environment environment = [](const char* name) -> const char* { return std::getenv(name); };
  auto invocation = parse_options(argc, argv, environment);
  if (serves_lambda(invocation, environment)) return serve_lambda({argc, argv, environment}, stop);
  if (!invocation) {
    log(LogLevel::error, invocation.error().message);
    return kWrongUsage;
  }
  Options& options = invocation.value().options;
  if (!invocation.value().print.empty())
    return write_within(STDOUT_FILENO, invocation.value().print, std::chrono::seconds(2)) ? kPass
                                                                                          : kInternalError;
  start_log(options.log_level);
  for (const std::string& line : unknown_variables(environ)) log(LogLevel::warn, line);
  if (options.mentioned) options.own_hosts = hosts_in_process(environ);
  std::string more_roots;
  const auto exit_code = find_command(options.command)->run({options, environment, stop, more_roots});
  if (exit_code) return exit_code.value();
  log(LogLevel::error, exit_code.error().message);
  return exit_code.error().incomplete ? kIncomplete : kWrongUsage;
}

}  // namespace

int main(int argc, char** argv) {
  try {
    prepare_process();
    vpcprobe::start_log("warn");
    return run_program(argc, argv);
  } catch (const std::exception& failure) {
    vpcprobe::log(vpcprobe::LogLevel::error, std::string("internal error: ") + failure.what());
    return vpcprobe::kInternalError;
  }
}
