// Stage 1: names that lead to this host, to no host, or to another one than their owner's.
#include <algorithm>

#include "agent/diagnosis/findings.h"
#include "agent/diagnosis/override.h"
#include "agent/diagnosis/texts.h"
#include "agent/diagnosis/words.h"

namespace vpcprobe {
namespace {

std::string override_words(const NameOverride& put_in) {
  if (put_in.use == "loopback") return "loopback, this host itself";
  if (put_in.use == "unspecified") return "the unspecified address, no host";
  if (put_in.leads_nowhere) return "reserved for " + put_in.use + ", no endpoint's";
  if (all_are(put_in.addresses, Reach::silent)) return put_in.use + ", and nothing answers there";
  return put_in.use + ", and what answers there is not AWS";
}

Findings check_name_overridden(const Case& scene, const Rule& rule) {
  Findings findings;
  const bool is_of_own_resolver = answers_are_of_own_resolver(scene);
  for (const Subject& subject : subjects_of(scene)) {
    NameOverride put_in = override_of(subject.planned, subject.seen);
    std::vector<std::string> sharing;
    for (const EndpointReport* other : with_one_answer(scene.plan, scene.endpoints, subject.seen))
      sharing.push_back(other->id);
    if (put_in.addresses.empty() && sharing.empty()) continue;
    if (put_in.addresses.empty()) {
      for (const AddressReport& address : subject.seen.addresses) put_in.addresses.push_back(&address);
      put_in.use = "one answer for " + enumerate(sharing);
      put_in.is_whole = true;
    }
    std::string observed =
        subject.seen.host + " resolves to " + address_words(put_in.addresses) + ": " + override_words(put_in);
    if (!put_in.is_whole) observed += "; the answer holds other addresses besides";
    Finding finding = about(rule, subject, put_in.addresses, std::move(observed));
    const bool refused = any_is(put_in.addresses, Reach::refused);
    add_evidence(finding, "use", put_in.use);
    add_evidence(finding, "leads_nowhere", put_in.leads_nowhere);
    add_evidence(finding, "dial_error", std::string(refused ? "connect: connection refused" : "i/o timeout"));
    add_evidence(finding, "shared_and_silent", !sharing.empty() && all_are(put_in.addresses, Reach::silent));
    // AWS: "BlockOverrideDnsType" of DNS Firewall's API has the one value CNAME.
    add_evidence(finding, "by_cname", !subject.seen.dns->cnames.empty());
    add_evidence(finding, "own_resolver", is_of_own_resolver);
    findings.push_back(std::move(finding));
  }
  return findings;
}

// What the conditions below name, besides what an endpoint is.
constexpr std::string_view kEvidence[] = {"by_cname", "own_resolver", "shared_and_silent"};

constexpr Rule kRows[] = {
    {
        .code = "name-overridden",
        .meaning =
            "the DNS answer leads the name to this host, to an address reserved for something else, or to a "
            "sinkhole",
        .title = "{name}: DNS leads the name to {addresses}, which is not the endpoint",
        .stage = 1,
        .check = check_name_overridden,
        .one_fault_if_same = "use",
        .ecs_reason = "dial tcp {address}:{port}: {dial_error}",
        .causes =
            {{{"dns-firewall-overrides",
               "a DNS Firewall rule of this VPC blocks the domain and overrides the answer", "by_cname"},
              {"private-zone-record",
               "a record in a private hosted zone of this VPC gives this address to the name"},
              {"proxy-for-all-names-filtered",
               "the address is a proxy that all these names lead to on purpose: then it is down, or its "
               "security group or the path there drops port {port}",
               "shared_and_silent"},
              {"own-resolver-sinkhole",
               "the resolver is one of your own, and its block list or hosts file gives this address",
               "own_resolver"},
              {"forwarding-target-sinkhole",
               "a Resolver rule forwards the domain to a resolver that puts this address in",
               "!own_resolver"}}},
        .fix = {{{"List the DNS Firewall rule groups of the VPC", show_dns_firewall, true, "by_cname"},
                 {"List the private hosted zones of the VPC", show_hosted_zones, true},
                 {list_resolver_rules, show_resolver_rules, true},
                 {"Show which resource has the address", show_interfaces, true, "shared_and_silent"},
                 {"Allow {hosts} in the DNS Firewall or block list, or delete the record or hosts entry that "
                  "overrides it"}}},
    },
};
static_assert(conditions_exist(kRows, kEvidence), "a cause or fix names a condition that no check sets");
static_assert(rows_are_complete(kRows), "a row lacks a code, a text, a cause or a fix");

}  // namespace

std::span<const Rule> overridden_rules() { return kRows; }

}  // namespace vpcprobe
