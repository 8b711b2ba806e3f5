// Stage 6: image layers, which another host stores than the registry.
#include "agent/base/http_status.h"
#include "agent/diagnosis/findings.h"
#include "agent/diagnosis/pull_findings.h"
#include "agent/diagnosis/texts.h"
#include "agent/diagnosis/words.h"
#include "agent/image/pull_refusals.h"
#include "agent/image/registry_login.h"
#include "agent/image/report.h"

namespace vpcprobe {
namespace {

bool is_layer_unreachable(const ImageReport& image, const Hop& hop) {
  return is_layer_store(image, hop) && (hop.end == HopEnd::not_reached || is_unanswered(hop));
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

/// How the path to the layers ends: in a sentence, and as Go would say it to ECS.
struct PathEnd {
  std::string observed;
  std::string go;
  const char* kind = "";  ///< the evidence that it is: "closed", "unresolved", "stalled", or none of them
};

PathEnd end_of_path(const EndpointReport* endpoint, const Hop& hop) {
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
  const PathEnd path = end_of_path(endpoint, hop);
  finding.addresses = address_texts(addresses_of(endpoint));
  finding.observed = pulls_of(failing) + ": the registry answers and sends to " + hop.host +
                     " for the layers; " + path.observed;
  add_store_evidence(finding, scene, hop);
  for (const std::string_view kind : {"closed", "unresolved", "stalled"})
    add_evidence(finding, kind.data(), kind == path.kind);
  add_evidence(finding, "failure", path.go);
}

void tell_denied(const Case& scene, const std::vector<Failing>& failing, Finding& finding) {
  const Hop& hop = *failing.front().hop;
  finding.addresses = {hop.peer};
  finding.observed = pulls_of(failing) + ": the registry gave a link to " + hop.host + ", which answers " +
                     answer_words(hop);
  add_store_evidence(finding, scene, hop);
  add_evidence(finding, "link_expired", hop.error.message.find("expired") != std::string::npos);
}

Findings check_layer_unreachable(const Case& scene, const Rule& rule) {
  return by_endpoint<is_layer_unreachable>(scene, rule, tell_unreachable);
}

Findings check_layer_denied(const Case& scene, const Rule& rule) {
  return by_endpoint<is_layer_denied>(scene, rule, tell_denied);
}

constexpr const char* link_expired =
    "the link to the layer had expired: the clock here is wrong, or the pull is very slow";

// What the conditions below name, besides what an endpoint is.
constexpr std::string_view kEvidence[] = {"closed",      "link_expired", "other_region",
                                          "other_store", "stalled",      "unresolved"};

constexpr Rule kRows[] = {
    {
        .code = "layer-unreachable",
        .meaning = "the registry answers, and the host it sends to for the layers does not: no name, no TCP, "
                   "no TLS or no answer",
        .title = "The image's layers cannot be fetched: their host does not answer",
        .stage = 6,
        .check = check_layer_unreachable,
        .ecs_reason = "{failure}",
        .causes = {{{"layer-host-has-no-address",
                     "the name of the layers' host does not resolve here: a private hosted zone or a DNS "
                     "firewall rule stands over it",
                     "unresolved"},
                    {"task-group-lists-some-of-s3",
                     "the task's security group lets 443 out to some addresses of S3 only: it needs the "
                     "whole prefix list {service_name}",
                     "closed gateway !other_region"},
                    {"routes-for-some-of-s3",
                     "the route table of this subnet has routes to some of S3 only, not the gateway "
                     "endpoint's prefix list",
                     "closed gateway !other_region"},
                    {"registry-in-another-region",
                     "the registry is in another region: a gateway endpoint serves its own region only",
                     "closed other_region"},
                    {"no-path-to-layer-host",
                     "this subnet has no path to the host where the registry keeps its layers",
                     "closed other_store"},
                    {"mtu-black-hole", mtu_black_hole, "stalled"},
                    {"firewall-denies-layer-host",
                     "a firewall or proxy on the path does not let {hop_host} through", "!unresolved"}}},
        .fix =
            {{{"List the private hosted zones of the VPC", show_hosted_zones, true, "unresolved"},
              {"List the Resolver forwarding rules and their targets", show_resolver_rules, true,
               "unresolved"},
              {"Put {hop_host} into the zone that stands over it, or take the zone or rule away", "", false,
               "unresolved"},
              {"Show the subnet's route table", show_routes, true, "!unresolved"},
              {"Show the egress rules of the task's security group", show_task_group, true, "closed"},
              {"Show the prefix list's id", show_prefix_list, true, "closed gateway !other_region"},
              {"Open 443 to the prefix list, if that is missing", allow_task_out_to_prefix_list, false,
               "closed gateway !other_region"},
              {"Create the gateway endpoint, if there is none", create_gateway_endpoint, false,
               "closed gateway !other_region"},
              {"Give this subnet a path to {hop_host} (a NAT route), or keep the image in ECR of this region",
               "", false, "!unresolved"}}},
        .masked_by = {"resolver-silent",
                      "name-not-found",
                      "name-empty",
                      "name-server-failure",
                      "name-timeout",
                      "no-private-names",
                      "network-unreachable",
                      "all-filtered",
                      "interface-endpoints-filtered",
                      "private-name-missing",
                      "gateway-route-missing",
                      "endpoint-filtered",
                      "endpoint-refused",
                      "no-route",
                      "tls-stalled",
                      "tls-reset",
                      "tls-not-spoken",
                      "tls-version-refused",
                      "certificate-untrusted",
                      "certificate-name-mismatch",
                      "certificate-expired",
                      "certificate-not-yet-valid",
                      "http-silent",
                      "http-not-aws"},
    },
    {
        .code = "layer-denied",
        .meaning = "the host of an image layer refuses the registry's link (HTTP 403): for ECR, the policy "
                   "of the S3 endpoint",
        .title = "The image's layers are refused: the manifest came, {name} answers 403",
        .stage = 6,
        .check = check_layer_denied,
        .blame = Blame::permission,
        .ecs_reason = "unexpected status code",
        .causes =
            {{{"layer-link-expired", link_expired, "link_expired"},
              {"s3-endpoint-policy-denies-layers",
               "the policy of the S3 endpoint does not allow s3:GetObject on ECR's own bucket, "
               "arn:{partition}:s3:::{layer_bucket}/* (a NAT route cannot go around a gateway endpoint)",
               "!other_store"},
              {"layer-store-wants-login",
               "the registry or its store wants a login that it did not get, or does not serve this address",
               "other_store"},
              {"layer-link-expired", link_expired, "!link_expired"},
              {"organization-or-proxy-denies-layers", "a policy of the organization or a proxy refuses",
               "!other_store"},
              {"proxy-refuses-layers", "a proxy or filter on the path refuses", "other_store"}}},
        .fix = {{{"Show the policy of the S3 endpoint", show_endpoint_policy, true, "!other_store"},
                 {"Allow s3:GetObject on arn:{partition}:s3:::{layer_bucket}/* there", set_endpoint_policy,
                  false, "!other_store"},
                 {"Ask those who run the registry why {hop_host} refuses", "", false, "other_store"}}},
    },
};
static_assert(conditions_exist(kRows, kEvidence), "a cause or fix names a condition that no check sets");
static_assert(rows_are_complete(kRows), "a row lacks a code, a text, a cause or a fix");

}  // namespace

std::span<const Rule> layers_rules() { return kRows; }

}  // namespace vpcprobe
