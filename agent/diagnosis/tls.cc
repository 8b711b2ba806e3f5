// Stage 3: what the TLS handshake came to at addresses that connect.
#include <algorithm>

#include "agent/diagnosis/findings.h"
#include "agent/diagnosis/words.h"

namespace vpcprobe {
namespace {

constexpr int alert_protocol_version = 70;

using Matches = bool (*)(const TlsObservation&);

struct TlsGroup {
  const Subject* subject;
  AddressList addresses;  ///< not empty
  const TlsObservation& first() const { return *addresses.front()->seen.tls; }
};

std::vector<TlsGroup> tls_groups(const std::vector<Subject>& subjects, Matches matches) {
  std::vector<TlsGroup> groups;
  for (const Subject& subject : subjects) {
    AddressList found;
    for (const AddressReport* address : subject.addresses.all()) {
      if (address->seen.tls && matches(*address->seen.tls)) found.push_back(address);
    }
    if (!found.empty()) groups.push_back({&subject, std::move(found)});
  }
  return groups;
}

Finding tls_finding(const Rule& rule, const TlsGroup& group, const std::string& what) {
  Finding finding = about(rule, *group.subject, group.addresses,
                          "TCP to " + address_words(group.addresses) + " connects; " + what);
  const TlsObservation& tls = group.first();
  add_evidence(finding, "bytes_in", static_cast<std::int64_t>(tls.bytes_in));
  add_evidence(finding, "tls_detail", tls.detail);
  add_evidence(finding, "private_answer", is_inside(group.addresses.front()->scope));
  constexpr std::uint16_t https = 443;
  const PlannedEndpoint& planned = group.subject->planned;
  add_evidence(finding, "may_not_be_tls",
               planned.service == nullptr && planned.target.port != https &&
                   (tls.bytes_in == 0 || tls.status == TlsStatus::not_tls));
  return finding;
}

std::string stop_words(const TlsObservation& tls) {
  const std::string where = tls.detail.empty() ? "" : " (" + tls.detail + ")";
  if (tls.bytes_in == 0) return "not one byte came back" + where;
  return count_words(tls.bytes_in, "byte") + " came back" + where;
}

const Certificate* leaf_of(const TlsObservation& tls) {
  return tls.chain && !tls.chain->empty() ? &tls.chain->front() : nullptr;
}

/// The issuer at the end of the chain that was sent: who vouches for all of it.
std::string last_issuer(const TlsObservation& tls) {
  return tls.chain && !tls.chain->empty() ? tls.chain->back().issuer : std::string();
}

/// Findings about certificates that did not verify; `what` says it of the leaf.
Findings certificate_findings(const Case& scene, const Rule& rule, Matches matches,
                              std::string (*what)(const Certificate&)) {
  Findings findings;
  const auto subjects = subjects_of(scene);
  for (const TlsGroup& group : tls_groups(subjects, matches)) {
    const TlsObservation& tls = group.first();
    const Certificate* leaf = leaf_of(tls);
    Finding finding = tls_finding(rule, group, leaf ? what(*leaf) : "no certificate was sent");
    add_evidence(finding, "subject", leaf ? leaf->subject : std::string());
    add_evidence(finding, "issuer", leaf ? leaf->issuer : std::string());
    add_evidence(finding, "last_issuer", last_issuer(tls));
    add_evidence(finding, "amazon_issuer",
                 last_issuer(tls).find("Amazon") != std::string::npos ||
                     last_issuer(tls).find("Starfield") != std::string::npos);
    add_evidence(finding, "proxy_variables", !scene.context.proxy_variables.empty());
    findings.push_back(std::move(finding));
  }
  return findings;
}

}  // namespace

Findings check_tls_stalled(const Case& scene, const Rule& rule) {
  Findings findings;
  const auto subjects = subjects_of(scene);
  for (const TlsGroup& group : tls_groups(subjects, [](auto& t) { return t.status == TlsStatus::timeout; })) {
    const TlsObservation& tls = group.first();
    Finding finding = tls_finding(
        rule, group,
        "then the handshake stands still for " + duration_words(tls.elapsed) + ": " + stop_words(tls));
    add_evidence(finding, "part_came", tls.bytes_in > 0);
    findings.push_back(std::move(finding));
  }
  return findings;
}

Findings check_tls_reset(const Case& scene, const Rule& rule) {
  Findings findings;
  const auto subjects = subjects_of(scene);
  const Matches cut = [](const TlsObservation& tls) {
    return tls.status == TlsStatus::reset || tls.status == TlsStatus::closed ||
           (tls.status == TlsStatus::alert && tls.alert != alert_protocol_version);
  };
  for (const TlsGroup& group : tls_groups(subjects, cut)) {
    const TlsObservation& tls = group.first();
    const bool by_alert = tls.status == TlsStatus::alert;
    const std::string how = by_alert                         ? alert_words(tls.alert)
                            : tls.status == TlsStatus::reset ? "a reset"
                                                             : "a close";
    Finding finding = tls_finding(rule, group,
                                  "after ClientHello with the name " + group.subject->seen.host + " comes " +
                                      how + " in " + duration_words(tls.elapsed) + "; " + stop_words(tls));
    add_evidence(finding, "cut_by", how);
    add_evidence(finding, "by_alert", by_alert);
    findings.push_back(std::move(finding));
  }
  return findings;
}

Findings check_tls_not_spoken(const Case& scene, const Rule& rule) {
  Findings findings;
  const auto subjects = subjects_of(scene);
  const Matches foreign = [](const TlsObservation& tls) {
    return tls.status == TlsStatus::not_tls || tls.status == TlsStatus::failed;
  };
  for (const TlsGroup& group : tls_groups(subjects, foreign)) {
    findings.push_back(
        tls_finding(rule, group, "what comes back is not a TLS handshake: " + stop_words(group.first())));
  }
  return findings;
}

Findings check_tls_version_refused(const Case& scene, const Rule& rule) {
  Findings findings;
  const auto subjects = subjects_of(scene);
  const Matches refused = [](const TlsObservation& tls) {
    return tls.status == TlsStatus::version_refused ||
           (tls.status == TlsStatus::alert && tls.alert == alert_protocol_version);
  };
  for (const TlsGroup& group : tls_groups(subjects, refused)) {
    findings.push_back(
        tls_finding(rule, group, "neither TLS 1.2 nor 1.3 is accepted; " + stop_words(group.first())));
  }
  return findings;
}

Findings check_certificate_untrusted(const Case& scene, const Rule& rule) {
  return certificate_findings(
      scene, rule, [](const TlsObservation& tls) { return tls.status == TlsStatus::untrusted; },
      [](const Certificate& leaf) { return "its certificate is issued by \"" + leaf.issuer + "\""; });
}

Findings check_certificate_name_mismatch(const Case& scene, const Rule& rule) {
  return certificate_findings(
      scene, rule, [](const TlsObservation& tls) { return tls.status == TlsStatus::name_mismatch; },
      [](const Certificate& leaf) {
        constexpr std::size_t shown = 3;
        return "its certificate is for " +
               (leaf.dns_names.empty() ? leaf.subject : enumerate(leaf.dns_names, shown)) + " only";
      });
}

Findings check_certificate_expired(const Case& scene, const Rule& rule) {
  return certificate_findings(
      scene, rule, [](const TlsObservation& tls) { return tls.status == TlsStatus::expired; },
      [](const Certificate& leaf) { return "its certificate ended on " + date_words(leaf.not_after); });
}

Findings check_certificate_not_yet_valid(const Case& scene, const Rule& rule) {
  return certificate_findings(
      scene, rule, [](const TlsObservation& tls) { return tls.status == TlsStatus::not_yet_valid; },
      [](const Certificate& leaf) { return "its certificate begins on " + date_words(leaf.not_before); });
}

}  // namespace vpcprobe
