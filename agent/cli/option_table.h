#pragma once
// Every option as a row: its name on the command line, its variable, its help and how its value is read.
#include <span>
#include <string>
#include <string_view>

#include "agent/cli/verb_set.h"
#include "agent/task/options.h"

namespace vpcprobe {

/// The verbs that plan what a task needs without probing it.
inline constexpr VerbSet kPlanning = Verb::plan | Verb::doctor;

enum class OptionKind : std::uint8_t { flag, value, list };

struct OptionRow {
  std::string_view name;          ///< without dashes: "vpc-cidr"; its variable is VPC_PROBE_VPC_CIDR
  std::string_view value = {};    ///< how the help names the value: "CIDR"; empty for a flag
  std::string_view choices = {};  ///< all values there are, space separated; empty where there are more
  OptionKind kind;
  std::string_view group;  ///< the help's heading; rows of one group stand together
  VerbSet verbs;           ///< those that take it; with any other it is wrong usage
  std::string_view help;   ///< one line
  /// Reads one value into the options. Returns what is wrong with it ("no AWS region; did you mean …"), or
  /// nothing.
  std::string (*read)(Options& options, std::string_view value);
};

std::span<const OptionRow> option_rows();
/// The last rows of it, from a file of their own.
std::span<const OptionRow> plan_and_doctor_rows();

/// The row with this name, or null.
const OptionRow* find_option(std::string_view name);
/// "--vpc-cidr".
std::string flag_name(std::string_view option);
/// "VPC_PROBE_VPC_CIDR".
std::string variable_name(std::string_view option);

}  // namespace vpcprobe
