#pragma once
#include <string>
#include <string_view>

namespace vpcprobe {

enum class LogLevel { debug, info, warn, error };

/// Sets up the log on stderr. `level` is one of spdlog's names; stdout is the report's alone.
void start_log(const std::string& level);
void log(LogLevel level, std::string_view message);
/// Names and versions of the libraries behind it, for `--version`.
std::string log_library();

}  // namespace vpcprobe
