#pragma once
// The configuration that `doctor` reads by the API, with the caller's credentials.
#include <chrono>
#include <memory>
#include <optional>
#include <string>

#include "agent/base/result.h"
#include "agent/diagnosis/report.h"
#include "agent/task/surroundings.h"
#include "probes/handshake.h"
#include "probes/http.h"

namespace vpcprobe {

/// How the caller's API is called.
struct ApiAccess {
  std::string region;
  AwsKeys keys;
  std::unique_ptr<TlsContext> trust;
};

/// Whether the options say whose configuration to read. Without, and without a report, there is nothing to
/// ask for.
bool names_a_task(const Options& options);

/// Finds region and credentials until `end`; the report, if there is one, says where the task is.
Result<ApiAccess> open_api(const Surroundings& around, const std::optional<Report>& report,
                           std::chrono::steady_clock::time_point end);

/// Reads by signed calls until `end`: documents as read_configuration takes them. Keeps them in
/// --save-config.
Result<std::string> configuration_by_api(const Surroundings& around, const ApiAccess& access,
                                         const std::optional<Report>& report,
                                         std::chrono::steady_clock::time_point end);

/// The script of --print-commands. The report, if there is one, says where the task is.
Result<std::string> script_for_reading(const Options& options, const std::optional<Report>& report);

/// The region that the options, the report or the environment name, in this order; empty for none.
std::string region_for_api(const Surroundings& around, const std::optional<Report>& report);

}  // namespace vpcprobe
