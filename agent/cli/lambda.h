#pragma once
// The program as a Lambda function: a custom runtime that probes once for each invocation, or, with the
// handler "doctor" or that command, diagnoses what an event is about (agent/cli/doctor_function.h).
// Source: AWS, "Using the Lambda runtime API for custom runtimes".
#include <atomic>

#include "agent/task/options.h"

namespace vpcprobe {

/// How the process was started.
struct Start {
  int argc;
  const char* const* argv;
  const Environment& environment;
};

/// True if the Lambda runtime started this process and its options ask for one round or for the doctor, or
/// are wrong: Lambda must get that error.
bool serves_lambda(const Result<Invocation>& invocation, const Environment& environment);

/// Serves invocations until a signal. The event holds options (see lambda_event.h), the response is the
/// report as JSON, whatever its verdict, or what the doctor says; a wrong event is an error of the
/// invocation. Returns the exit code.
int serve_lambda(const Start& start, const std::atomic<bool>& stop);

}  // namespace vpcprobe
