#include "agent/cli/option_values.h"

#include <algorithm>
#include <array>
#include <cstdlib>

#include "agent/aws/amazon_resolver.h"
#include "agent/aws/arn.h"
#include "agent/aws/catalog.h"
#include "agent/aws/host_name.h"
#include "agent/aws/service_reference.h"
#include "agent/base/ascii.h"
#include "agent/base/duration.h"
#include "agent/base/joined.h"
#include "agent/base/nearest.h"
#include "agent/base/quoted.h"
#include "agent/task/image_reference.h"

namespace vpcprobe {
namespace {

std::string one_of(Text value, std::span<const Text> names, std::string& out) {
  if (std::find(names.begin(), names.end(), value) == names.end())
    return "must be one of " + joined(names, ", ") + did_you_mean(value, names);
  out = value;
  return {};
}

}  // namespace

std::string read_region(Options& options, Text value) {
  if (find_partition(value) == nullptr) {
    const Text near = nearest_region(value);
    return "no AWS region" + (near.empty() ? "" : "; did you mean " + in_quotes(near) + "?");
  }
  options.region = value;
  return {};
}

std::string read_service(std::vector<std::string>& out, Text value) {
  const auto reference = parse_service_reference(value);
  if (!reference) return reference.error().message;
  if (std::find(out.begin(), out.end(), value) == out.end()) out.emplace_back(value);
  return {};
}

std::string read_duration(std::chrono::milliseconds& out, Text value) {
  const auto duration = parse_duration(value);
  if (!duration) return "no duration; write 500ms, 3s or 5m";
  if (*duration <= std::chrono::milliseconds(0)) return "must be more than nothing";
  if (*duration > std::chrono::hours(24)) return "must be 24h at most";
  out = *duration;
  return {};
}

std::string read_target(Options& options, Text value) {
  constexpr Text tcp = "tcp://";
  CustomTarget target;
  target.tcp_only = value.starts_with(tcp);
  if (target.tcp_only) value.remove_prefix(tcp.size());
  Text host = value;
  Text port;
  if (value.starts_with('[')) {
    const std::size_t close = value.find(']');
    host = value.substr(1, close == Text::npos ? close : close - 1);
    const auto literal = IpAddress::parse(host);
    if (close == Text::npos || !literal || literal->family != Family::ipv6)
      return "no IPv6 address in brackets";
    const Text rest = value.substr(close + 1);
    if (!rest.empty() && (rest[0] != ':' || rest.size() == 1))
      return "after the bracket only :PORT may follow";
    port = rest.empty() ? rest : rest.substr(1);
  } else {
    if (value.find('/') != Text::npos) return "write HOST, HOST:PORT or tcp://HOST:PORT, without a path";
    if (std::count(value.begin(), value.end(), ':') > 1)
      return "an IPv6 address goes in brackets: [ADDRESS]:PORT";
    const std::size_t colon = value.find(':');
    host = value.substr(0, colon);
    if (!is_host_name(host)) return "no host name";
    if (colon != Text::npos) {
      port = value.substr(colon + 1);
      if (port.empty()) return "no port after the colon";
    }
  }
  if (target.tcp_only && port.empty()) return "tcp:// wants a port too";
  if (!port.empty() && !read_port(port, target.port)) return "the port must be a number from 1 to 65535";
  target.host = host;
  options.targets.push_back(target);
  return {};
}

std::string read_cidr(Options& options, Text value) {
  const auto cidr = Cidr::parse(value);
  if (!cidr) return "no CIDR; write 10.0.0.0/16";
  options.vpc_cidrs.push_back(*cidr);
  return {};
}

std::string read_resolver(Options& options, Text value) {
  const auto resolver = SocketAddress::parse(value, kDnsPort);
  if (!resolver || resolver->port == 0) return "no address; write 10.0.0.2, 10.0.0.2:53 or [fd00::2]:53";
  options.resolvers.push_back(*resolver);
  return {};
}

std::string read_platform_version(Options& options, Text value) {
  const bool digits = value.find_first_not_of("0123456789.") == Text::npos &&
                      std::count(value.begin(), value.end(), '.') == 2 && value.front() != '.' &&
                      value.back() != '.' && value.find("..") == Text::npos && value.size() <= 16;
  if (!digits && value != "LATEST") return "no platform version; write 1.4.0 or LATEST";
  options.platform_version = value;
  return {};
}

std::string read_launch_type(Options& options, Text value) {
  constexpr std::array<Text, 2> kTypes = {"fargate", "ec2"};
  std::string error = one_of(value, kTypes, options.launch_type);
  options.launch_type_given = error.empty();
  return error;
}

std::string read_depth(Options& options, Text value) {
  constexpr std::array<Text, 3> kDepths = {"network", "api", "image"};
  std::string depth;
  if (std::string error = one_of(value, kDepths, depth); !error.empty()) return error;
  options.depth = static_cast<Depth>(std::find(kDepths.begin(), kDepths.end(), value) - kDepths.begin());
  return {};
}

std::string read_role(Options& options, Text value) {
  constexpr std::array kRoles{Role::execution, Role::task};
  constexpr std::array<Text, 2> kNames = {"execution", "task"};
  std::string role;
  if (std::string error = one_of(value, kNames, role); !error.empty()) return error;
  options.role = kRoles.at(value == kNames[0] ? 0 : 1);
  return {};
}

std::string read_image_platform(Options& options, Text value) {
  options.platform = parse_image_platform(value);
  return options.platform ? "" : "no platform; write linux/amd64 or linux/arm64";
}

std::string read_measure(Options& options, Text value) {
  constexpr std::uint64_t kMegabyte = 1'000'000;
  const bool right = !value.empty() && value.size() <= 5 && value[0] != '0' &&
                     value.find_first_not_of("0123456789") == Text::npos;
  if (!right) return "must be a number of megabytes from 1 to 99999";
  options.measure_bytes = std::stoul(std::string(value)) * kMegabyte;
  return {};
}

std::string read_format(Options& options, Text value) {
  std::string name;
  if (std::string error = one_of(value, kFormatNames, name); !error.empty()) return error;
  options.format = *format_named(name);
  return {};
}

/// A file for doctor, a choice of rounds for watch.
std::string read_report(Options& options, Text value) {
  if (options.command == "doctor") {
    options.report_file = value;
    return {};
  }
  constexpr std::array<Text, 3> kWhich = {"always", "changes", "failures"};
  std::string which;
  if (std::string error = one_of(value, kWhich, which); !error.empty()) return error;
  options.report = static_cast<ReportWhich>(std::find(kWhich.begin(), kWhich.end(), value) - kWhich.begin());
  return {};
}

std::string read_log_level(Options& options, Text value) {
  constexpr std::array<Text, 9> kLevels = {"trace", "debug", "info",     "warn", "warning",
                                           "error", "err",   "critical", "off"};
  return one_of(value, kLevels, options.log_level);
}

std::string read_image(Options& options, Text value) {
  if (!registry_of(value)) return "no image reference; write [HOST[:PORT]/]NAME[:TAG][@DIGEST]";
  options.images.emplace_back(value);
  return {};
}

bool is_resource_id(Text value, Text prefix) {
  if (!value.starts_with(prefix)) return false;
  value.remove_prefix(prefix.size());
  return value.size() >= 8 && value.size() <= 17 && value.find_first_not_of("0123456789abcdef") == Text::npos;
}

std::string read_zones(Options& options, Text value) {
  const bool right = value.size() == 1 && value[0] >= '1' && value[0] <= '6';
  if (!right) return "must be a number from 1 to 6";
  options.zones = static_cast<unsigned>(value[0] - '0');
  return {};
}

std::string read_probe(Options& options, Text value) {
  constexpr std::array<Text, 1> kKinds = {"lambda"};
  std::string kind;
  if (std::string error = one_of(value, kKinds, kind); !error.empty()) return error;
  options.probe_lambda = true;
  return {};
}

std::string read_role_arn(Options& options, Text value) {
  const auto arn = parse_arn(value);
  const bool is_role = arn && arn->service == "iam" && arn->resource.starts_with("role/");
  if (!is_role) return "no role; write arn:aws:iam::111122223333:role/NAME";
  options.lambda_role = value;
  return {};
}

std::string read_parameter_name(Options& options, Text value) {
  const bool is_name =
      !value.empty() && value.size() <= 1011 && std::all_of(value.begin(), value.end(), [](char c) {
        return is_letter_or_digit(c) || Text("-_./").find(c) != Text::npos;
      });
  if (!is_name || (value.find('/') != Text::npos && !value.starts_with('/')))
    return "no name of a parameter; write /vpc-probe/doctor";
  options.state = value;
  return {};
}

}  // namespace vpcprobe
