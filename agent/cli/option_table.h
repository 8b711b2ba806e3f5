#pragma once
// Every option as a row: its name on the command line, its variable, its help and how its value is read.
#include <span>
#include <string>
#include <string_view>

#include "agent/task/options.h"

namespace vpcprobe {

enum class OptionKind : std::uint8_t { flag, value, list };

struct OptionRow {
  std::string_view name;   ///< without dashes: "vpc-cidr"; its variable is VPC_PROBE_VPC_CIDR
  std::string_view value;  ///< how the help names the value: "CIDR"; empty for a flag
  OptionKind kind;
  std::string_view group;  ///< the help's heading; rows of one group stand together
  std::string_view help;   ///< one line
  /// Reads one value into the options. Returns what is wrong with it ("no AWS region; did you mean …"), or
  /// nothing.
  std::string (*read)(Options& options, std::string_view value);
};

std::span<const OptionRow> option_rows();

/// What `--help` prints.
std::string help_text();

}  // namespace vpcprobe
