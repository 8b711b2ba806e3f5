#pragma once
// The verbs that have a file of their own; agent/cli/commands.cc makes rows of them.
#include "agent/cli/commands.h"
#include "agent/diagnosis/report.h"

namespace vpcprobe {

/// Repeats rounds until one passes or --for is over. Exit code of the last verdict.
Result<int> wait_until_pass(const Surroundings& around);
/// Repeats rounds until a signal. Exit code of the last verdict.
Result<int> watch(const Surroundings& around);
/// Shows the saved reports of the files named, or of stdin.
Result<int> show(const Surroundings& around);
/// Whether `watch` tells of this round.
bool is_told(ReportWhich which, const Report& report);
/// 0 where a `watch` in this container is alive, on time and passing, else 1.
Result<int> health(const Surroundings& around);
/// Prints the completion script of the shell that is named.
Result<int> completion(const Surroundings& around);
/// Prints the man page.
Result<int> manual(const Surroundings& around);
/// What the messages on the command line, or on stdin, really mean. Exit code of the finding they name.
Result<int> explain_messages(const Surroundings& around);

/// Joins a saved report with the VPC's configuration. Exit code of the finding it explains or predicts.
Result<int> doctor(const Surroundings& around);

}  // namespace vpcprobe
