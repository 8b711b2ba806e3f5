#include "agent/log_destination.h"

#include <algorithm>
#include <array>
#include <map>

#include "agent/fragments.h"
#include "agent/host_name.h"

namespace vpcprobe {
namespace {

/// What an output plugin is known to talk to: a service of AWS, a host of its own, or nobody (both empty).
struct Output {
  std::string_view plugin;
  std::string_view service;
  std::string_view host;
};
constexpr std::array kOutputs = std::to_array<Output>({
    {"cloudwatch", "logs", ""},
    {"cloudwatch_logs", "logs", ""},
    {"firehose", "kinesis-firehose", ""},
    {"kinesis_firehose", "kinesis-firehose", ""},
    {"kinesis", "kinesis-streams", ""},
    {"kinesis_streams", "kinesis-streams", ""},
    {"s3", "s3", ""},
    {"datadog", "", "http-intake.logs.datadoghq.com"},
    {"stdout", "", ""},
    {"null", "", ""},
    {"file", "", ""},
    {"counter", "", ""},
});

constexpr std::array<std::string_view, 8> kKept = {"name", "@type",    "region", "host",
                                                   "port", "endpoint", "tls",    "splunk-url"};

std::string without_scheme(std::string_view address) {
  const std::size_t scheme = address.find("://");
  if (scheme != std::string_view::npos) address.remove_prefix(scheme + 3);
  return std::string(address.substr(0, address.find('/')));
}

/// `HOST[:PORT]` put in place; false where it is none.
bool set_host(LogDestination& destination, std::string_view address) {
  const std::size_t colon = address.find(':');
  const std::string_view host = address.substr(0, colon);
  if (!is_host_name(host)) return false;
  if (colon != std::string_view::npos && !read_port(address.substr(colon + 1), destination.port))
    return false;
  destination.host = host;
  return true;
}

using Names = std::map<std::string, std::string>;

void to_host(LogDestination& destination, const std::string& host, const std::string& port) {
  const bool port_right = port.empty() || read_port(port, destination.port);
  destination.is_unknown = !set_host(destination, host) || !port_right;
}

LogDestination awslogs(Names& options) {
  LogDestination destination;
  destination.service = find_service("logs");
  destination.region = options["awslogs-region"];
  destination.role = Role::execution;
  if (options["awslogs-create-group"] != "true") destination.group = options["awslogs-group"];
  return destination;
}

LogDestination splunk(Names& options) {
  LogDestination destination;
  to_host(destination, without_scheme(options["splunk-url"]), {});
  return destination;
}

LogDestination firelens(Names& options) {
  LogDestination destination;
  destination.output = options["name"].empty() ? options["@type"] : options["name"];
  const std::string plugin = lower_case(destination.output);
  const auto row = std::find_if(kOutputs.begin(), kOutputs.end(),
                                [&](const Output& output) { return output.plugin == plugin; });
  const bool known = row != kOutputs.end();
  std::string host = options["host"].empty() ? without_scheme(options["endpoint"]) : options["host"];
  if (host.empty() && known) host = row->host;
  if (!host.empty()) {
    const bool tls = known || lower_case(options["tls"]) == "on" || options["endpoint"].starts_with("https:");
    destination.until = tls ? Until::tls : Until::tcp;
    to_host(destination, host, options["port"]);
  } else if (known && !row->service.empty()) {
    destination.service = find_service(row->service);
    destination.region = options["region"];
    destination.role = Role::task;
  } else {
    destination.is_unknown = !known;
  }
  return destination;
}

struct Driver {
  std::string_view name;
  std::string_view reason;
  LogDestination (*read)(Names& options);
};
constexpr std::array kDrivers = std::to_array<Driver>({
    {"awslogs", "logs {of}", awslogs},
    {"awsfirelens", "FireLens output {what} {of}", firelens},
    {"splunk", "logs {of}", splunk},
});

}  // namespace

bool is_kept_log_option(std::string_view option) {
  return option.starts_with("awslogs-") ||
         std::find(kKept.begin(), kKept.end(), lower_case(option)) != kKept.end();
}

LogDestination log_destination(const ContainerContext& container) {
  const auto driver = std::find_if(kDrivers.begin(), kDrivers.end(),
                                   [&](const Driver& row) { return row.name == container.log_driver; });
  if (driver == kDrivers.end()) return {};
  Names options;
  for (const auto& [key, value] : container.log_options) options[lower_case(key)] = value;
  LogDestination destination = driver->read(options);
  destination.reason = driver->reason;
  return destination;
}

}  // namespace vpcprobe
