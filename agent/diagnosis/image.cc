// Stage 6: what the rehearsed pull of each image came to, and stage 4 where an answer is none.
#include <algorithm>
#include <map>

#include "agent/base/http_status.h"
#include "agent/diagnosis/findings.h"
#include "agent/diagnosis/words.h"
#include "agent/image/pull_refusals.h"
#include "agent/image/registry_login.h"
#include "agent/image/report.h"

namespace vpcprobe {
namespace {
constexpr std::string_view kNameUnknown = "NAME_UNKNOWN";  // distribution specification, "Error Codes"

/// A pull that fails, and the hop that shows it.
struct Failing {
  const ImageReport* image;
  const Hop* hop;
};

bool is_blob(const Hop& hop) { return hop.step == PullStep::config || hop.step == PullStep::layer; }

/// A blob's host that the registry sent the pull to.
bool is_layer_store(const ImageReport& image, const Hop& hop) {
  return is_blob(hop) && (hop.host != image.registry || hop.port != image.port);
}

bool is_answer(const Hop& hop, int status) { return hop.end == HopEnd::answered && hop.status == status; }

bool is_unanswered(const Hop& hop) { return hop.end == HopEnd::no_answer || hop.end == HopEnd::cut_off; }

bool lacks_repository(const ImageReport&, const Hop& hop) {
  return is_answer(hop, http_status::not_found) && hop.error.code == kNameUnknown;
}

bool has_repository_hop(const ImageReport& image) {
  return std::any_of(image.seen.hops.begin(), image.seen.hops.end(),
                     [&](const Hop& hop) { return lacks_repository(image, hop); });
}

/// A 404 without a registry's error code comes from something that is no registry.
bool lacks_image(const ImageReport& image, const Hop& hop) {
  return hop.step == PullStep::manifest && is_answer(hop, http_status::not_found) &&
         !hop.error.code.empty() && !has_repository_hop(image);
}

bool lacks_platform(const ImageReport& image, const Hop& hop) {
  const bool decides = hop.step == PullStep::manifest || hop.step == PullStep::config;
  return decides && hop.end == HopEnd::answered && hop.status < http_status::first_error &&
         image.seen.suits == false;
}

bool is_layer_unreachable(const ImageReport& image, const Hop& hop) {
  return is_layer_store(image, hop) && (hop.end == HopEnd::not_reached || is_unanswered(hop));
}

bool is_layer_denied(const ImageReport& image, const Hop& hop) {
  return is_layer_store(image, hop) && is_answer(hop, http_status::forbidden);
}

/// The registry sends to a host that is none of the plan's, for something else than a layer.
bool is_led_elsewhere(const ImageReport& image, const Hop& hop) {
  return !is_blob(hop) && hop.step != PullStep::login && hop.host != image.registry;
}

std::size_t registry_place(const Case& scene, const ImageReport& image) {
  const auto& endpoints = scene.plan.endpoints;
  const auto registry = std::find_if(endpoints.begin(), endpoints.end(),
                                     [&](const PlannedEndpoint& p) { return p.id == image.endpoint; });
  return static_cast<std::size_t>(registry - endpoints.begin());
}

/// Of a registry that wants a login of its own, or of the token server that it names.
bool is_login_refusal(const PlannedEndpoint& registry, const ImageReport& image, const Hop& hop) {
  const bool refused = is_answer(hop, http_status::unauthorized) || is_answer(hop, http_status::forbidden);
  return refused && !wants_aws_login(registry) && !is_layer_store(image, hop);
}

/// A challenge that the pull could answer is none: a token is asked for after it.
bool wants_login(const PlannedEndpoint& registry, const ImageReport& image, const Hop& hop) {
  if (!is_login_refusal(registry, image, hop)) return false;
  const std::vector<Hop>& hops = image.seen.hops;
  const auto next = hops.begin() + (&hop - hops.data()) + 1;
  return std::none_of(next, hops.end(), [&](const Hop& later) {
    return later.step == PullStep::token || is_login_refusal(registry, image, later);
  });
}

/// What no other code speaks of, so that no pull fails without a finding.
bool is_unusable(const PlannedEndpoint& registry, const ImageReport& image, const Hop& hop) {
  if (hop.step == PullStep::repository || hop.end == HopEnd::cancelled) return false;
  if (hop.end == HopEnd::not_reached) return is_led_elsewhere(image, hop);
  if (is_unanswered(hop)) return !is_layer_store(image, hop);
  if (hop.end != HopEnd::answered) return true;
  if (hop.status < http_status::first_error || is_call(registry, hop)) return false;
  const bool missing =
      lacks_repository(image, hop) || lacks_image(image, hop) ||
      (hop.step == PullStep::manifest && is_answer(hop, http_status::not_found) && has_repository_hop(image));
  return !missing && !is_layer_denied(image, hop) && !is_login_refusal(registry, image, hop);
}

const EndpointReport* host_report(const Case& scene, const Hop& hop) {
  for (const std::vector<EndpointReport>* list : {&scene.image_hosts, &scene.endpoints}) {
    for (const EndpointReport& endpoint : *list) {
      if (endpoint.host == hop.host && endpoint.port == hop.port) return &endpoint;
    }
  }
  return nullptr;
}

AddressList addresses_of(const EndpointReport* endpoint) {
  return endpoint == nullptr ? AddressList{} : counting_addresses(*endpoint).all();
}

std::vector<std::string> names_of(const std::vector<Failing>& failing) {
  std::vector<std::string> names;
  for (const Failing& one : failing) names.push_back(one.image->image);
  return names;
}

/// "HTTP 404 NAME_UNKNOWN "repository name not known to registry"".
std::string answer_words(const Hop& hop) {
  std::string words = "HTTP " + std::to_string(hop.status);
  if (!hop.error.code.empty()) words += " " + hop.error.code;
  if (!hop.error.message.empty()) words += " \"" + hop.error.message + "\"";
  if (!hop.request_id.empty()) words += " (request " + hop.request_id + ")";
  return words;
}

void add_hop_evidence(Finding& finding, const std::vector<Failing>& failing, const PlannedEndpoint& planned) {
  const auto& [image, hop] = failing.front();
  add_evidence(finding, "images", names_of(failing));
  add_evidence(finding, "image", image->image);
  add_evidence(finding, "repository", image->repository);
  add_evidence(finding, "reference", image->reference);
  add_evidence(finding, "step", std::string(to_string(hop->step)));
  add_evidence(finding, "hop_host", hop->host);
  add_evidence(finding, "hop_end", std::string(to_string(hop->end)));
  add_evidence(finding, "http_status", static_cast<std::int64_t>(hop->status));
  add_evidence(finding, "error_code", hop->error.code);
  add_evidence(finding, "error_message", hop->error.message);
  add_evidence(finding, "elsewhere", planned.service == nullptr || planned.service->exit_unit == 0);
}

using Shows = bool (*)(const ImageReport&, const Hop&);
using ShowsAtRegistry = bool (*)(const PlannedEndpoint& registry, const ImageReport&, const Hop&);
using Tell = void (*)(const Case&, const std::vector<Failing>&, Finding&);

/// One finding for each endpoint at which pulls fail in this way; an image counts once.
Findings by_endpoint(const Case& scene, const Rule& rule, ShowsAtRegistry shows, Tell tell) {
  std::map<const PlannedEndpoint*, std::vector<Failing>> failing;
  for (const ImageReport& image : scene.images) {
    const std::size_t place = registry_place(scene, image);
    const PlannedEndpoint& registry = scene.plan.endpoints[place];
    const auto& hops = image.seen.hops;
    const auto hop =
        std::find_if(hops.begin(), hops.end(), [&](const Hop& h) { return shows(registry, image, h); });
    if (hop == hops.end()) continue;
    failing[&scene.plan.endpoints[endpoint_of(scene.plan, place, *hop)]].push_back({&image, &*hop});
  }
  Findings findings;
  for (const Subject& subject : subjects_of(scene)) {
    const auto found = failing.find(&subject.planned);
    if (found == failing.end()) continue;
    Finding finding = about(rule, subject, {}, "");
    add_hop_evidence(finding, found->second, subject.planned);
    tell(scene, found->second, finding);
    findings.push_back(std::move(finding));
  }
  return findings;
}

template <Shows shows>
Findings by_endpoint(const Case& scene, const Rule& rule, Tell tell) {
  const auto at_registry = [](const PlannedEndpoint&, const ImageReport& image, const Hop& hop) {
    return shows(image, hop);
  };
  return by_endpoint(scene, rule, at_registry, tell);
}

std::string pulls_of(const std::vector<Failing>& failing) {
  return "pulling " + enumerate(names_of(failing), 3);
}

void tell_answer(const Case&, const std::vector<Failing>& failing, Finding& finding) {
  const Hop& hop = *failing.front().hop;
  finding.observed = pulls_of(failing) + ": " + hop.host + " answers " + answer_words(hop);
}

void tell_platform(const Case&, const std::vector<Failing>& failing, Finding& finding) {
  const ImageReport& image = *failing.front().image;
  std::vector<std::string> offered;
  for (const ImagePlatform& platform : image.seen.offered) offered.push_back(platform.to_string());
  if (offered.empty()) offered.emplace_back("no platform at all");
  finding.observed =
      pulls_of(failing) + ": wanted is " + image.platform + ", the image has " + enumerate(offered, 6);
  add_evidence(finding, "platform", image.platform);
  add_evidence(finding, "platform_seen", true);
  add_evidence(finding, "offered", offered);
}

/// How Go ends ECS's message for an answer of no use; "…" where its words are not known.
std::string go_words(const Hop& hop) {
  switch (hop.end) {
    case HopEnd::answered:
      return "unexpected status code " + std::to_string(hop.status);
    case HopEnd::no_answer:
      return "i/o timeout";
    case HopEnd::cut_off:
      return hop.status > 0 ? "unexpected EOF" : "…";
    case HopEnd::redirect_loop:
      return "stopped after 10 redirects";
    default:
      return "…";
  }
}

/// How the way to the layers ends: in a sentence, and as Go would say it to ECS.
struct WayEnd {
  std::string observed;
  std::string go;
  const char* kind = "";  ///< the evidence that it is: "closed", "unresolved", "stalled", or none of them
};

WayEnd end_of_way(const EndpointReport* endpoint, const Hop& hop) {
  const std::string port = ":" + std::to_string(hop.port);
  const AddressList all = addresses_of(endpoint);
  if (hop.end == HopEnd::cut_off) return {hop_end_words(hop), go_words(hop)};
  if (hop.end == HopEnd::no_answer) {
    return {"no complete answer from " + hop.peer + " in " + duration_words(hop.elapsed),
            "read tcp " + hop.peer + port + ": i/o timeout", "stalled"};
  }
  if (all.empty()) {
    const DnsStatus status =
        endpoint != nullptr && endpoint->dns ? endpoint->dns->status : DnsStatus::cancelled;
    return {
        "its name gives no address: " + std::string(dns_words(status)),
        "dial tcp: lookup " + hop.host + (status == DnsStatus::timeout ? ": i/o timeout" : ": no such host"),
        "unresolved"};
  }
  const std::string first = "dial tcp " + all.front()->seen.address.to_string() + port + ": ";
  if (is_closed(all)) return {connect_sentence(all), first + "i/o timeout", "closed"};
  if (!any_is(all, Reach::connects)) return {connect_sentence(all), first + "connect: connection refused"};
  const AddressReport& connecting = *with(all, Reach::connects).front();
  if (connecting.seen.tls && connecting.seen.tls->status == TlsStatus::ok)
    return {address_words(all) + " connect, and something else than AWS answers", "EOF"};
  const std::string tls =
      connecting.seen.tls ? std::string(to_string(connecting.seen.tls->status)) : "not tried";
  return {address_words(all) + " connect, and TLS ends with " + tls, "net/http: TLS handshake timeout"};
}

/// The bucket in "BUCKET.s3.REGION.amazonaws.com"; empty for a host that is not S3's.
std::string bucket_of(const Hop& hop) {
  const auto known = recognise_bucket(hop.host);
  return known ? known->values.bucket : std::string();
}

void add_store_evidence(Finding& finding, const Case& scene, const Hop& hop) {
  const auto known = recognise_bucket(hop.host);
  add_evidence(finding, "other_store", !known);
  add_evidence(finding, "other_region", known && known->values.region != scene.plan.region);
  if (const std::string bucket = bucket_of(hop); !bucket.empty())
    add_evidence(finding, "layer_bucket", bucket);
}

void tell_unreachable(const Case& scene, const std::vector<Failing>& failing, Finding& finding) {
  const Hop& hop = *failing.front().hop;
  const EndpointReport* endpoint = host_report(scene, hop);
  const WayEnd way = end_of_way(endpoint, hop);
  finding.addresses = address_texts(addresses_of(endpoint));
  finding.observed = pulls_of(failing) + ": the registry answers and sends to " + hop.host +
                     " for the layers; " + way.observed;
  add_store_evidence(finding, scene, hop);
  for (const std::string_view kind : {"closed", "unresolved", "stalled"})
    add_evidence(finding, kind.data(), kind == way.kind);
  add_evidence(finding, "failure", way.go);
}

void tell_denied(const Case& scene, const std::vector<Failing>& failing, Finding& finding) {
  const Hop& hop = *failing.front().hop;
  finding.addresses = {hop.peer};
  finding.observed = pulls_of(failing) + ": the registry gave a link to " + hop.host + ", which answers " +
                     answer_words(hop);
  add_store_evidence(finding, scene, hop);
  add_evidence(finding, "link_expired", hop.error.message.find("expired") != std::string::npos);
}

void tell_unusable(const Case&, const std::vector<Failing>& failing, Finding& finding) {
  const Hop& hop = *failing.front().hop;
  const bool readable = hop.end == HopEnd::answered;
  std::string what = readable ? answer_words(hop) : hop_end_words(hop);
  finding.observed = pulls_of(failing) + ": " + hop.host + ", asked for the " +
                     std::string(to_string(hop.step)) + ": " + what;
  add_evidence(finding, "server_error", readable && hop.status >= http_status::first_server_error);
  add_evidence(finding, "stalled", hop.end == HopEnd::no_answer);
  add_evidence(finding, "cut_off", hop.end == HopEnd::cut_off);
  add_evidence(finding, "bad_redirect",
               hop.end == HopEnd::redirect_loop || hop.end == HopEnd::redirect_malformed ||
                   hop.end == HopEnd::redirect_to_plain_http);
  add_evidence(finding, "failure", go_words(hop));
}

/// A registry says why it refuses; what says nothing may stand before it.
void tell_login(const Case& scene, const std::vector<Failing>& failing, Finding& finding) {
  tell_answer(scene, failing, finding);
  const Hop& hop = *failing.front().hop;
  const bool unexplained = hop.status == http_status::forbidden && hop.error.code.empty();
  add_evidence(finding, "unexplained", unexplained);
  if (unexplained) finding.severity = Severity::warning;
}

}  // namespace

Findings check_repository_not_found(const Case& scene, const Rule& rule) {
  return by_endpoint<lacks_repository>(scene, rule, tell_answer);
}

Findings check_image_not_found(const Case& scene, const Rule& rule) {
  return by_endpoint<lacks_image>(scene, rule, tell_answer);
}

Findings check_image_platform_mismatch(const Case& scene, const Rule& rule) {
  return by_endpoint<lacks_platform>(scene, rule, tell_platform);
}

Findings check_layer_unreachable(const Case& scene, const Rule& rule) {
  return by_endpoint<is_layer_unreachable>(scene, rule, tell_unreachable);
}

Findings check_layer_denied(const Case& scene, const Rule& rule) {
  return by_endpoint<is_layer_denied>(scene, rule, tell_denied);
}

Findings check_registry_answer_unusable(const Case& scene, const Rule& rule) {
  return by_endpoint(scene, rule, is_unusable, tell_unusable);
}

Findings check_registry_login_required(const Case& scene, const Rule& rule) {
  return by_endpoint(scene, rule, wants_login, tell_login);
}

}  // namespace vpcprobe
