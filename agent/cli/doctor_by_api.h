#pragma once
// The configuration that `doctor` reads by the API, with the caller's credentials.
#include <optional>
#include <string>

#include "agent/base/result.h"
#include "agent/diagnosis/report.h"
#include "agent/task/surroundings.h"

namespace vpcprobe {

/// What the API gave.
struct ApiConfiguration {
  std::string documents;  ///< as read_configuration takes them
  std::string region;
};

/// Whether the options say whose configuration to read. Without, and without a report, there is nothing to
/// ask for.
bool names_a_task(const Options& options);

/// Reads by signed calls until --deadline; the report, if there is one, says where the task is. Keeps the
/// documents in --save-config.
Result<ApiConfiguration> configuration_by_api(const Surroundings& around,
                                              const std::optional<Report>& report);

/// The script of --print-commands. The report, if there is one, says where the task is.
Result<std::string> script_for_reading(const Options& options, const std::optional<Report>& report);

/// The region that the options, the report or the environment name, in this order; empty for none.
std::string region_for_api(const Surroundings& around, const std::optional<Report>& report);

}  // namespace vpcprobe
