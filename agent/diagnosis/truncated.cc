// Stage 1: answers that do not fit into a datagram and do not come over TCP.
#include <algorithm>

#include "agent/base/add_once.h"
#include "agent/diagnosis/findings.h"
#include "agent/diagnosis/texts.h"
#include "agent/diagnosis/words.h"

namespace vpcprobe {
namespace {

/// The resolvers whose answer was cut off for good; none where every resolver gave the whole answer.
std::vector<std::string> truncating_resolvers(const DnsObservation& dns) {
  std::vector<std::string> resolvers;
  for (const ResolverAnswer& answer : dns.resolvers)
    if (answer.status == DnsStatus::truncated) resolvers.push_back(answer.resolver.to_string());
  return resolvers;
}

Findings check_answer_truncated(const Case& scene, const Rule& rule) {
  std::vector<const Subject*> failing;
  std::vector<const Subject*> touched;
  std::size_t asked = 0;
  std::vector<std::string> resolvers;
  const auto subjects = subjects_of(scene);
  for (const Subject& subject : subjects) {
    if (!subject.seen.dns) continue;
    ++asked;
    const auto truncating = truncating_resolvers(*subject.seen.dns);
    if (truncating.empty()) continue;
    add_once(resolvers, truncating);
    touched.push_back(&subject);
    if (subject.seen.dns->addresses.empty()) failing.push_back(&subject);
  }
  if (touched.empty()) return {};
  Finding finding =
      about_all(rule, failing.empty() ? touched : failing, {},
                "UDP answers from " + enumerate(resolvers) + " come truncated (TC) for " +
                    count_words(touched.size(), "name") + "; TCP port 53 is closed or gives no answer");
  if (failing.size() == asked) finding.covers.clear();
  finding.severity = failing.empty() ? Severity::warning : Severity::error;
  finding.addresses = resolvers;
  add_evidence(finding, "resolvers", resolvers);
  return {finding};
}

constexpr Rule kRows[] = {
    {
        .code = "answer-truncated",
        .meaning =
            "the resolver's UDP answers are truncated and TCP port 53 gives no answer; a warning where "
            "another resolver gives it",
        .title = "DNS answers are truncated, and TCP port 53 to the resolver is closed",
        .stage = 1,
        .task_wide = true,
        .check = check_answer_truncated,
        .ecs_reason = "dial tcp: lookup {host}: i/o timeout",
        .causes =
            {{{"group-or-acl-denies-tcp-53",
               "a security group, network ACL or firewall allows UDP port 53 to the resolver and not TCP "
               "port 53"},
              {"resolver-without-tcp", "the resolver does not listen on TCP port 53"},
              {"resolver-fails-over-tcp", "the resolver takes TCP connections and does not answer over them"},
              {"udp-answers-too-small",
               "the resolver limits its UDP answers, so that an answer with many addresses comes "
               "truncated"}}},
        .fix = {{{"Show the egress rules of the task's security group", show_task_group, true},
                 {"Show the network ACL of the task's subnet", show_network_acl, true},
                 {show_resolvers, show_dhcp_options, true},
                 {"Allow TCP port 53 to {resolvers}, not only UDP (RFC 7766)"}}},
    },
};
static_assert(conditions_exist(kRows, {}), "a cause or fix names a condition that no check sets");
static_assert(rows_are_complete(kRows), "a row lacks a code, a text, a cause or a fix");

}  // namespace

std::span<const Rule> truncated_rules() { return kRows; }

}  // namespace vpcprobe
