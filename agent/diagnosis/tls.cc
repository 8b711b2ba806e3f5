// Stage 3: TLS on connections that stand.
#include "agent/diagnosis/findings.h"
#include "agent/diagnosis/texts.h"
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

// A custom target that is no TLS server at all.
constexpr const char* no_tls_first =
    "the server does not begin with TLS (PostgreSQL, MySQL, Redis and others): then this is its usual answer";
constexpr const char* ask_by_tcp = "vpc-probe run --region {region} --target tcp://{host}:{port}";

// What the conditions below name, besides what an endpoint is.
constexpr std::string_view kEvidence[] = {"amazon_issuer", "by_alert", "may_not_be_tls", "private_answer"};

constexpr Rule kRows[] = {
    {
        .code = "tls-stalled",
        .meaning = "TCP connects, then the TLS handshake gets no further",
        .title = "{name}: connects, but the TLS handshake stands still",
        .stage = 3,
        .check = check_tls_stalled,
        .one_fault_if_same = "part_came",
        .ecs_reason = "net/http: TLS handshake timeout",
        .causes = {{{"server-does-not-begin-with-tls", no_tls_first, "may_not_be_tls"},
                    {"handshake-packets-lost",
                     "packets above a size get lost on the path (an MTU black hole: a VPN, a peering or an "
                     "appliance that drops large packets without saying so); a security group cannot be it, "
                     "as TCP connects"},
                    {"firewall-holds-handshake",
                     "a firewall or proxy on the path holds the handshake back: TLS inspection, an SNI rule "
                     "that drops"},
                    {"server-overloaded", "the other side is overloaded", "custom"}}},
        .fix = {{{"Ask no more than TCP of it", ask_by_tcp, true, "may_not_be_tls"},
                 {through_a_tunnel, show_routes, true},
                 {"Show which resources have these addresses", show_interfaces, true, "private_answer"},
                 {lower_mtu},
                 {"Exempt {hosts} from inspection"}}},
    },
    {
        .code = "tls-reset",
        .meaning = "the handshake is cut after ClientHello: by a reset, a close, or a fatal alert other than "
                   "protocol_version",
        .title = "{name}: the TLS handshake is cut after ClientHello",
        .stage = 3,
        .check = check_tls_reset,
        .one_fault_if_same = "cut_by",
        .ecs_reason = "read tcp: read: connection reset by peer",
        .causes =
            {{{"server-does-not-begin-with-tls", no_tls_first, "may_not_be_tls"},
              {"firewall-filters-sni",
               "a firewall on the path filters by the name in ClientHello (SNI) and does not allow {host}",
               "!by_alert"},
              {"proxy-denies-tls", "a proxy on the path does not take TLS for this name"},
              {"server-wants-client-certificate",
               "the server wants something of the client: a certificate, another cipher, another name",
               "by_alert"},
              {"name-leads-elsewhere", leads_elsewhere, "!custom"}}},
        .fix = {{{"Ask no more than TCP of it", ask_by_tcp, true, "may_not_be_tls"},
                 {through_a_firewall, show_routes, true},
                 {"Show which resources have these addresses", show_interfaces, true, "private_answer"},
                 {"Allow {hosts} in the firewall's domain list"}}},
    },
    {
        .code = "tls-not-spoken",
        .meaning = "what answers on this port does not speak TLS, or breaks it",
        .title = "{name}: what answers on {port} does not speak TLS",
        .stage = 3,
        .check = check_tls_not_spoken,
        .one_fault_if_same = "tls_detail",
        .ecs_reason = "tls: first record does not look like a TLS handshake",
        .causes = {{{"server-does-not-begin-with-tls", no_tls_first, "may_not_be_tls"},
                    {"proxy-answers-plain-text",
                     "a proxy or captive portal on the path answers in plain text"},
                    {"name-leads-elsewhere", leads_elsewhere},
                    {"port-wrong", "the port is wrong", "custom"}}},
        .fix = {{{"Ask no more than TCP of it", ask_by_tcp, true, "may_not_be_tls"},
                 {"Show which resources have these addresses", show_interfaces, true, "private_answer"},
                 {through_a_proxy, show_routes, true},
                 {"List the private hosted zones of the VPC", show_hosted_zones, true, "!custom"}}},
    },
    {
        .code = "tls-version-refused",
        .meaning = "the other side accepts neither TLS 1.2 nor 1.3",
        .title = "{name}: accepts neither TLS 1.2 nor 1.3",
        .stage = 3,
        .check = check_tls_version_refused,
        .one_fault_if_same = "",
        .ecs_reason = "remote error: tls: protocol version not supported",
        .causes = {{{"old-inspection-device",
                     "an old proxy or inspection device on the path answers instead of AWS, which takes both",
                     "!custom"},
                    {"server-wants-old-tls", "the server is old or set to other versions", "custom"}}},
        .fix = {{{through_a_proxy, show_routes, true},
                 {"Exempt {hosts} from inspection, or allow TLS 1.2 and 1.3 there"}}},
    },
    {
        .code = "certificate-untrusted",
        .meaning = "the certificate chain ends at no trusted root; the issuer is named",
        .title = "{name}: no trusted root issued the certificate",
        .stage = 3,
        .check = check_certificate_untrusted,
        .one_fault_if_same = "last_issuer",
        .ecs_reason = "tls: failed to verify certificate: x509: certificate signed by unknown authority",
        .causes = {{{"chain-not-amazons",
                     "the chain names Amazon, but does not end at one of its roots: an incomplete chain or "
                     "an imitation",
                     "amazon_issuer"},
                    {"tls-inspection",
                     "a TLS inspection device or proxy on the path answers with a certificate of its own, by "
                     "\"{last_issuer}\"",
                     "!amazon_issuer"},
                    {"name-leads-elsewhere", leads_elsewhere, "!custom"},
                    {"private-certificate-authority",
                     "the server has a private certificate authority: name it with --ca-file", "custom"}}},
        .fix = {{{"Show the subnet's route table: does traffic go through a proxy or firewall?", show_routes,
                  true},
                 {"Show which resources have these addresses", show_interfaces, true, "private_answer"},
                 {"Exempt {hosts} from TLS inspection: what pulls images and secrets for ECS trusts public "
                  "roots only",
                  "", false, "!custom"},
                 {"Run again with --ca-file to trust this authority", "", false, "custom"}}},
    },
    {
        .code = "certificate-name-mismatch",
        .meaning = "the certificate is trusted, but for other names",
        .title = "{name}: the certificate is for other names",
        .stage = 3,
        .check = check_certificate_name_mismatch,
        .one_fault_if_same = "subject",
        .ecs_reason =
            "tls: failed to verify certificate: x509: certificate is valid for other names, not {host}",
        .causes = {{{"record-leads-to-another-endpoint",
                     "a record in a private hosted zone or resolver of your own leads the name to another "
                     "endpoint, load balancer or proxy"},
                    {"record-of-another-service",
                     "the record points to an endpoint of another service or region", "!custom"}}},
        .fix = {{{"Show which resources have these addresses", show_interfaces, true, "private_answer"},
                 {"List the private hosted zones of the VPC", show_hosted_zones, true},
                 {"Leave the name to the endpoint's private DNS", turn_private_dns_on, false, "interface"}}},
    },
    {
        .code = "certificate-expired",
        .meaning = "the certificate is trusted, but over",
        .title = "{name}: the certificate has expired",
        .stage = 3,
        .check = check_certificate_expired,
        .one_fault_if_same = "",
        .ecs_reason = "tls: failed to verify certificate: x509: certificate has expired or is not yet valid",
        .causes = {{{"clock-ahead", "the clock here runs ahead: several certificates are over at once",
                     "task_wide"},
                    {"old-certificate-on-path",
                     "something on the path answers with an old certificate: AWS renews its own long before",
                     "!custom"},
                    {"certificate-not-renewed", "the server's certificate was not renewed", "custom"},
                    {"clock-may-be-ahead", "the clock here runs ahead", "!task_wide"}}},
        .fix = {{{compare_clocks},
                 {"Show which resources have these addresses", show_interfaces, true, "private_answer"}}},
    },
    {
        .code = "certificate-not-yet-valid",
        .meaning = "the certificate is trusted, but has not begun",
        .title = "{name}: the certificate is not valid yet",
        .stage = 3,
        .check = check_certificate_not_yet_valid,
        .one_fault_if_same = "",
        .ecs_reason = "tls: failed to verify certificate: x509: certificate has expired or is not yet valid",
        .causes = {{{"clock-behind", "the clock here is behind"},
                    {"new-certificate-on-path",
                     "something on the path answers with a certificate that was just made", "!custom"}}},
        .fix = {{{compare_clocks}}},
    },
};
static_assert(conditions_exist(kRows, kEvidence), "a cause or fix names a condition that no check sets");
static_assert(rows_are_complete(kRows), "a row lacks a code, a text, a cause or a fix");

}  // namespace

std::span<const Rule> tls_rules() { return kRows; }

}  // namespace vpcprobe
