#include "agent/task/metadata.h"

#include <algorithm>
#include <array>
#include <fstream>
#include <iterator>
#include <sstream>

#include "agent/aws/amazon_resolver.h"
#include "agent/base/add_once.h"
#include "probes/http.h"
#include "probes/take_line.h"

namespace vpcprobe {
namespace {

TaskContext read_metadata(const std::string& uri, const std::atomic<bool>& stop,
                          std::chrono::milliseconds limit) {
  TaskContext unknown;
  HttpRequest request{.url = uri + "/task", .headers = {}};
  request.timeout = std::min(*request.timeout, limit);
  const HttpReply reply = fetch({request}, stop).front();
  if (!reply.error.empty()) {
    unknown.metadata_problem = reply.error;
  } else if (reply.status != 200) {
    unknown.metadata_problem = "HTTP status " + std::to_string(reply.status);
  } else if (auto parsed = parse_task_metadata(reply.body)) {
    return std::move(parsed.value());
  } else {
    unknown.metadata_problem = parsed.error().message;
  }
  return unknown;
}

std::vector<SocketAddress> system_resolvers() {
  std::ifstream file("/etc/resolv.conf");
  constexpr std::size_t kMost = 64 * 1024;
  std::string text(kMost, '\0');
  file.read(text.data(), static_cast<std::streamsize>(text.size()));
  text.resize(static_cast<std::size_t>(file.gcount()));
  return parse_resolv_conf(text);
}

// Where credentials would come from, in the order of AWS's SDKs. Nothing is fetched.
struct CredentialSource {
  const char* variable;
  const char* name;
};
constexpr std::array kCredentialSources{
    CredentialSource{"AWS_ACCESS_KEY_ID", "environment"},
    CredentialSource{"AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", "task-role"},
    CredentialSource{"AWS_CONTAINER_CREDENTIALS_FULL_URI", "container"},
};

constexpr std::array kProxyVariables{"HTTPS_PROXY", "https_proxy", "HTTP_PROXY",
                                     "http_proxy",  "ALL_PROXY",   "all_proxy"};

}  // namespace

std::vector<SocketAddress> parse_resolv_conf(std::string_view text) {
  std::vector<SocketAddress> servers;
  while (!text.empty()) {
    std::istringstream words{std::string(take_line(text))};
    std::string keyword;
    std::string value;
    words >> keyword >> value;
    if (keyword != "nameserver") continue;
    value = value.substr(0, value.find('%'));  // an IPv6 zone
    if (const auto address = IpAddress::parse(value)) servers.push_back({*address, kDnsPort});
  }
  return servers;
}

// A link of one address (a /128 from DHCPv6) is no subnet; whose address it is still says what else is
// inside.
void add_own_interfaces(TaskContext& context, const std::vector<InterfaceAddress>& own) {
  if (!context.subnets.empty() || !context.source_addresses.empty()) return;
  for (const InterfaceAddress& entry : own) {
    add_once(context.source_addresses, {entry.address});
    if (entry.link.prefix < entry.address.bits()) add_once(context.subnets, {entry.link});
  }
}

TaskContext gather_context(const Environment& environment, const std::atomic<bool>& stop,
                           std::chrono::milliseconds limit) {
  TaskContext context;
  const std::string uri = value_of(environment, "ECS_CONTAINER_METADATA_URI_V4");
  if (!uri.empty()) context = read_metadata(uri, stop, limit);
  context.in_ecs = !uri.empty();
  for (const char* name : {"AWS_REGION", "AWS_DEFAULT_REGION"})
    if (context.region.empty()) context.region = value_of(environment, name);
  if (context.resolvers.empty()) context.resolvers = system_resolvers();
  if (context.resolvers.empty()) context.resolvers = {*SocketAddress::parse(kAmazonResolver, kDnsPort)};
  for (const char* name : kProxyVariables)
    if (!value_of(environment, name).empty()) context.proxy_variables.emplace_back(name);
  const auto source =
      std::find_if(kCredentialSources.begin(), kCredentialSources.end(),
                   [&](const auto& row) { return !value_of(environment, row.variable).empty(); });
  if (source != kCredentialSources.end()) context.credentials.source = source->name;
  return context;
}

}  // namespace vpcprobe
