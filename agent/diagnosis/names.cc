// Stage 1: names that have no address.
#include <algorithm>

#include "agent/diagnosis/findings.h"
#include "agent/diagnosis/texts.h"
#include "agent/diagnosis/words.h"

namespace vpcprobe {
namespace {

std::string answers_words(const DnsObservation& dns) {
  std::vector<std::string> words;
  for (const ResolverAnswer& answer : dns.resolvers) {
    words.push_back(std::string(dns_words(answer.status)) + " from " + answer.resolver.to_string());
  }
  return words.empty() ? std::string(dns_words(dns.status)) : enumerate(words);
}

std::string signature(const DnsObservation& dns) {
  std::string text;
  for (const ResolverAnswer& answer : dns.resolvers) {
    text += answer.resolver.to_string() + "=" + std::string(to_string(answer.status)) + " ";
  }
  return text;
}

/// Names that no resolver gives an address for, by the status that the first answer had.
Findings failing_names(const Case& scene, const Rule& rule, std::initializer_list<DnsStatus> statuses) {
  Findings findings;
  for (const Subject& subject : subjects_of(scene)) {
    const auto& dns = subject.seen.dns;
    if (!dns || !dns->addresses.empty() || !subject.seen.addresses.empty()) continue;
    if (std::find(statuses.begin(), statuses.end(), dns->status) == statuses.end()) continue;
    const std::string alias =
        dns->cnames.empty() ? "" : ", at the end of an alias (CNAME) to " + dns->cnames.back();
    Finding finding = about(
        rule, subject, {},
        subject.seen.host + ": " + answers_words(*dns) + " after " + duration_words(dns->elapsed) + alias);
    if (!alias.empty()) add_evidence(finding, "alias", true);
    add_evidence(finding, "dns_status", std::string(to_string(dns->status)));
    add_evidence(finding, "resolver_answers", signature(*dns));
    findings.push_back(std::move(finding));
  }
  return findings;
}

Findings check_name_not_found(const Case& scene, const Rule& rule) {
  return failing_names(scene, rule, {DnsStatus::not_found});
}

Findings check_name_empty(const Case& scene, const Rule& rule) {
  return failing_names(scene, rule, {DnsStatus::no_data});
}

Findings check_name_server_failure(const Case& scene, const Rule& rule) {
  return failing_names(scene, rule, {DnsStatus::server_failure, DnsStatus::refused, DnsStatus::malformed});
}

Findings check_name_timeout(const Case& scene, const Rule& rule) {
  return failing_names(scene, rule, {DnsStatus::timeout, DnsStatus::unreachable});
}

constexpr const char* show_mount_targets =
    "aws efs describe-mount-targets --region {region} --file-system-id <fs-id>";
constexpr const char* no_mount_target =
    "the file system has no mount target in the task's zone, or is of another VPC";

constexpr const char* dns_attributes_off = "enableDnsSupport or enableDnsHostnames is off in this VPC";

constexpr const char* no_such_host = "dial tcp: lookup {host} on {resolver}: no such host";

constexpr Rule kRows[] = {
    {
        .code = "name-not-found",
        .meaning = "the name does not exist for these resolvers (NXDOMAIN)",
        .title = "{name}: the DNS name does not exist here (NXDOMAIN)",
        .stage = 1,
        .check = check_name_not_found,
        .one_fault_if_same = "resolver_answers",
        .ecs_reason = no_such_host,
        .causes =
            {{{"no-mount-target-in-zone", no_mount_target, "mount_target"},
              {"dns-support-or-hostnames-off", dns_attributes_off, "mount_target"},
              {"private-zone-alias-to-nothing",
               "a private hosted zone of this VPC has an alias (CNAME) for the name, and what it points to "
               "does not exist: an endpoint that was deleted, for example",
               "alias"},
              {"dns-firewall-alias-to-nothing", "a DNS firewall rule overrides the answer with that alias",
               "alias"},
              {"private-zone-lacks-record",
               "a private hosted zone of this VPC covers the name's domain and has no record for it",
               "!alias"},
              {"dns-firewall-nxdomain", "a DNS firewall rule answers NXDOMAIN", "!alias"},
              {"own-resolver-lacks-domain",
               "a resolver of your own does not know the domain and does not forward it"},
              {"service-not-in-region", "the service does not exist in this region, or the name is misspelt",
               "!alias"}}},
        .fix = {{{"List the mount targets of the file system", show_mount_targets, true, "mount_target"},
                 {"List the private hosted zones of the VPC", show_hosted_zones, true},
                 {"List the DNS Firewall rule groups of the VPC", show_dns_firewall, true},
                 {"List the Resolver forwarding rules and their targets", show_resolver_rules, true},
                 {"Add the record to the private zone, or take the zone off this VPC", nullptr, false,
                  "!alias"},
                 {"Delete the alias, or point it to what exists", nullptr, false, "alias"}}},
    },
    {
        .code = "name-empty",
        .meaning = "the name exists and has no address (NODATA)",
        .title = "{name}: the DNS name has no address (NODATA)",
        .stage = 1,
        .check = check_name_empty,
        .one_fault_if_same = "resolver_answers",
        .ecs_reason = no_such_host,
        .causes = {{{"no-mount-target-in-zone", no_mount_target, "mount_target"},
                    {"dns-support-or-hostnames-off", dns_attributes_off, "mount_target"},
                    {"dns-firewall-nodata", "a DNS firewall rule answers NODATA"},
                    {"private-zone-lacks-a-record",
                     "a private hosted zone of this VPC has the name, and no A record at it"},
                    {"addresses-of-other-ip-version",
                     "the name has addresses of the other IP version only"}}},
        .fix = {{{"List the mount targets of the file system", show_mount_targets, true, "mount_target"},
                 {"List the DNS Firewall rule groups of the VPC", show_dns_firewall, true},
                 {"List the private hosted zones of the VPC", show_hosted_zones, true},
                 {"Allow the domain in the DNS firewall, or complete the record"}}},
    },
    {
        .code = "name-server-failure",
        .meaning = "the resolver answers, but with SERVFAIL, REFUSED or something that is not DNS",
        .title = "{name} cannot be looked up: the resolver fails",
        .stage = 1,
        .check = check_name_server_failure,
        .one_fault_if_same = "resolver_answers",
        .ecs_reason = "dial tcp: lookup {host} on {resolver}: server misbehaving",
        .causes =
            {{{"forwarding-rule-target-fails",
               "a forwarding rule sends the domain to a resolver that does not answer, or may not be asked"},
              {"own-resolver-cut-off",
               "a resolver of your own cannot reach Amazon's resolver, or refuses clients of this subnet"},
              {"dnssec-validation-fails", "DNSSEC validation fails for the domain"}}},
        .fix = {{{list_resolver_rules, show_resolver_rules, true},
                 {show_resolvers, show_dhcp_options, true},
                 {"Forward the AWS domains to Amazon's resolver at the VPC's base address + 2"}}},
    },
    {
        .code = "name-timeout",
        .meaning = "the resolvers answer other questions, but not this one",
        .title = "{name} cannot be looked up: no answer for this name",
        .stage = 1,
        .check = check_name_timeout,
        .one_fault_if_same = "resolver_answers",
        .ecs_reason = "dial tcp: lookup {host} on {resolver}: i/o timeout",
        .causes = {{{"forwarding-target-silent",
                     "the resolver forwards this domain to a server that does not answer"},
                    {"dns-packet-limit",
                     "DNS answers get lost: more than 1024 packets a second from one network interface are "
                     "dropped"}}},
        .fix = {{{list_resolver_rules, show_resolver_rules, true},
                 {"Forward the domain to Amazon's resolver at the VPC's base address + 2"}}},
        .masked_by = {"resolver-silent"},
    },
};
constexpr std::string_view kEvidence[] = {"alias"};
static_assert(conditions_exist(kRows, kEvidence), "a cause or fix names a condition that no check sets");
static_assert(rows_are_complete(kRows), "a row lacks a code, a text, a cause or a fix");

}  // namespace

std::span<const Rule> names_rules() { return kRows; }

}  // namespace vpcprobe
