#include "agent/task/log_destination.h"

#include <algorithm>
#include <array>
#include <map>

#include "agent/aws/host_name.h"
#include "agent/base/text_search.h"
#include "probes/address.h"

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

constexpr std::array<std::string_view, 11> kKept = {
    "name", "@type",      "region",          "host",         "port",          "endpoint",
    "tls",  "splunk-url", "fluentd-address", "gelf-address", "syslog-address"};

/// Drivers that hand over to the machine itself, or to nobody.
constexpr std::array<std::string_view, 6> kLocalDrivers = {"",        "none",     "local",
                                                           "etwlogs", "journald", "json-file"};

/// How an address says by what it is reached.
struct Scheme {
  std::string_view prefix;
  Until until;
  bool by_datagram;
  bool is_local;
};
constexpr std::array kSchemes = std::to_array<Scheme>({
    {"tcp://", Until::tcp, false, false},
    {"tls://", Until::tls, false, false},
    {"tcp+tls://", Until::tls, false, false},
    {"udp://", Until::tcp, true, false},
    {"unix://", Until::tcp, false, true},
    {"unixgram://", Until::tcp, false, true},
});

/// A driver whose one option is an address, `SCHEME://HOST[:PORT]`. Without that option it stays on the
/// machine or, where `must_say`, does not start.
struct AddressDriver {
  std::string_view name;
  std::string_view option;
  std::uint16_t port;  ///< 0: the address has to say it
  bool bare_is_tcp;    ///< the scheme may be left out
  bool must_say;
};
constexpr std::array kAddressDrivers = std::to_array<AddressDriver>({
    {"fluentd", "fluentd-address", 24224, true, false},
    {"gelf", "gelf-address", 0, false, true},
    {"syslog", "syslog-address", 514, false, false},
});

std::string without_scheme(std::string_view address) {
  const std::size_t scheme = address.find("://");
  if (scheme != std::string_view::npos) address.remove_prefix(scheme + 3);
  return std::string(address.substr(0, address.find('/')));
}

/// `HOST[:PORT]` put in place; false where it is none.
bool set_host(LogDestination& destination, std::string_view address) {
  if (const auto literal = SocketAddress::parse(address, destination.port)) {
    destination.host = literal->address.to_string();
    destination.port = literal->port;
    return true;
  }
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

bool is_loopback(const std::string& host) {
  const auto literal = IpAddress::parse(host);
  return literal ? scope_of(*literal, {}) == Scope::loopback : lower_case(host) == "localhost";
}

LogDestination to_address(const AddressDriver& driver, const std::string& address) {
  LogDestination destination;
  destination.is_unknown = address.empty() && driver.must_say;
  if (address.empty()) return destination;
  const auto scheme = std::find_if(kSchemes.begin(), kSchemes.end(), [&](const Scheme& row) {
    return lower_case(address).starts_with(row.prefix);
  });
  const bool known = scheme != kSchemes.end();
  if (known && scheme->is_local) return destination;
  destination.until = known ? scheme->until : Until::tcp;
  destination.by_datagram = known && scheme->by_datagram;
  destination.port = driver.port;
  const bool bare = driver.bare_is_tcp && address.find("://") == std::string::npos;
  if (known || bare) to_host(destination, without_scheme(address), {});
  destination.is_unknown = destination.host.empty() || destination.port == 0;
  if (is_loopback(destination.host)) return {};
  return destination;
}

constexpr std::string_view kLogsOf = "logs {of}";

struct Driver {
  std::string_view name;
  std::string_view reason;
  LogDestination (*read)(Names& options);
};
constexpr std::array kDrivers = std::to_array<Driver>({
    {"awslogs", kLogsOf, awslogs},
    {"awsfirelens", "FireLens output {what} {of}", firelens},
    {"splunk", kLogsOf, splunk},
});

}  // namespace

bool is_kept_log_option(std::string_view option) {
  return option.starts_with("awslogs-") ||
         std::find(kKept.begin(), kKept.end(), lower_case(option)) != kKept.end();
}

LogDestination log_destination(const ContainerContext& container) {
  const auto is_its = [&](const auto& row) { return row.name == container.log_driver; };
  Names options;
  for (const auto& [key, value] : container.log_options) options[lower_case(key)] = value;
  LogDestination destination;
  destination.reason = kLogsOf;
  const auto driver = std::find_if(kDrivers.begin(), kDrivers.end(), is_its);
  const auto to = std::find_if(kAddressDrivers.begin(), kAddressDrivers.end(), is_its);
  if (driver != kDrivers.end()) {
    destination = driver->read(options);
    destination.reason = driver->reason;
  } else if (to != kAddressDrivers.end()) {
    destination = to_address(*to, options[std::string(to->option)]);
    destination.reason = kLogsOf;
  } else {
    destination.is_unknown =
        std::find(kLocalDrivers.begin(), kLocalDrivers.end(), container.log_driver) == kLocalDrivers.end();
  }
  return destination;
}

}  // namespace vpcprobe
