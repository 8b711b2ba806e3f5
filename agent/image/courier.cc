#include "agent/image/courier.h"

#include <algorithm>
#include <set>

#include "agent/base/http_status.h"
#include "agent/base/pause.h"
#include "agent/base/printable.h"
#include "agent/base/redact.h"
#include "agent/plan/reach.h"
#include "probes/base64.h"

namespace vpcprobe {
namespace {

constexpr std::size_t kMostRedirects = 4;
constexpr std::size_t kAtOnce = 8;  // as many layers as container runtimes fetch together, and some
constexpr std::size_t kMostHosts = 64;
constexpr std::size_t kMostSilences = 4;

std::string key_of(std::string_view host, std::uint16_t port) {
  return std::string(host) + ":" + std::to_string(port);
}

/// A host that the plan does not name: hosts of AWS are probed as the plan would, others up to TLS only.
PlannedEndpoint planned_host(const WebAddress& address) {
  PlannedEndpoint planned;
  planned.expects = EndpointType::none;
  planned.id = key_of(address.host, address.port);
  planned.target.host = address.host;
  planned.target.port = address.port;
  planned.target.until = Until::tls;
  if (const auto known = recognise_bucket(address.host)) {
    planned.service = known->service;
    planned.expects = known->service->expects;
    planned.region = known->values.region;
    planned.target.until = known->service->until;
    planned.target.method = known->service->method;
  }
  return planned;
}

std::vector<SocketAddress> working_addresses(const PlannedEndpoint& planned,
                                             const EndpointObservation& seen) {
  std::vector<SocketAddress> working;
  for (const AddressObservation& address : seen.addresses) {
    if (works(planned, address)) working.push_back({address.address, planned.target.port});
  }
  return working;
}

bool is_redirect(int status) {
  return status == 301 || status == 302 || status == 303 || status == 307 || status == 308;
}

HopEnd end_of(const HttpReply& reply) {
  switch (reply.failure) {
    case HttpFailure::none:
      return HopEnd::answered;
    case HttpFailure::too_long:
      return HopEnd::too_long;
    case HttpFailure::interrupted:
      return HopEnd::cancelled;
    case HttpFailure::timeout:
    case HttpFailure::connect:
      return HopEnd::no_answer;
    default:
      return HopEnd::cut_off;
  }
}

HopEnd end_of(AddressFault fault) {
  return fault == AddressFault::not_https ? HopEnd::redirect_to_plain_http : HopEnd::redirect_malformed;
}

std::string request_id_of(const HttpReply& reply, const std::vector<std::string>& secrets) {
  constexpr std::size_t longest = 128;
  std::string id(header_of(reply, "x-amzn-RequestId"));
  if (id.empty()) id = header_of(reply, "x-amz-request-id");
  for (const std::string& secret : secrets) id = without(std::move(id), secret);
  return printable(id.substr(0, longest), false);
}

/// The secrets that the request sends; a peer may echo them.
std::vector<std::string> secrets_of(const Errand& errand) {
  std::vector<std::string> secrets;
  const std::string_view authorization = errand.authorization;
  const std::size_t space = authorization.find(' ');
  if (space != std::string_view::npos) {
    secrets.emplace_back(authorization.substr(space + 1));
    const std::string login = decode_base64(secrets.front());  // "AWS:" and a password, of Basic
    if (authorization.starts_with("Basic ")) secrets.push_back(login.substr(login.find(':') + 1));
  }
  if (errand.signing) {
    const AwsKeys& keys = errand.signing->keys;
    secrets.insert(secrets.end(), {keys.session_token, keys.secret_access_key, keys.access_key_id});
  }
  return secrets;
}

void describe(Hop& hop, const HttpReply& reply, const Errand& errand) {
  hop.end = end_of(reply);
  hop.status = static_cast<int>(reply.status);
  hop.first_byte = reply.first_byte;
  hop.elapsed = reply.elapsed;
  hop.detail = reply.error;
  const std::vector<std::string> secrets = secrets_of(errand);
  hop.request_id = request_id_of(reply, secrets);
  if (hop.status >= http_status::first_error) hop.error = parse_remote_error(reply.body, secrets);
}

}  // namespace

/// An errand under way.
struct Courier::Trip {
  explicit Trip(const Errand& sent) : errand(&sent), at(sent.to) {}

  const Errand* errand;
  Delivery delivery;
  WebAddress at;
  std::set<std::string> visited;
  bool same_host = true;  ///< never left the first one
  bool over = false;

  Hop& begin_hop() {
    Hop hop;
    hop.step = errand->step;
    hop.host = at.host;
    hop.port = at.port;
    constexpr std::size_t longest = 256;
    if (delivery.hops.empty()) hop.path = at.path().substr(0, longest);
    hop.blob = errand->blob;
    return delivery.hops.emplace_back(std::move(hop));
  }

  void end(HopEnd how) {
    delivery.hops.back().end = how;
    over = true;
  }

  /// Goes on to where the answer points, or ends.
  void follow(const HttpReply& reply) {
    const Hop& hop = delivery.hops.back();
    over = true;
    if (hop.end != HopEnd::answered || !is_redirect(hop.status)) return;
    const ReadAddress next = read_address(header_of(reply, "Location"), at);
    if (next.fault != AddressFault::none) return end(end_of(next.fault));
    if (visited.size() > kMostRedirects || visited.contains(next.address.url()))
      return end(HopEnd::redirect_loop);
    same_host = same_host && next.address.same_host(at);
    at = next.address;
    over = false;
  }
};

bool Delivery::ok() const {
  return !hops.empty() && hops.back().end == HopEnd::answered &&
         hops.back().status < http_status::first_error;
}

Courier::Courier(const Plan& plan, const Observation& seen, const ProbeSettings& settings, TimePoint deadline,
                 const std::atomic<bool>& stop)
    : settings_(settings), deadline_(deadline), stop_(stop), tls_(settings.more_roots) {
  for (std::size_t i = 0; i < plan.endpoints.size() && i < seen.endpoints.size(); ++i) {
    const PlannedEndpoint& planned = plan.endpoints[i];
    Host& host = hosts_[key_of(planned.target.host, planned.target.port)];
    host.working = working_addresses(planned, seen.endpoints[i]);
  }
}

std::chrono::milliseconds Courier::left() const { return time_left(deadline_); }

bool Courier::is_over() const { return stop_ || left().count() == 0; }

void Courier::probe_unknown(const std::vector<Trip*>& trips) {
  std::vector<PlannedEndpoint> unknown;
  for (const Trip* trip : trips) {
    const bool is_new =
        hosts_.size() < kMostHosts && hosts_.try_emplace(key_of(trip->at.host, trip->at.port)).second;
    if (is_new) unknown.push_back(planned_host(trip->at));
  }
  if (unknown.empty()) return;
  std::vector<Target> targets;
  for (const PlannedEndpoint& planned : unknown) targets.push_back(planned.target);
  ProbeSettings settings = settings_;
  settings.deadline = left();
  Observation seen = run_probes(targets, {}, settings, stop_);
  for (std::size_t i = 0; i < unknown.size(); ++i) {
    Host& host = hosts_[key_of(targets[i].host, targets[i].port)];
    host.working = working_addresses(unknown[i], seen.endpoints[i]);
    host.seen = std::move(seen.endpoints[i]);
    probed_.push_back(std::move(unknown[i]));
  }
}

HttpRequest Courier::request_for(Trip& trip, const SocketAddress& peer) {
  const Errand& errand = *trip.errand;
  HttpRequest request;
  request.url = trip.at.url();
  request.headers = errand.headers;
  if (trip.same_host && !errand.authorization.empty())
    request.headers.push_back("Authorization: " + errand.authorization);
  request.timeout = errand.patient ? left() : std::min(settings_.stage_timeout, left());
  request.keep_body = errand.keep_body;
  request.max_body = errand.max_body;
  request.enough = errand.enough;
  request.peer = peer;
  request.trust = &tls_;
  if (trip.same_host) {
    request.method = errand.method;
    request.body = errand.body;
    request.signing = errand.signing;
  }
  return request;
}

void Courier::conclude(Trip& trip, HttpReply& reply) {
  Hop& hop = trip.delivery.hops.back();
  describe(hop, reply, *trip.errand);
  const bool unanswered = hop.end == HopEnd::no_answer || hop.end == HopEnd::cut_off;
  if (unanswered && is_over()) hop.end = HopEnd::cancelled;
  Host& host = hosts_[key_of(hop.host, hop.port)];
  host.silences = unanswered ? host.silences + 1 : 0;
  // Requests for its other layers would time out too, and take longer than a run may last.
  if (host.silences >= kMostSilences) host.working.clear();
  trip.follow(reply);
  if (trip.over) trip.delivery.reply = std::move(reply);
}

void Courier::send_some(const std::vector<Trip*>& trips) {
  std::vector<HttpRequest> requests;
  std::vector<Trip*> sent;
  for (Trip* trip : trips) {
    trip->visited.insert(trip->at.url());
    Hop& hop = trip->begin_hop();
    const auto host = hosts_.find(key_of(trip->at.host, trip->at.port));
    if (is_over()) {
      trip->end(HopEnd::cancelled);
    } else if (host == hosts_.end() || host->second.working.empty()) {
      trip->end(HopEnd::not_reached);
    } else {
      const std::vector<SocketAddress>& working = host->second.working;
      const SocketAddress& peer = working[host->second.next++ % working.size()];
      hop.peer = peer.address.to_string();
      requests.push_back(request_for(*trip, peer));
      sent.push_back(trip);
    }
  }
  if (sent.empty()) return;
  std::vector<HttpReply> replies = fetch(requests, stop_);
  for (std::size_t i = 0; i < sent.size(); ++i) {
    conclude(*sent[i], replies[i]);
  }
}

void Courier::advance(std::vector<Trip*>& trips) {
  probe_unknown(trips);
  for (std::size_t begin = 0; begin < trips.size(); begin += kAtOnce) {
    const std::size_t count = std::min(kAtOnce, trips.size() - begin);
    const auto first = trips.begin() + static_cast<std::ptrdiff_t>(begin);
    send_some({first, first + static_cast<std::ptrdiff_t>(count)});
  }
  std::erase_if(trips, [](const Trip* trip) { return trip->over; });
}

std::vector<Delivery> Courier::send(const std::vector<Errand>& errands) {
  std::vector<Trip> trips(errands.begin(), errands.end());
  std::vector<Trip*> under_way;
  for (Trip& trip : trips) under_way.push_back(&trip);
  while (!under_way.empty()) advance(under_way);
  std::vector<Delivery> deliveries;
  for (Trip& trip : trips) deliveries.push_back(std::move(trip.delivery));
  return deliveries;
}

void Courier::take_hosts(PullObservation& out) {
  for (PlannedEndpoint& planned : probed_) {
    const Target& target = planned.target;
    out.host_observations.push_back(std::move(hosts_[key_of(target.host, target.port)].seen));
    out.hosts.push_back(std::move(planned));
  }
  probed_.clear();
}

}  // namespace vpcprobe
