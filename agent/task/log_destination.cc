#include "agent/task/log_destination.h"

#include <algorithm>
#include <array>
#include <map>

#include "agent/aws/host_name.h"
#include "agent/base/text_search.h"
#include "probes/address.h"

namespace vpcprobe {
namespace {

/// What an output plugin is known to send to: a service of AWS, a host of its own, or nothing outside the
/// task (both empty). To add one, add a row. Sources: Fluent Bit's manual of outputs; the vendors' pages on
/// Fluent Bit and FireLens.
struct Output {
  std::string_view plugin;
  std::string_view service{};
  std::string_view host{};
  std::uint16_t port = 443;  ///< of the host, unless the option `port` says another
  Until until = Until::tls;  ///< what the host speaks, unless the option `tls` says so
  std::string_view
      address{};  ///< the option with a URL or a list of HOST:PORT, besides `host` and `endpoint`
};
constexpr std::array kOutputs = std::to_array<Output>({
    {.plugin = "cloudwatch", .service = "logs"},
    {.plugin = "cloudwatch_logs", .service = "logs"},
    {.plugin = "firehose", .service = "kinesis-firehose"},
    {.plugin = "kinesis_firehose", .service = "kinesis-firehose"},
    {.plugin = "kinesis", .service = "kinesis-streams"},
    {.plugin = "kinesis_streams", .service = "kinesis-streams"},
    {.plugin = "s3", .service = "s3"},
    {.plugin = "datadog", .host = "http-intake.logs.datadoghq.com"},
    {.plugin = "newrelic", .host = "log-api.newrelic.com", .address = "endpoint"},
    {.plugin = "nrlogs", .host = "log-api.newrelic.com", .address = "base_uri"},
    {.plugin = "logdna", .host = "logs.logdna.com"},
    {.plugin = "kafka", .port = 9092, .until = Until::tcp, .address = "brokers"},
    {.plugin = "stdout"},
    {.plugin = "null"},
    {.plugin = "file"},
    {.plugin = "counter"},
});
/// These send nowhere outside the task.
constexpr std::array<std::string_view, 4> kLocalOutputs = {"stdout", "null", "file", "counter"};

constexpr std::array<std::string_view, 13> kKept = {
    "name", "@type",      "region",          "host",         "port",           "endpoint", "brokers",
    "tls",  "splunk-url", "fluentd-address", "gelf-address", "syslog-address", "base_uri"};

/// Drivers that keep the logs on the machine, or drop them.
constexpr std::array<std::string_view, 6> kLocalDrivers = {"",        "none",     "local",
                                                           "etwlogs", "journald", "json-file"};

/// How an address says by what it is reached.
struct Scheme {
  std::string_view prefix;
  Until until;
  bool by_datagram = false;
  bool is_local = false;
};
constexpr std::array kSchemes = std::to_array<Scheme>({
    {.prefix = "tcp://", .until = Until::tcp},
    {.prefix = "tls://", .until = Until::tls},
    {.prefix = "tcp+tls://", .until = Until::tls},
    {.prefix = "udp://", .until = Until::tcp, .by_datagram = true},
    {.prefix = "unix://", .until = Until::tcp, .is_local = true},
    {.prefix = "unixgram://", .until = Until::tcp, .is_local = true},
});

/// A driver whose one option is an address, `SCHEME://HOST[:PORT]`. Without that option it stays on the
/// machine or, where `must_say`, does not start.
struct AddressDriver {
  std::string_view name;
  std::string_view option;
  std::uint16_t port;        ///< 0: the address has to say it
  bool bare_is_tcp = false;  ///< the scheme may be left out
  bool must_say = false;
};
constexpr std::array kAddressDrivers = std::to_array<AddressDriver>({
    {.name = "fluentd", .option = "fluentd-address", .port = 24224, .bare_is_tcp = true},
    {.name = "gelf", .option = "gelf-address", .port = 0, .must_say = true},
    {.name = "syslog", .option = "syslog-address", .port = 514},
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
constexpr std::uint16_t kPlainHttp = 80;

void to_host(LogDestination& destination, const std::string& host, const std::string& port) {
  const bool port_right = port.empty() || read_port(port, destination.port);
  destination.is_unknown = !set_host(destination, host) || !port_right;
}

LogDestination awslogs(Names& options) {
  LogDestination destination;
  const std::string& endpoint = options["awslogs-endpoint"];
  if (endpoint.empty()) {
    destination.service = find_service("logs");
    destination.region = options["awslogs-region"];
  } else {
    destination.port = endpoint.starts_with("http:") ? kPlainHttp : destination.port;
    destination.until = endpoint.starts_with("http:") ? Until::tcp : Until::tls;
    to_host(destination, without_scheme(endpoint), {});
  }
  destination.role = Role::execution;
  if (options["awslogs-create-group"] != "true") destination.group = options["awslogs-group"];
  return destination;
}

LogDestination splunk(Names& options) {
  LogDestination destination;
  to_host(destination, without_scheme(options["splunk-url"]), {});
  return destination;
}

/// The first broker of a list represents all: they share a security group.
std::string first_of_list(std::string_view text) { return std::string(text.substr(0, text.find(','))); }

LogDestination firelens(Names& options) {
  LogDestination destination;
  destination.output = options["name"].empty() ? options["@type"] : options["name"];
  const std::string plugin = lower_case(destination.output);
  const auto row = std::find_if(kOutputs.begin(), kOutputs.end(),
                                [&](const Output& output) { return output.plugin == plugin; });
  const bool known = row != kOutputs.end();
  std::string host = options["host"].empty() ? without_scheme(options["endpoint"]) : options["host"];
  if (host.empty() && known && !row->address.empty())
    host = without_scheme(first_of_list(options[std::string(row->address)]));
  if (host.empty() && known) host = row->host;
  if (!host.empty()) {
    const bool tls = lower_case(options["tls"]) == "on" || options["endpoint"].starts_with("https:");
    destination.until = tls ? Until::tls : known ? row->until : Until::tcp;
    destination.role = Role::task;
    if (known) destination.port = row->port;
    to_host(destination, host, options["port"]);
  } else if (known && !row->service.empty()) {
    destination.service = find_service(row->service);
    destination.region = options["region"];
    destination.role = Role::task;
  } else {
    destination.is_unknown =
        std::find(kLocalOutputs.begin(), kLocalOutputs.end(), plugin) == kLocalOutputs.end();
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
    {.name = "awslogs", .reason = kLogsOf, .read = awslogs},
    {.name = "awsfirelens", .reason = "FireLens output {what} {of}", .read = firelens},
    {.name = "splunk", .reason = kLogsOf, .read = splunk},
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
