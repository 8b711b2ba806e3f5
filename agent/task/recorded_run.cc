#include "agent/task/recorded_run.h"

#include <algorithm>
#include <array>

#include "agent/aws/host_name.h"
#include "agent/base/json_node.h"
#include "agent/base/quoted.h"
#include "probes/address.h"

namespace vpcprobe {
namespace {

constexpr std::size_t kMostEndpoints = 10'000;

bool is_endpoint_at_work(const JsonNode& endpoint) {
  constexpr std::array<std::string_view, 2> kPaths = {"interface-endpoint", "gateway-endpoint"};
  constexpr std::array<std::string_view, 3> kInside = {"subnet", "vpc", "private"};
  if (std::find(kPaths.begin(), kPaths.end(), endpoint.at("path").text()) != kPaths.end()) return true;
  const std::vector<JsonNode> addresses = endpoint.at("addresses").items();
  return std::any_of(addresses.begin(), addresses.end(), [&](const JsonNode& address) {
    const std::string scope = address.object().at("scope").text();
    return std::find(kInside.begin(), kInside.end(), scope) != kInside.end();
  });
}

RecordedEndpoint read_endpoint(const JsonNode& endpoint) {
  RecordedEndpoint out;
  out.service = endpoint.object().at("service").text();
  const JsonNode host = endpoint.at("host");
  out.host = host.text();
  if (!is_host_name(out.host) && !IpAddress::parse(out.host))
    throw WrongDocument{host.path + " " + in_quotes(out.host) + ": no host"};
  const JsonNode port = endpoint.at("port");
  if (!port.value->is_number_unsigned() || !read_port(port.value->dump(), out.port)) {
    throw WrongDocument{port.path + " must be a port from 1 to 65535"};
  }
  for (const JsonNode& reason : endpoint.at("required_by").items(kMostEndpoints)) {
    out.required_by.push_back(reason.text());
  }
  out.present = is_endpoint_at_work(endpoint);
  return out;
}

RecordedRun read_run(const JsonNode& report) {
  constexpr std::string_view kSchema = "vpc-probe/report/2";
  const std::string schema = report.object().at("schema").text();
  if (schema != kSchema) throw WrongDocument{"no report of vpc-probe: its schema is " + in_quotes(schema)};
  RecordedRun out;
  const JsonNode context = report.at("context");
  out.region = context.object().at("region").text();
  out.account = context.at("account").text();
  out.launch_type = context.at("launch_type").text();
  for (const JsonNode& endpoint : report.at("endpoints").items(kMostEndpoints)) {
    out.endpoints.push_back(read_endpoint(endpoint));
  }
  return out;
}

}  // namespace

Result<RecordedRun> parse_recorded_run(std::string_view text) {
  try {
    const nlohmann::json document = parse_bounded(text);
    return read_run(JsonNode{&document, ""});
  } catch (const WrongDocument& wrong) {
    return UsageError{wrong.what};
  }
}

}  // namespace vpcprobe
