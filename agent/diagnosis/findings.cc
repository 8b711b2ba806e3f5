#include "agent/diagnosis/findings.h"

#include <algorithm>

#include "agent/aws/amazon_resolver.h"
#include "agent/diagnosis/override.h"
#include "agent/diagnosis/words.h"

namespace vpcprobe {

Addresses judged_addresses(const Case& scene, std::size_t index) {
  const EndpointReport& seen = scene.endpoints[index];
  const NameOverride put_in = override_of(scene.plan.endpoints[index], seen);
  if (put_in.is_whole || !with_one_answer(scene.plan, scene.endpoints, seen).empty()) return {};
  Addresses addresses = counting_addresses(seen);
  for (AddressList* list : {&addresses.inside, &addresses.outside}) {
    std::erase_if(*list, [&](const AddressReport* address) {
      return std::find(put_in.addresses.begin(), put_in.addresses.end(), address) != put_in.addresses.end();
    });
  }
  return addresses;
}

std::vector<Subject> subjects_of(const Case& scene) {
  std::vector<Subject> subjects;
  for (std::size_t i = 0; i < scene.endpoints.size(); ++i) {
    subjects.push_back({scene.plan.endpoints[i], scene.endpoints[i], scene.judged[i]});
  }
  return subjects;
}

ConnectFault connect_fault(const Subject& subject) {
  const AddressList all = subject.addresses.all();
  if (all.empty() || any_is(all, Reach::connects) || any_is(all, Reach::unknown)) return ConnectFault::none;
  if (any_is(all, Reach::refused)) return ConnectFault::endpoint_refused;
  const bool all_public =
      subject.addresses.inside.empty() &&
      std::all_of(all.begin(), all.end(), [](auto* a) { return a->scope == Scope::public_; });
  if (all_public && subject.planned.service != nullptr) {
    if (subject.planned.expects == EndpointType::interface && !all_unowned(subject.planned, all))
      return ConnectFault::private_name_missing;
    if (subject.planned.expects == EndpointType::gateway && any_is(all, Reach::silent)) {
      return ConnectFault::gateway_route_missing;
    }
  }
  return any_is(all, Reach::silent) ? ConnectFault::endpoint_filtered : ConnectFault::no_route;
}

AddressList partly(const Subject& subject, Reach reach) {
  AddressList found;
  for (const AddressList* kind : {&subject.addresses.inside, &subject.addresses.outside}) {
    if (!any_is(*kind, Reach::connects)) continue;
    const AddressList failing = with(*kind, reach);
    found.insert(found.end(), failing.begin(), failing.end());
  }
  return found;
}

Finding about(const Rule& rule, const Subject& subject, const AddressList& shown, std::string observed) {
  Finding finding;
  finding.code = rule.code;
  finding.stage = rule.stage;
  finding.severity = rule.severity;
  finding.endpoint = subject.planned.id;
  finding.addresses = address_texts(shown);
  finding.observed = std::move(observed);
  return finding;
}

Finding about_all(const Rule& rule, const std::vector<const Subject*>& covered, const AddressList& shown,
                  std::string observed) {
  Finding finding;
  finding.code = rule.code;
  finding.stage = rule.stage;
  finding.severity = rule.severity;
  for (const Subject* subject : covered) finding.covers.push_back(subject->planned.id);
  finding.addresses = address_texts(shown);
  finding.observed = std::move(observed);
  return finding;
}

std::string connect_sentence(const AddressList& addresses) {
  return address_words(addresses) + ": " + connect_words(addresses);
}

std::string contrast(const std::vector<Subject>& subjects, const std::string& except) {
  std::vector<std::string> names;
  Elapsed best{};
  for (const Subject& subject : subjects) {
    if (subject.planned.id == except) continue;
    const AddressList connecting = with(subject.addresses.all(), Reach::connects);
    if (connecting.empty()) continue;
    const Elapsed elapsed = connecting.front()->seen.tcp->elapsed;
    best = names.empty() ? elapsed : std::min(best, elapsed);
    names.push_back(subject.planned.id);
  }
  if (names.empty()) return {};
  return "; " + enumerate(names, 4) + (names.size() == 1 ? " connects in " : " connect in ") +
         duration_words(best);
}

void add_tcp_evidence(Finding& finding, const AddressList& addresses) {
  if (addresses.empty() || !addresses.front()->seen.tcp) return;
  const TcpObservation& tcp = *addresses.front()->seen.tcp;
  add_evidence(finding, "elapsed_ms", static_cast<double>(tcp.elapsed.count()) / 1000.0);
  add_evidence(finding, "syn_retransmits", static_cast<std::int64_t>(tcp.syn_retransmits));
}

void add_errno_evidence(Finding& finding, const AddressReport& address) {
  const TcpObservation& tcp = *address.seen.tcp;
  add_evidence(finding, "errno", errno_words(tcp.error));
  add_evidence(finding, "local_denial", !tcp.icmp && (tcp.error == EACCES || tcp.error == EPERM));
  add_evidence(finding, "icmp_from", tcp.icmp ? tcp.icmp->from : std::string());
  add_evidence(finding, "by_router", tcp.icmp.has_value());
}

std::vector<SocketAddress> answering_resolvers(const Case& scene) {
  std::vector<SocketAddress> sources;
  for (const EndpointReport& endpoint : scene.endpoints) {
    if (!endpoint.dns) continue;
    for (const ResolverAnswer& answer : endpoint.dns->resolvers)
      if (answer.status == DnsStatus::ok) sources.push_back(answer.resolver);
  }
  return sources.empty() ? scene.plan.settings.resolvers : sources;
}

bool answers_are_of_own_resolver(const Case& scene) {
  const std::vector<SocketAddress> sources = answering_resolvers(scene);
  return !sources.empty() && std::none_of(sources.begin(), sources.end(), [](const SocketAddress& resolver) {
    return may_be_amazon_resolver(resolver.address);
  });
}

}  // namespace vpcprobe
