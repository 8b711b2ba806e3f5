#include "scenarios/world.h"

#include <algorithm>
#include <cerrno>
#include <stdexcept>

#include "agent/diagnosis/make_report.h"
#include "agent/image/pull_refusals.h"

namespace vpcprobe::scenarios {
namespace {

using namespace std::chrono_literals;

const SocketAddress amazon_resolver{*IpAddress::parse("10.0.0.2"), 53};
const WallTime now = WallTime(std::chrono::seconds(1'790'000'000));

AddressObservation working(const IpAddress& address) {
  AddressObservation seen;
  seen.address = address;
  seen.tcp = TcpObservation{};
  seen.tcp->status = TcpStatus::ok;
  seen.tcp->elapsed = 400us;
  seen.tcp->rtt_us = 380;
  Certificate leaf;
  leaf.subject = "CN=the service";
  leaf.issuer = "C=US, O=Amazon, CN=Amazon RSA 2048 M03";
  leaf.not_before = now - 720h;
  leaf.not_after = now + 720h;
  seen.tls = TlsObservation{};
  seen.tls->status = TlsStatus::ok;
  seen.tls->version = "TLSv1.3";
  seen.tls->chain = std::make_shared<const std::vector<Certificate>>(1, leaf);
  seen.http = HttpObservation{};
  seen.http->status = HttpStatus::aws;
  seen.http->code = 200;
  seen.http->clock_offset = 0s;
  return seen;
}

std::vector<IpAddress> parse_all(std::initializer_list<const char*> texts) {
  std::vector<IpAddress> addresses;
  for (const char* text : texts) addresses.push_back(IpAddress::parse(text).value());
  return addresses;
}

EndpointObservation answered(const std::vector<IpAddress>& addresses) {
  EndpointObservation seen;
  seen.dns = DnsObservation{};
  seen.dns->status = DnsStatus::ok;
  seen.dns->elapsed = 900us;
  seen.dns->addresses = addresses;
  seen.dns->resolvers.push_back({amazon_resolver, DnsStatus::ok, 900us, addresses, {}, 60});
  for (const IpAddress& address : addresses) seen.addresses.push_back(working(address));
  return seen;
}

void end_tcp(AddressObservation& seen, TcpStatus status, int error) {
  seen.tcp = TcpObservation{};
  seen.tcp->status = status;
  seen.tcp->error = error;
  seen.tcp->elapsed = status == TcpStatus::timeout ? 3000ms : 1ms;
  seen.tcp->syn_retransmits = status == TcpStatus::timeout ? 2 : 0;
  seen.tls.reset();
  seen.http.reset();
}

PlannedEndpoint planned_service(const char* id) {
  PlannedEndpoint planned;
  planned.id = id;
  planned.service = find_service(id);
  planned.expects = planned.service->expects;
  planned.region = "eu-west-1";
  planned.traffic = {{Role::execution, Carrier::task}};
  HostValues values;
  values.region = "eu-west-1";
  values.account = "111122223333";
  planned.target = {expand(planned.service->host, *find_partition("eu-west-1"), values),
                    planned.service->port, planned.service->until, "GET", "/"};
  return planned;
}

}  // namespace

World::World() {
  options.region = "eu-west-1";
  context.region = "eu-west-1";
  context.subnets = {*Cidr::parse("10.0.1.0/24")};
  context.source_addresses = {*IpAddress::parse("10.0.1.23")};
  plan.region = "eu-west-1";
  plan.partition = find_partition("eu-west-1");
  plan.settings.resolvers = {amazon_resolver};
  plan.settings.ranges.subnets = context.subnets;
  seen.complete = true;
  seen.started_at = now;
  add_service("ecr.api", {"10.0.1.10", "10.0.2.10", "10.0.3.10"});
  add_service("ecr.dkr", {"10.0.1.11", "10.0.2.11", "10.0.3.11"});
  add_service("s3", {"52.218.30.10", "52.92.4.5"});
  add_service("logs", {"10.0.1.12", "10.0.2.12", "10.0.3.12"});
  add_service("secretsmanager", {"10.0.1.13", "10.0.2.13", "10.0.3.13"});
  plan.controls.push_back({"s3.us-east-1.amazonaws.com", 443, Until::tcp, "GET", "/"});
  seen.controls.push_back(answered(parse_all({"52.216.8.8"})));
  end_tcp(seen.controls[0].addresses[0], TcpStatus::timeout, 0);
}

void World::only(std::initializer_list<const char*> ids) {
  std::vector<PlannedEndpoint> endpoints;
  std::vector<EndpointObservation> observed;
  for (const char* id : ids) {
    endpoints.push_back(plan.endpoints[index_of(id)]);
    observed.push_back(seen.endpoints[index_of(id)]);
  }
  plan.endpoints = std::move(endpoints);
  seen.endpoints = std::move(observed);
}

void World::add_service(const char* id, std::initializer_list<const char*> addresses) {
  plan.endpoints.push_back(planned_service(id));
  seen.endpoints.push_back(answered(parse_all(addresses)));
}

void World::add_target(const char* host, std::uint16_t port, std::initializer_list<const char*> addresses) {
  PlannedEndpoint planned;
  planned.id = host;
  planned.expects = EndpointType::none;
  planned.target.host = host;
  planned.target.port = port;
  plan.endpoints.push_back(planned);
  seen.endpoints.push_back(answered(parse_all(addresses)));
}

void World::optional(const char* id) { plan.endpoints[index_of(id)].required = false; }

void World::resolves(const char* id, std::initializer_list<const char*> addresses) {
  endpoint(id) = answered(parse_all(addresses));
}

void World::all_public() {
  resolves("ecr.api", {"34.249.10.10", "34.250.10.10"});
  resolves("ecr.dkr", {"34.249.10.11", "34.250.10.11"});
  resolves("logs", {"34.249.10.12", "34.250.10.12"});
  resolves("secretsmanager", {"34.249.10.13", "34.250.10.13"});
}

void World::name_fails(const char* id, DnsStatus status) {
  for (std::size_t i = 0; i < plan.endpoints.size(); ++i) {
    if (id != std::string("*") && plan.endpoints[i].id != id) continue;
    EndpointObservation& observed = seen.endpoints[i];
    observed.addresses.clear();
    observed.dns->status = status;
    observed.dns->addresses.clear();
    for (ResolverAnswer& answer : observed.dns->resolvers) {
      answer.status = status;
      answer.addresses.clear();
    }
  }
}

void World::only_resolver(const char* address) {
  const SocketAddress resolver{*IpAddress::parse(address), 53};
  plan.settings.resolvers = {resolver};
  for (EndpointObservation& observed : seen.endpoints)
    for (ResolverAnswer& answer : observed.dns->resolvers) answer.resolver = resolver;
}

void World::resolver(const char* address) {
  const SocketAddress resolver{*IpAddress::parse(address), 53};
  plan.settings.resolvers.push_back(resolver);
  for (auto* observations : {&seen.endpoints, &seen.controls}) {
    for (EndpointObservation& observed : *observations) {
      ResolverAnswer answer = observed.dns->resolvers.front();
      answer.resolver = resolver;
      observed.dns->resolvers.push_back(answer);
    }
  }
}

void World::resolver_says(const char* address, const char* id, DnsStatus status,
                          std::initializer_list<const char*> addresses) {
  const IpAddress resolver = *IpAddress::parse(address);
  for (std::size_t i = 0; i < plan.endpoints.size(); ++i) {
    if (id != std::string("*") && plan.endpoints[i].id != id) continue;
    EndpointObservation& observed = seen.endpoints[i];
    for (ResolverAnswer& answer : observed.dns->resolvers) {
      if (answer.resolver.address != resolver) continue;
      answer.status = status;
      answer.addresses = parse_all(addresses);
    }
    for (const IpAddress& found : parse_all(addresses)) {
      auto& known = observed.dns->addresses;
      if (std::find(known.begin(), known.end(), found) != known.end()) continue;
      known.push_back(found);
      observed.addresses.push_back(working(found));
    }
  }
  if (id != std::string("*")) return;
  for (EndpointObservation& control : seen.controls) {
    for (ResolverAnswer& answer : control.dns->resolvers) {
      if (answer.resolver.address == resolver) answer.status = status;
    }
  }
}

template <typename Change>
void World::each(const char* id, const char* address, Change change) {
  bool changed = false;
  for (std::size_t i = 0; i < plan.endpoints.size(); ++i) {
    if (id != std::string("*") && plan.endpoints[i].id != id) continue;
    for (AddressObservation& observed : seen.endpoints[i].addresses) {
      if (*address != '\0' && observed.address.to_string() != address) continue;
      change(observed);
      changed = true;
    }
  }
  if (!changed) throw std::logic_error(std::string("no such address: ") + id + " " + address);
}

void World::silent(const char* id, const char* address) {
  each(id, address, [](AddressObservation& a) { end_tcp(a, TcpStatus::timeout, 0); });
}

void World::refused(const char* id, const char* address) {
  each(id, address, [](AddressObservation& a) { end_tcp(a, TcpStatus::refused, ECONNREFUSED); });
}

void World::unreachable(const char* id, int error, const char* address) {
  each(id, address, [error](AddressObservation& a) { end_tcp(a, TcpStatus::unreachable, error); });
}

void World::tls(const char* id, TlsStatus status, const char* address) {
  each(id, address, [status](AddressObservation& a) {
    a.tls->status = status;
    a.tls->elapsed = status == TlsStatus::timeout ? 3000ms : 2ms;
    a.http.reset();
  });
}

void World::issued_by(const char* id, const char* issuer) {
  each(id, "", [issuer](AddressObservation& a) {
    Certificate leaf = a.tls->chain->front();
    leaf.issuer = issuer;
    a.tls->status = TlsStatus::untrusted;
    a.tls->chain = std::make_shared<const std::vector<Certificate>>(1, leaf);
    a.http.reset();
  });
}

void World::http(const char* id, HttpStatus status, int code, const char* address) {
  each(id, address, [status, code](AddressObservation& a) {
    a.http->status = status;
    a.http->code = code;
    a.http->clock_offset.reset();
  });
}

void World::round_trip(const char* id, std::chrono::microseconds time) {
  each(id, "", [time](AddressObservation& a) {
    a.tcp->elapsed = time;
    a.tcp->rtt_us = static_cast<std::uint32_t>(time.count());
  });
}

void World::nat() { seen.controls[0].addresses[0] = working(seen.controls[0].addresses[0].address); }

CallObservation& World::call(const char* id, const char* operation, const char* object) {
  options.depth = Depth::api;
  context.credentials.status = CredentialsStatus::ok;
  context.credentials.source = "task-role";
  EndpointObservation& asked = endpoint(id);
  CallObservation& call = asked.calls.emplace_back();
  call.operation = operation;
  call.object = object;
  call.peer = {asked.addresses.front().address, 443};
  call.status = CallStatus::answered;
  call.elapsed = 12ms;
  call.code = 200;
  call.allowed = true;
  call.request_id = "5ee0e5a1-5c3c-4b5e-9d2f-000000000002";
  if (*object != '\0') plan.endpoints[index_of(id)].objects.push_back({object, Role::execution});
  return call;
}

void World::answers(const char* id, const char* operation, int code, const char* error, const char* message,
                    const char* object) {
  CallObservation& said = call(id, operation, object);
  said.allowed = false;
  said.code = code;
  said.error = error;
  said.message = message;
}

void World::denies(const char* id, const char* operation, const std::string& because, const char* object) {
  const std::string text =
      "User: arn:aws:sts::111122223333:assumed-role/app/0123 is not authorized to perform: " +
      std::string(operation) + " on resource: " + (*object == '\0' ? "*" : object) + because;
  answers(id, operation, 400, "AccessDeniedException", text.c_str(), object);
}

AddressObservation& World::at(const char* id, const char* address) {
  for (AddressObservation& observed : endpoint(id).addresses) {
    if (observed.address.to_string() == address) return observed;
  }
  throw std::logic_error(std::string("no such address: ") + address);
}

EndpointObservation& World::endpoint(const char* id) { return seen.endpoints[index_of(id)]; }

void World::pull(const char* registry, const char* image, const char* layer_host) {
  options.depth = Depth::image;
  pulls.platform = "linux/amd64";
  const std::size_t endpoint = index_of(registry);
  const std::string host = plan.endpoints[endpoint].target.host;
  plan.images.push_back({image, parse_image(image).value(), endpoint});
  ImageObservation& seen_pull = pulls.images.emplace_back();
  seen_pull.suits = true;
  seen_pull.offered = {*parse_image_platform("linux/amd64")};
  seen_pull.layers = 1;
  seen_pull.bytes = 4000;
  const auto add = [&](PullStep step, const std::string& at, int status) {
    Hop& hop = seen_pull.hops.emplace_back();
    hop.step = step;
    hop.host = at;
    hop.end = HopEnd::answered;
    hop.peer = "10.0.1.11";
    hop.status = status;
    hop.first_byte = hop.elapsed = 5ms;
  };
  add(PullStep::manifest, host, 200);
  for (const PullStep step : {PullStep::config, PullStep::layer}) {
    add(step, host, *layer_host == '\0' ? 200 : 307);
    if (*layer_host != '\0') add(step, layer_host, 200);
  }
}

void World::pull_ends(PullStep step, HopEnd end, int status, const char* error, const char* message) {
  std::vector<Hop>& hops = pulls.images.back().hops;
  auto hop = std::find_if(hops.begin(), hops.end(), [step](const Hop& h) { return h.step == step; });
  if (step == PullStep::layer) hop = hops.end() - 1;
  hop->end = end;
  hop->status = status;
  hop->error = {error, message};
  if (end == HopEnd::no_answer) hop->elapsed = 3000ms;
  hops.erase(hop + 1, hops.end());
}

void World::pull_offers(const char* platform) {
  pulls.images.back().offered = {*parse_image_platform(platform)};
  pulls.images.back().suits = false;
  std::vector<Hop>& hops = pulls.images.back().hops;
  hops.erase(hops.begin() + 1, hops.end());
}

EndpointObservation& World::layer_host(std::initializer_list<const char*> addresses) {
  const Hop& last = pulls.images.back().hops.back();
  PlannedEndpoint planned;
  planned.id = last.host;
  planned.expects = EndpointType::none;
  planned.target.host = last.host;
  if (const auto known = recognise_bucket(last.host)) planned.service = known->service;
  pulls.hosts.push_back(planned);
  pulls.host_observations.push_back(answered(parse_all(addresses)));
  if (addresses.size() == 0) pulls.host_observations.back().dns->status = DnsStatus::not_found;
  for (AddressObservation& address : pulls.host_observations.back().addresses)
    end_tcp(address, TcpStatus::timeout, 0);
  return pulls.host_observations.back();
}

Report World::report() const {
  Observation all = seen;
  add_refusals(plan, pulls, all);
  return make_report(options, context, plan, all, pulls);
}

std::size_t World::index_of(const std::string& id) const {
  for (std::size_t i = 0; i < plan.endpoints.size(); ++i) {
    if (plan.endpoints[i].id == id) return i;
  }
  throw std::logic_error("no such endpoint: " + id);
}

std::string line_of(const Finding& finding) {
  std::string line = std::string(to_string(finding.severity)) + " " + finding.code;
  if (!finding.endpoint.empty()) line += " " + finding.endpoint;
  if (!finding.covers.empty()) {
    line += " [";
    for (const std::string& id : finding.covers) line += (id == finding.covers.front() ? "" : " ") + id;
    line += "]";
  }
  return line;
}

}  // namespace vpcprobe::scenarios
