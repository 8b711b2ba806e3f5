#pragma once
#include <chrono>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "agent/base/environment.h"
#include "agent/base/formats.h"
#include "agent/base/result.h"
#include "agent/task/image_platform.h"
#include "agent/task/log_stream.h"
#include "agent/task/mentioned.h"
#include "agent/task/traffic.h"
#include "probes/address.h"

namespace vpcprobe {

enum class Depth { network, api, image };

enum class ReportWhich { always, changes, failures };  ///< which rounds of `watch` are reported

/// `--target HOST[:PORT]`
struct CustomTarget {
  std::string host;
  std::uint16_t port = 443;
  bool tcp_only = false;  ///< "tcp://": it speaks no TLS from its first byte
};

/// `--sink KIND[:ARGUMENT]`; agent/delivery/sinks.h has the kinds.
struct SinkChoice {
  std::string text;  ///< as it was given
  std::string kind;
  Format format = Format::automatic;  ///< of stdout:FORMAT
  std::string path{};                 ///< of file:PATH
  LogPlace log_place{};               ///< of cloudwatch-logs:GROUP[:STREAM]
  SocketAddress address{};            ///< of openmetrics:ADDR:PORT
};

/// `--notify KIND:TARGET`; agent/delivery/destinations.h has the kinds.
struct Destination {
  std::string text;  ///< as it was given
  std::string kind;
  std::string target;  ///< an ARN, or the name of a bus or a bucket
};

/// The command line and the VPC_PROBE_* variables, checked. Defaults are the contract's (section 2).
struct Options {
  std::string command = "run";
  std::vector<std::string> words;  ///< what follows a command that takes words
  std::string region;
  std::string launch_type = "fargate";
  bool launch_type_given = false;  ///< given by the user: then it takes precedence over the task metadata
  std::string platform_version;
  std::vector<std::string> services;  ///< exactly these, if not empty
  std::vector<std::string> also;
  std::vector<CustomTarget> targets;
  /// File, "-" for stdin, or the text itself where it begins with "{" or has a line end; empty for none.
  std::string task_definition;
  std::vector<std::string> families;     ///< of its task definitions only these, if not empty
  bool mentioned = false;                ///< hosts of environment variables and commands are probed too
  std::vector<MentionedHost> own_hosts;  ///< with --mentioned: those of this process's environment
  std::vector<std::string> images;       ///< references that have a registry
  std::vector<std::string> secrets;      ///< ARNs or names in Secrets Manager
  std::vector<std::string> parameters;   ///< ARNs or names in the Parameter Store
  std::vector<std::string> log_groups;   ///< names
  std::vector<Cidr> vpc_cidrs;
  std::vector<SocketAddress> resolvers;
  std::string ca_file;
  bool require_private = false;
  bool strict = false;
  Depth depth = Depth::network;
  Role role = Role::task;  ///< whose credentials these are: `task` or `execution`
  std::optional<ImagePlatform>
      platform;                     ///< --platform: of the images; empty: the task's, else this machine's
  std::uint64_t measure_bytes = 0;  ///< --measure: how much of the images is downloaded; 0: none
  std::chrono::milliseconds timeout{3000};
  std::chrono::milliseconds deadline{20000};
  std::chrono::milliseconds wait_for{300'000};  ///< --for: how long `wait` tries
  std::chrono::milliseconds every{60'000};      ///< --every: from round to round of `watch`
  ReportWhich report = ReportWhich::changes;
  bool ipv4_only = false;
  bool ipv6_only = false;
  bool fips = false;
  bool dualstack = false;
  Format format = Format::automatic;
  std::string output;  ///< file instead of stdout
  std::vector<SinkChoice> sinks;
  std::string log_level = "warn";

  // For doctor.
  std::vector<std::string> config;  ///< files and directories with documents of the AWS CLI
  std::string report_file;          ///< --report of doctor: a saved report
  bool details = false;             ///< everything, not one screen
  std::string save_config;          ///< where the configuration that the API gave is kept; empty: nowhere
  bool print_policy = false;        ///< print the IAM policy for reading, and end
  bool print_commands = false;      ///< print a script that reads by the AWS CLI, and end
  std::string cluster;              ///< of ECS: a name or an ARN
  std::string service;              ///< whose tasks fail
  std::string task;                 ///< its id or ARN
  bool probe_lambda = false;        ///< --probe lambda: functions look from the task's subnets
  std::string binary;               ///< the program in the functions; empty: this one
  std::string lambda_role;          ///< ARN of the functions' role; empty: one is made
  bool keep = false;                ///< the functions stay for the next time
  bool clean_up = false;            ///< delete all that --probe lambda made, and end
  bool yes = false;                 ///< do not ask before something is made or deleted
  std::vector<Destination> notify;  ///< where the doctor as a function sends its verdict
  std::string state = "/vpc-probe/doctor";  ///< its parameter of SSM, for what it said

  // For plans.
  std::string from;                       ///< a saved report: only what is missing
  std::string vpc_id;                     ///< "vpc-…"
  std::vector<std::string> subnet_ids;    ///< "subnet-…", one per zone
  std::vector<std::string> route_tables;  ///< "rtb-…"
  std::string task_group;                 ///< "sg-…": the task's security group
  unsigned zones = 0;                     ///< 0: as many as subnets are given, else 2
  double endpoint_price = 0.01;           ///< US dollars per endpoint, zone and hour
  double nat_price = 0;                   ///< US dollars per NAT gateway and hour; 0: not known
};

/// What the command line asks for: a command to run, or a text to print at once (--help, --version).
struct Invocation {
  Options options;
  std::string print;  ///< not empty: print this and exit 0
};

/// What an event says of one option: its name without dashes, its values as text.
struct SaidOption {
  std::string name;
  std::vector<std::string> values;
};

/// Reads argv and the VPC_PROBE_* variables; the command line wins, and what an `event` says before it. Every
/// mistake is one line that names what, where and the nearest valid value.
Result<Invocation> parse_options(int argc, const char* const* argv, const Environment& environment,
                                 const std::vector<SaidOption>& event = {});

/// A warning for each variable that begins with VPC_PROBE_ and is unknown. `environment` as environ(7).
std::vector<std::string> unknown_variables(const char* const* environment);

}  // namespace vpcprobe
