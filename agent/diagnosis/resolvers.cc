// Stage 1: the resolvers: whether each answers, and whether they agree.
#include <algorithm>
#include <map>
#include <set>

#include "agent/aws/amazon_resolver.h"
#include "agent/diagnosis/findings.h"
#include "agent/diagnosis/texts.h"
#include "agent/diagnosis/words.h"

namespace vpcprobe {
namespace {

bool is_mute(DnsStatus status) { return status == DnsStatus::timeout || status == DnsStatus::unreachable; }

/// How one resolver answered all questions of a run.
struct ResolverTally {
  SocketAddress resolver;
  bool any_unreachable = false;
  std::size_t mute = 0;      ///< questions without an answer
  std::size_t answered = 0;  ///< any answer, good or bad
};

void count_answers(const EndpointReport& endpoint, std::vector<ResolverTally>& tallies) {
  if (!endpoint.dns) return;
  for (const ResolverAnswer& answer : endpoint.dns->resolvers) {
    auto at = std::find_if(tallies.begin(), tallies.end(),
                           [&](const ResolverTally& t) { return t.resolver == answer.resolver; });
    if (at == tallies.end()) at = tallies.insert(at, ResolverTally{answer.resolver});
    if (answer.status == DnsStatus::cancelled) continue;
    if (is_mute(answer.status)) {
      ++at->mute;
      at->any_unreachable |= answer.status == DnsStatus::unreachable;
    } else {
      ++at->answered;
    }
  }
}

std::vector<ResolverTally> tally_resolvers(const Case& scene) {
  std::vector<ResolverTally> tallies;
  for (const EndpointReport& endpoint : scene.endpoints) count_answers(endpoint, tallies);
  for (const EndpointReport& control : scene.controls) count_answers(control, tallies);
  return tallies;
}

bool never_answers(const ResolverTally& tally) { return tally.mute > 0 && tally.answered == 0; }

std::string mute_words(const ResolverTally& tally) {
  return tally.resolver.to_string() + (tally.any_unreachable ? " is unreachable" : " gave no answer") + " (" +
         count_words(tally.mute, "name") + " asked)";
}

/// What kind of answer a resolver gave, as a client would feel it.
enum class Kind { none, inside, outside, both, failure, mute };

struct Opinion {
  Kind kind = Kind::mute;
  bool reachable = false;  ///< one of its addresses connects
  std::string words;
};

/// The addresses of an endpoint that count, by value: an answer may hold thousands.
using Known = std::map<IpAddress, const AddressReport*>;

Known known_addresses(const Subject& subject) {
  Known known;
  for (const AddressReport* address : subject.addresses.all()) known.emplace(address->seen.address, address);
  return known;
}

Kind kind_of_addresses(bool inside, bool outside) {
  if (inside && outside) return Kind::both;
  if (inside) return Kind::inside;
  return outside ? Kind::outside : Kind::mute;
}

Opinion opinion_of(const Known& known_by_value, const ResolverAnswer& answer) {
  Opinion opinion;
  switch (answer.status) {
    case DnsStatus::ok: {
      bool inside = false;
      bool outside = false;
      AddressList list;
      for (const IpAddress& address : answer.addresses) {
        const auto at = known_by_value.find(address);
        if (at == known_by_value.end()) continue;
        const AddressReport* known = at->second;
        (is_inside(known->scope) ? inside : outside) = true;
        list.push_back(known);
      }
      opinion.kind = kind_of_addresses(inside, outside);
      opinion.reachable = any_is(list, Reach::connects);
      opinion.words = address_words(list);
      break;
    }
    case DnsStatus::not_found:
    case DnsStatus::no_data:
      opinion.kind = Kind::none;
      opinion.words = dns_words(answer.status);
      break;
    case DnsStatus::server_failure:
    case DnsStatus::refused:
    case DnsStatus::malformed:
      opinion.kind = Kind::failure;
      opinion.reachable = true;
      opinion.words = dns_words(answer.status);
      break;
    case DnsStatus::truncated:
    case DnsStatus::timeout:
    case DnsStatus::unreachable:
    case DnsStatus::cancelled:
      break;
  }
  return opinion;
}

/// How the resolvers differ about one name: not by which addresses, but by which kind.
struct Disagreement {
  bool exists = false;
  bool harmful = false;  ///< one of the answers leads nowhere
  std::string words;
};

Disagreement disagreement_of(const Subject& subject) {
  Disagreement result;
  if (!subject.seen.dns || subject.seen.dns->resolvers.size() < 2) return result;
  const Known known = known_addresses(subject);
  std::set<Kind> kinds;
  std::set<Kind> counting;  // without failures: after one, a client asks the next resolver
  bool dead_end = false;
  bool some_addresses = false;
  std::vector<std::string> words;
  for (const ResolverAnswer& answer : subject.seen.dns->resolvers) {
    const Opinion opinion = opinion_of(known, answer);
    if (opinion.kind == Kind::mute) continue;
    kinds.insert(opinion.kind);
    if (opinion.kind != Kind::failure) counting.insert(opinion.kind);
    dead_end |= !opinion.reachable;
    some_addresses |= answer.status == DnsStatus::ok;
    words.push_back(answer.resolver.to_string() + ": " + opinion.words);
  }
  result.exists = kinds.size() > 1 && some_addresses;
  result.harmful = dead_end && counting.size() > 1;
  result.words = subject.seen.host + " is " + enumerate(words);
  return result;
}

Findings check_resolver_silent(const Case& scene, const Rule& rule) {
  const auto tallies = tally_resolvers(scene);
  if (tallies.empty() || !std::all_of(tallies.begin(), tallies.end(), never_answers)) return {};
  Finding finding = about_all(rule, {}, {}, {});
  std::vector<std::string> words;
  std::vector<std::string> addresses;
  bool unreachable = false;
  bool may_be_amazons = false;
  for (const ResolverTally& tally : tallies) {
    words.push_back(mute_words(tally));
    addresses.push_back(tally.resolver.to_string());
    unreachable |= tally.any_unreachable;
    may_be_amazons |= may_be_amazon_resolver(tally.resolver.address);
  }
  finding.observed = enumerate(words);
  finding.addresses = addresses;
  add_evidence(finding, "resolvers", addresses);
  add_evidence(finding, "unreachable", unreachable);
  add_evidence(finding, "amazon_resolver", may_be_amazons);
  return {finding};
}

Findings check_resolver_partial(const Case& scene, const Rule& rule) {
  const auto tallies = tally_resolvers(scene);
  const bool one_answers =
      std::any_of(tallies.begin(), tallies.end(), [](auto& t) { return t.answered > 0; });
  if (!one_answers) return {};
  Finding finding = about_all(rule, {}, {}, {});
  std::vector<std::string> words;
  for (const ResolverTally& tally : tallies) {
    if (!never_answers(tally)) continue;
    words.push_back(mute_words(tally));
    finding.addresses.push_back(tally.resolver.to_string());
  }
  if (words.empty()) return {};
  finding.observed = enumerate(words) + "; the others answer";
  add_evidence(finding, "silent_resolvers", finding.addresses);
  add_evidence(finding, "first_is_silent", never_answers(tallies.front()));
  return {finding};
}

Findings check_resolvers_disagree(const Case& scene, const Rule& rule) {
  const auto subjects = subjects_of(scene);
  std::vector<const Subject*> covered;
  std::vector<std::string> words;
  bool harmful = false;
  for (const Subject& subject : subjects) {
    const Disagreement disagreement = disagreement_of(subject);
    if (!disagreement.exists) continue;
    covered.push_back(&subject);
    words.push_back(disagreement.words);
    harmful |= disagreement.harmful && subject.planned.required;
  }
  if (covered.empty()) return {};
  constexpr std::size_t shown = 2;
  Finding finding = about_all(rule, covered, {}, enumerate(words, shown));
  finding.severity = harmful ? Severity::error : Severity::warning;
  add_evidence(finding, "answers", words);
  add_evidence(finding, "one_answer_leads_nowhere", harmful);
  return {finding};
}

constexpr const char* show_dns_support =
    "aws ec2 describe-vpc-attribute --region {region} --vpc-id <vpc-id> --attribute enableDnsSupport";
constexpr const char* turn_dns_support_on =
    "aws ec2 modify-vpc-attribute --region {region} --vpc-id <vpc-id> --enable-dns-support";

// What the conditions below name, besides what an endpoint is.
constexpr std::string_view kEvidence[] = {"amazon_resolver", "first_is_silent", "unreachable"};

constexpr Rule kRows[] = {
    {
        .code = "resolver-silent",
        .meaning = "no configured DNS resolver answered any question",
        .title = "No DNS resolver answers: not one name can be looked up",
        .stage = 1,
        .task_wide = true,
        .check = check_resolver_silent,
        .ecs_reason = "dial tcp: lookup {host}: i/o timeout",
        .causes =
            {{{"no-route-to-resolver", "this task has no route to the resolver at all",
               "unreachable amazon_resolver"},
              {"dns-support-off",
               "enableDnsSupport is off, so Amazon's resolver at the VPC's base address + 2 does not answer",
               "amazon_resolver"},
              {"dhcp-options-name-own-resolver",
               "the VPC's DHCP options name a resolver of your own that is down, or that this subnet cannot "
               "reach on port 53 (UDP and TCP)"},
              {"port-53-closed-to-own-resolver",
               "a security group or network ACL closes port 53 to a resolver of your own (Amazon's cannot be "
               "closed that way)"},
              {"no-route-to-own-resolver",
               "the path to a resolver of your own ends at a router that has no route to it",
               "unreachable !amazon_resolver"}}},
        .fix = {{{"Check whether the VPC serves DNS", show_dns_support, true, "amazon_resolver"},
                 {show_resolvers, show_dhcp_options, true},
                 {"Turn Amazon's resolver on", turn_dns_support_on, false, "amazon_resolver"},
                 {"Or open port 53, UDP and TCP, from <task-sg-id> to the resolvers {resolvers}"}}},
    },
    {
        .code = "resolver-partial",
        .meaning = "a configured DNS resolver never answered while another one does",
        .title = "A DNS resolver stays silent while another one answers",
        .stage = 1,
        .severity = Severity::warning,
        .task_wide = true,
        .check = check_resolver_partial,
        .causes = {{{"resolver-down", "the resolver is down, or port 53 to it is closed from this subnet"},
                    {"silent-resolver-asked-first",
                     "it is the first one asked: each lookup waits for it, about 5 s in most programs",
                     "first_is_silent"}}},
        .fix = {{{show_resolvers, show_dhcp_options, true},
                 {"Fix the resolver or remove it from the DHCP options"}}},
    },
    {
        .code = "resolvers-disagree",
        .meaning =
            "two resolvers give answers of different kinds for one name: private and public, or an address "
            "and none; an error where one of the answers leads nowhere, a warning where all work",
        .title = "The DNS resolvers do not agree on {name}",
        .stage = 1,
        .task_wide = true,
        .check = check_resolvers_disagree,
        .ecs_reason = "i/o timeout or no such host, now and then",
        .causes = {{{"one-resolver-lacks-private-names",
                     "one resolver is Amazon's (or forwards to it) and knows the VPC's private names, "
                     "another one does not"},
                    {"resolver-forwards-some-domains",
                     "one resolver forwards only some of the domains to Amazon's resolver"}}},
        .fix = {{{show_resolvers, show_dhcp_options, true},
                 {"List the Resolver forwarding rules and their targets", show_resolver_rules, true},
                 {"Forward the AWS domains from every resolver to Amazon's at the VPC's base address + 2, or "
                  "hand out AmazonProvidedDNS alone"}}},
    },
};
static_assert(conditions_exist(kRows, kEvidence), "a cause or fix names a condition that no check sets");
static_assert(rows_are_complete(kRows), "a row lacks a code, a text, a cause or a fix");

}  // namespace

std::span<const Rule> resolvers_rules() { return kRows; }

}  // namespace vpcprobe
