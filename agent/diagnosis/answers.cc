// Stage 1: names that resolve, and where their answers lead.
#include <algorithm>
#include <set>

#include "agent/aws/amazon_resolver.h"
#include "agent/diagnosis/findings.h"
#include "agent/diagnosis/words.h"

namespace vpcprobe {
namespace {

/// Endpoints that a private subnet needs an interface endpoint for.
bool wants_interface(const Subject& subject) {
  return subject.planned.service != nullptr && subject.planned.expects == EndpointType::interface;
}

bool is_public_only(const Subject& subject) {
  const AddressList all = subject.addresses.all();
  return !all.empty() &&
         std::all_of(all.begin(), all.end(), [](auto* a) { return a->scope == Scope::public_; });
}

void add_resolver(Finding& finding, const Case& scene) {
  const auto& asked = scene.plan.settings.resolvers;
  add_evidence(finding, "own_resolver",
               !asked.empty() && std::none_of(asked.begin(), asked.end(), [](const SocketAddress& resolver) {
                 return may_be_amazon_resolver(resolver.address);
               }));
}

void add_egress(Finding& finding, const Case& scene) {
  const EgressView egress = egress_of(scene.plan, scene.endpoints, scene.controls);
  add_evidence(finding, "internet_open", egress.state == Egress::open);
  if (egress.state == Egress::closed) finding.observed += "; " + egress.witness + " is closed too";
}

/// A resolver that gives private and public addresses for one name at once.
bool mixes(const Subject& subject) {
  if (subject.addresses.inside.empty() || subject.addresses.outside.empty()) return false;
  if (!subject.seen.dns || subject.seen.dns->resolvers.empty()) return true;
  const auto values = [](const AddressList& list) {
    std::set<IpAddress> found;
    for (const AddressReport* address : list) found.insert(address->seen.address);
    return found;
  };
  const std::set<IpAddress> inside = values(subject.addresses.inside);
  const std::set<IpAddress> outside = values(subject.addresses.outside);
  const auto gives = [](const ResolverAnswer& answer, const std::set<IpAddress>& of) {
    return std::any_of(answer.addresses.begin(), answer.addresses.end(),
                       [&](const IpAddress& address) { return of.contains(address); });
  };
  const auto& resolvers = subject.seen.dns->resolvers;
  return std::any_of(resolvers.begin(), resolvers.end(), [&](const ResolverAnswer& answer) {
    return gives(answer, inside) && gives(answer, outside);
  });
}

}  // namespace

Findings check_no_private_names(const Case& scene, const Rule& rule) {
  const auto subjects = subjects_of(scene);
  std::vector<const Subject*> covered;
  AddressList shown;
  for (const Subject& subject : subjects) {
    if (!wants_interface(subject) || subject.addresses.all().empty()) continue;
    // One private answer, or one public address that connects, and this is not the fault.
    if (connect_fault(subject) != ConnectFault::private_name_missing) return {};
    covered.push_back(&subject);
    shown.insert(shown.end(), subject.addresses.outside.begin(), subject.addresses.outside.end());
  }
  if (covered.size() < 2) return {};
  const std::size_t interfaces = covered.size();
  bool gateway_works = false;
  std::vector<std::string> gateways_closed;
  for (const Subject& subject : subjects) {
    if (subject.planned.expects != EndpointType::gateway || subject.planned.service == nullptr) continue;
    if (any_is(subject.addresses.all(), Reach::connects)) gateway_works = true;
    if (connect_fault(subject) != ConnectFault::gateway_route_missing) continue;
    covered.push_back(&subject);
    gateways_closed.emplace_back(subject.planned.service->name);
  }
  std::string observed = count_words(interfaces, "name") +
                         " that an interface endpoint should answer resolve to public " +
                         "addresses, and none connects; " + connect_sentence({shown.front()});
  if (!gateways_closed.empty()) {
    observed += "; " + enumerate(gateways_closed) +
                " is silent too: it needs its gateway endpoint (or the same way out) besides";
  }
  Finding finding = about_all(rule, covered, shown, std::move(observed));
  add_evidence(finding, "gateway_works", gateway_works);
  add_evidence(finding, "gateway_closed", gateways_closed);
  add_evidence(finding, "nothing_works", !gateway_works && contrast(subjects, "").empty());
  add_resolver(finding, scene);
  add_egress(finding, scene);
  return {finding};
}

Findings check_private_name_missing(const Case& scene, const Rule& rule) {
  Findings findings;
  const auto subjects = subjects_of(scene);
  for (const Subject& subject : subjects) {
    if (connect_fault(subject) != ConnectFault::private_name_missing) continue;
    const AddressList& shown = subject.addresses.outside;
    std::string observed = subject.seen.host + " is public: " + connect_sentence(shown);
    bool others_private = false;
    for (const Subject& other : subjects) others_private |= !other.addresses.inside.empty();
    if (others_private) observed += "; other names resolve to private addresses";
    Finding finding = about(rule, subject, shown, std::move(observed));
    add_evidence(finding, "others_private", others_private);
    add_resolver(finding, scene);
    add_egress(finding, scene);
    findings.push_back(std::move(finding));
  }
  return findings;
}

Findings check_public_path(const Case& scene, const Rule& rule) {
  Findings findings;
  const EgressView egress = egress_of(scene.plan, scene.endpoints, scene.controls);
  for (const Subject& subject : subjects_of(scene)) {
    const bool has_endpoint = subject.planned.service != nullptr &&
                              (wants_interface(subject) || subject.planned.service->interface_too);
    if (!has_endpoint || !is_public_only(subject) || !any_is(subject.addresses.outside, Reach::connects))
      continue;
    // With a way to the internet, S3's public addresses may lead through a gateway endpoint all the same.
    // It cannot be decided from inside, so it is a note at most, and only with --require-private.
    const bool gateway = subject.planned.expects == EndpointType::gateway;
    if (gateway && (!scene.options.require_private || egress.state != Egress::open)) continue;
    const AddressList shown = with(subject.addresses.outside, Reach::connects);
    // Whose it is cannot be told: for those who asked for private paths it is not shown to be one.
    const bool unowned = all_unowned(subject.planned, shown);
    if (unowned && !scene.options.require_private) continue;
    Finding finding = about(rule, subject, shown, connect_sentence(shown));
    if (scene.options.require_private && !gateway) finding.severity = Severity::error;
    add_evidence(finding, "may_be_gateway", gateway);
    add_evidence(finding, "unowned", unowned);
    findings.push_back(std::move(finding));
  }
  return findings;
}

Findings check_mixed_answers(const Case& scene, const Rule& rule) {
  Findings findings;
  for (const Subject& subject : subjects_of(scene)) {
    if (!mixes(subject)) continue;
    const auto& [inside, outside] = subject.addresses;
    const bool inside_fails = !any_is(inside, Reach::connects) && !any_is(inside, Reach::unknown);
    const bool outside_fails = !any_is(outside, Reach::connects) && !any_is(outside, Reach::unknown);
    Finding finding = about(rule, subject, subject.addresses.all(),
                            connect_sentence(inside) + "; " + connect_sentence(outside));
    finding.severity = inside_fails || outside_fails ? Severity::error : Severity::warning;
    add_evidence(finding, "private_fails", inside_fails);
    add_evidence(finding, "public_fails", outside_fails);
    findings.push_back(std::move(finding));
  }
  return findings;
}

Findings check_answer_not_aws(const Case& scene, const Rule& rule) {
  Findings findings;
  for (const Subject& subject : subjects_of(scene)) {
    AddressList foreign;
    for (const AddressReport* address : subject.addresses.outside) {
      if (is_unowned(subject.planned, *address)) foreign.push_back(address);
    }
    if (foreign.empty()) continue;
    const std::string date(ranges_date());
    Finding finding = about(rule, subject, foreign,
                            address_words(foreign) + (foreign.size() == 1 ? " is" : " are") +
                                " in no address range that AWS had published by " + date);
    add_evidence(finding, "ranges_date", date);
    findings.push_back(std::move(finding));
  }
  return findings;
}

}  // namespace vpcprobe
