#pragma once
// Reads the values of options. Each returns what is wrong with the value ("no AWS region; did you mean …"),
// or nothing.
#include <algorithm>
#include <array>
#include <chrono>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

#include "agent/aws/arn.h"
#include "agent/base/ascii.h"
#include "agent/task/options.h"

namespace vpcprobe {

using Text = std::string_view;

std::string read_region(Options& options, Text value);
/// Adds a service of the catalog to `out`.
std::string read_service(std::vector<std::string>& out, Text value);
/// More than nothing, 24 hours at most.
std::string read_duration(std::chrono::milliseconds& out, Text value);
std::string read_target(Options& options, Text value);
std::string read_cidr(Options& options, Text value);
std::string read_resolver(Options& options, Text value);
std::string read_platform_version(Options& options, Text value);
std::string read_launch_type(Options& options, Text value);
std::string read_depth(Options& options, Text value);
std::string read_role(Options& options, Text value);
std::string read_image_platform(Options& options, Text value);
std::string read_measure(Options& options, Text value);
std::string read_format(Options& options, Text value);
std::string read_report(Options& options, Text value);
std::string read_log_level(Options& options, Text value);
std::string read_image(Options& options, Text value);
/// "vpc-0123456789abcdef0": ids go into commands and templates, so nothing else may pass.
bool is_resource_id(Text value, Text prefix);
std::string read_zones(Options& options, Text value);
std::string read_probe(Options& options, Text value);
std::string read_role_arn(Options& options, Text value);
std::string read_parameter_name(Options& options, Text value);

template <bool Options::*member>
std::string read_flag(Options& options, Text value) {
  constexpr std::array<Text, 4> kYes = {"1", "true", "yes", "on"};
  constexpr std::array<Text, 4> kNo = {"0", "false", "no", "off"};
  const bool yes = std::find(kYes.begin(), kYes.end(), value) != kYes.end();
  if (!yes && std::find(kNo.begin(), kNo.end(), value) == kNo.end()) return "must be true or false";
  options.*member = yes;
  return {};
}

template <std::string Options::*member>
std::string read_text(Options& options, Text value) {
  options.*member = value;
  return {};
}

template <std::vector<std::string> Options::*member>
std::string read_services(Options& options, Text value) {
  return read_service(options.*member, value);
}

template <std::vector<std::string> Options::*member>
std::string read_paths(Options& options, Text value) {
  (options.*member).emplace_back(value);
  return {};
}

template <std::chrono::milliseconds Options::*member>
std::string read_time(Options& options, Text value) {
  return read_duration(options.*member, value);
}

/// A name of AWS's, or its ARN: no spaces, no control characters.
template <std::vector<std::string> Options::*member>
std::string read_name(Options& options, Text value) {
  const bool clean = std::all_of(value.begin(), value.end(), [](char c) { return c > ' ' && c < 0x7f; });
  if (!clean || value.size() > 2048) return "no name or ARN";
  if (value.starts_with("arn:") && !parse_arn(value)) return "no ARN";
  (options.*member).emplace_back(value);
  return {};
}

/// The name of an ECS cluster or service, the id of a task, or an ARN. Such names go into a shell script:
/// nothing else may pass.
template <std::string Options::*member>
std::string read_ecs_name(Options& options, Text value) {
  const bool is_name =
      !value.empty() && value.size() <= 1024 && std::all_of(value.begin(), value.end(), [](char c) {
        return is_letter_or_digit(c) || Text("-_:/").find(c) != Text::npos;
      });
  if (!is_name) return "no name; write letters, digits, - and _, or an ARN";
  options.*member = value;
  return {};
}

inline constexpr Text kVpcPrefix = "vpc-";
inline constexpr Text kSubnetPrefix = "subnet-";
inline constexpr Text kRouteTablePrefix = "rtb-";
inline constexpr Text kGroupPrefix = "sg-";

template <std::string Options::*member, const Text& prefix>
std::string read_id(Options& options, Text value) {
  if (!is_resource_id(value, prefix)) return "no id; write " + std::string(prefix) + "0123456789abcdef0";
  options.*member = value;
  return {};
}

template <std::vector<std::string> Options::*member, const Text& prefix>
std::string read_ids(Options& options, Text value) {
  if (!is_resource_id(value, prefix)) return "no id; write " + std::string(prefix) + "0123456789abcdef0";
  std::vector<std::string>& ids = options.*member;
  if (std::find(ids.begin(), ids.end(), value) == ids.end()) ids.emplace_back(value);
  return {};
}

template <double Options::*member>
std::string read_price(Options& options, Text value) {
  const bool digits = value.find_first_not_of("0123456789.") == Text::npos && value.size() <= 9 &&
                      std::count(value.begin(), value.end(), '.') <= 1 && value != ".";
  if (!digits) return "no price; write US dollars an hour, 0.01";
  options.*member = std::strtod(std::string(value).c_str(), nullptr);
  return {};
}

}  // namespace vpcprobe
