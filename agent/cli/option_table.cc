#include "agent/cli/option_table.h"

#include <algorithm>
#include <array>
#include <cstdlib>

#include "agent/aws/amazon_resolver.h"
#include "agent/aws/arn.h"
#include "agent/aws/catalog.h"
#include "agent/aws/host_name.h"
#include "agent/aws/service_reference.h"
#include "agent/base/duration.h"
#include "agent/base/nearest.h"
#include "agent/base/quoted.h"
#include "agent/delivery/sinks.h"
#include "agent/task/image_reference.h"

namespace vpcprobe {
namespace {

using Text = std::string_view;

std::string one_of(Text value, std::span<const Text> names, std::string& out) {
  if (std::find(names.begin(), names.end(), value) == names.end()) {
    std::string all;
    for (const Text name : names) all.append(all.empty() ? "" : ", ").append(name);
    return "must be one of " + all + did_you_mean(value, names);
  }
  out = value;
  return {};
}

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
  std::string format;
  if (std::string error = one_of(value, kFormatNames, format); !error.empty()) return error;
  const auto at = std::find(kFormatNames.begin(), kFormatNames.end(), value) - kFormatNames.begin();
  options.format = static_cast<Format>(at + static_cast<std::ptrdiff_t>(Format::text));
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
std::string read_paths(Options& options, Text value) {
  (options.*member).emplace_back(value);
  return {};
}

template <std::vector<std::string> Options::*member>
std::string read_services(Options& options, Text value) {
  return read_service(options.*member, value);
}

template <std::chrono::milliseconds Options::*member>
std::string read_time(Options& options, Text value) {
  return read_duration(options.*member, value);
}

std::string read_image(Options& options, Text value) {
  if (!registry_of(value)) return "no image reference; write [HOST[:PORT]/]NAME[:TAG][@DIGEST]";
  options.images.emplace_back(value);
  return {};
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

/// "vpc-0123456789abcdef0": they go into commands and templates, so nothing else may pass.
bool is_resource_id(Text value, Text prefix) {
  if (!value.starts_with(prefix)) return false;
  value.remove_prefix(prefix.size());
  return value.size() >= 8 && value.size() <= 17 && value.find_first_not_of("0123456789abcdef") == Text::npos;
}

constexpr Text kVpcPrefix = "vpc-";
constexpr Text kSubnetPrefix = "subnet-";
constexpr Text kRouteTablePrefix = "rtb-";
constexpr Text kGroupPrefix = "sg-";

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

std::string read_zones(Options& options, Text value) {
  const bool right = value.size() == 1 && value[0] >= '1' && value[0] <= '6';
  if (!right) return "must be a number from 1 to 6";
  options.zones = static_cast<unsigned>(value[0] - '0');
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

constexpr Text kWhat = "What the task needs";
constexpr Text kHow = "How it is probed";
constexpr Text kReport = "The report";
constexpr Text kDoctor = "The doctor";
constexpr Text kPlan = "The plan";
using enum OptionKind;

constexpr std::array kRows = std::to_array<OptionRow>({
    {"region", "REGION", value, kWhat, "default: from the task metadata, else AWS_REGION", read_region},
    {"launch-type", "TYPE", value, kWhat, "fargate or ec2", read_launch_type},
    {"platform-version", "VERSION", value, kWhat,
     "of Fargate; before 1.4.0 the platform itself logs in to ECR", read_platform_version},
    {"services", "ID,...", list, kWhat, "exactly these services; execute-api:API-ID, efs:FS-ID",
     read_services<&Options::services>},
    {"also", "ID,...", list, kWhat, "these services on top", read_services<&Options::also>},
    {"target", "HOST[:PORT]", list, kWhat, "any TLS endpoint; tcp://HOST:PORT: TCP only, as for databases",
     read_target},
    {"task-definition", "FILE", value, kWhat, "or template, Compose file, Terraform plan; - is stdin",
     read_text<&Options::task_definition>},
    {"family", "NAME,...", list, kWhat, "only these task definitions of the file",
     read_name<&Options::families>},
    {"mentioned", "", flag, kWhat, "also hosts that variables and commands mention",
     read_flag<&Options::mentioned>},
    {"image", "REF,...", list, kWhat, "images it pulls", read_image},
    {"secret", "NAME,...", list, kWhat, "secrets it gets from Secrets Manager, names or ARNs",
     read_name<&Options::secrets>},
    {"parameter", "NAME,...", list, kWhat, "parameters it gets, names or ARNs",
     read_name<&Options::parameters>},
    {"log-group", "NAME,...", list, kWhat, "log groups it writes to, names or ARNs",
     read_name<&Options::log_groups>},
    {"fips", "", flag, kWhat, "the FIPS names", read_flag<&Options::fips>},
    {"dualstack", "", flag, kWhat, "the dual-stack names", read_flag<&Options::dualstack>},
    {"vpc-cidr", "CIDR", list, kHow, "a range of this VPC, for addresses outside RFC 1918", read_cidr},
    {"resolver", "IP[:PORT]", list, kHow, "ask this DNS server instead of the task's own", read_resolver},
    {"ca-file", "PEM", value, kHow, "certificates trusted besides the usual roots",
     read_text<&Options::ca_file>},
    {"depth", "DEPTH", value, kHow, "network, api (signed calls too) or image (the pull too)", read_depth},
    {"role", "ROLE", value, kHow, "whose credentials these are: task (default) or execution", read_role},
    {"platform", "OS/ARCH", value, kHow, "--depth image: of the images; default: the task's, else this one's",
     read_image_platform},
    {"measure", "MB", value, kHow, "--depth image: download that much, say what the pull would take",
     read_measure},
    {"timeout", "TIME", value, kHow, "for each of DNS, TCP, TLS, HTTP; default 3s",
     read_time<&Options::timeout>},
    {"deadline", "TIME", value, kHow, "for the whole run; default 20s", read_time<&Options::deadline>},
    {"for", "TIME", value, kHow, "wait: give up after this long; default 5m", read_time<&Options::wait_for>},
    {"every", "TIME", value, kHow, "watch: from round to round; default 60s", read_time<&Options::every>},
    {"ipv4", "", flag, kHow, "IPv4 addresses only", read_flag<&Options::ipv4_only>},
    {"ipv6", "", flag, kHow, "IPv6 addresses only", read_flag<&Options::ipv6_only>},
    {"require-private", "", flag, kReport, "a public path is an error", read_flag<&Options::require_private>},
    {"strict", "", flag, kReport, "a warning makes the exit code 1", read_flag<&Options::strict>},
    {"format", "FORMAT", value, kReport,
     "text, json, emf, html; plans also aws-cli, terraform, cloudformation", read_format},
    {"report", "WHICH|FILE", value, kReport,
     "watch: always, changes (default) or failures; doctor: a saved report", read_report},
    {"details", "", flag, kReport, "doctor: everything as text, not one screen",
     read_flag<&Options::details>},
    {"output", "FILE", value, kReport, "write it there instead of stdout", read_text<&Options::output>},
    {"sink", "SINK,...", list, kReport, "where reports go, any number at once: see below", read_sink},
    {"log-level", "LEVEL", value, kReport, "trace, debug, info, warn, error or off; on stderr, default warn",
     read_log_level},
    {"config", "FILE|DIR,...", list, kDoctor, "the VPC as JSON, as aws ec2 describe-... prints it",
     read_paths<&Options::config>},
    {"from", "REPORT.json", value, kPlan, "only what this saved report shows to be missing",
     read_text<&Options::from>},
    {"vpc-id", "VPC", value, kPlan, "where the endpoints go", read_id<&Options::vpc_id, kVpcPrefix>},
    {"subnet-ids", "SUBNET,...", list, kPlan, "one in each zone, for the endpoints",
     read_ids<&Options::subnet_ids, kSubnetPrefix>},
    {"route-table-ids", "TABLE,...", list, kPlan, "of the task's subnets, for gateway endpoints",
     read_ids<&Options::route_tables, kRouteTablePrefix>},
    {"task-security-group", "GROUP", value, kPlan, "let in by the endpoints",
     read_id<&Options::task_group, kGroupPrefix>},
    {"zones", "N", value, kPlan, "zones to count; default: as many as subnets, else 2", read_zones},
    {"endpoint-price", "USD", value, kPlan, "of an endpoint in a zone for an hour; default 0.01",
     read_price<&Options::endpoint_price>},
    {"nat-price", "USD", value, kPlan, "of a NAT gateway for an hour, to compare with",
     read_price<&Options::nat_price>},
});

}  // namespace

std::span<const OptionRow> option_rows() { return kRows; }

}  // namespace vpcprobe
