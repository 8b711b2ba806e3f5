#pragma once
// The checks behind the rows of rules.cc, one per code, and what they share. Each is pure: it returns one
// finding for each subject that shows the fault, with what was seen; everything else about a finding is in
// its row.
#include <string>
#include <utility>
#include <vector>

#include "agent/diagnosis/reach.h"
#include "agent/diagnosis/rules.h"

namespace vpcprobe {

using Findings = std::vector<Finding>;
using AddressList = std::vector<const AddressReport*>;

/// One endpoint as the checks see it.
struct Subject {
  const PlannedEndpoint& planned;
  const EndpointReport& seen;
  Addresses addresses;  ///< those that count
};
std::vector<Subject> subjects_of(const Case& scene);

/// The one thing that is wrong with connecting to an endpoint at all; `none` while any address connects or
/// not all was seen. Every endpoint that cannot be reached gets exactly one of these, so none goes
/// unreported.
enum class ConnectFault : std::uint8_t {
  none,
  private_name_missing,
  gateway_route_missing,
  endpoint_filtered,
  endpoint_refused,
  no_route
};
ConnectFault connect_fault(const Subject& subject);

/// Addresses that end as `reach` beside others of their kind (inside, outside) that connect.
AddressList partly(const Subject& subject, Reach reach);

Finding about(const Rule& rule, const Subject& subject, const AddressList& shown, std::string observed);
Finding about_all(const Rule& rule, const std::vector<const Subject*>& covered, const AddressList& shown,
                  std::string observed);
template <typename Value>
void add_evidence(Finding& finding, const char* key, Value value) {
  finding.evidence.push_back({key, std::move(value)});
}
/// "10.0.1.7: no answer to SYN in 3.0 s, 2 retransmits".
std::string connect_sentence(const AddressList& addresses);
/// "; ecr.api, logs connect in 0.4 ms": what else works, empty where nothing does.
std::string contrast(const std::vector<Subject>& subjects, const std::string& except);

// Names (stage 1)
Findings check_resolver_silent(const Case& scene, const Rule& rule);
Findings check_resolver_partial(const Case& scene, const Rule& rule);
Findings check_resolvers_disagree(const Case& scene, const Rule& rule);
Findings check_name_not_found(const Case& scene, const Rule& rule);
Findings check_name_empty(const Case& scene, const Rule& rule);
Findings check_name_server_failure(const Case& scene, const Rule& rule);
Findings check_name_timeout(const Case& scene, const Rule& rule);

// Answers: where a name leads (stage 1)
Findings check_no_private_names(const Case& scene, const Rule& rule);
Findings check_private_name_missing(const Case& scene, const Rule& rule);
Findings check_public_path(const Case& scene, const Rule& rule);
Findings check_mixed_answers(const Case& scene, const Rule& rule);
Findings check_answer_not_aws(const Case& scene, const Rule& rule);

// Connecting (stage 2)
Findings check_network_unreachable(const Case& scene, const Rule& rule);
Findings check_all_filtered(const Case& scene, const Rule& rule);
Findings check_interface_endpoints_filtered(const Case& scene, const Rule& rule);
Findings check_zone_filtered(const Case& scene, const Rule& rule);
Findings check_endpoint_filtered(const Case& scene, const Rule& rule);
Findings check_endpoint_refused(const Case& scene, const Rule& rule);
Findings check_no_route(const Case& scene, const Rule& rule);
Findings check_gateway_route_missing(const Case& scene, const Rule& rule);

// TLS (stage 3)
Findings check_tls_stalled(const Case& scene, const Rule& rule);
Findings check_tls_reset(const Case& scene, const Rule& rule);
Findings check_tls_not_spoken(const Case& scene, const Rule& rule);
Findings check_tls_version_refused(const Case& scene, const Rule& rule);
Findings check_certificate_untrusted(const Case& scene, const Rule& rule);
Findings check_certificate_name_mismatch(const Case& scene, const Rule& rule);
Findings check_certificate_expired(const Case& scene, const Rule& rule);
Findings check_certificate_not_yet_valid(const Case& scene, const Rule& rule);

// HTTP (stage 4) and the clock it shows
Findings check_http_silent(const Case& scene, const Rule& rule);
Findings check_http_not_aws(const Case& scene, const Rule& rule);
Findings check_clock_skewed(const Case& scene, const Rule& rule);

// Permissions (stage 5)
Findings check_credentials(const Case& scene, const Rule& rule);
Findings check_credentials_expired(const Case& scene, const Rule& rule);
/// Every code that one answer to a signed call can mean: the row's code says which.
Findings check_calls(const Case& scene, const Rule& rule);

// Objects (stage 6)
Findings check_objects(const Case& scene, const Rule& rule);

// Images: a rehearsed pull (stage 6), and answers that are none (stage 4)
Findings check_registry_answer_unusable(const Case& scene, const Rule& rule);
Findings check_repository_not_found(const Case& scene, const Rule& rule);
Findings check_image_not_found(const Case& scene, const Rule& rule);
Findings check_image_platform_mismatch(const Case& scene, const Rule& rule);
Findings check_layer_unreachable(const Case& scene, const Rule& rule);
Findings check_layer_denied(const Case& scene, const Rule& rule);
Findings check_registry_login_required(const Case& scene, const Rule& rule);

// Resilience and notes
Findings check_single_zone_endpoint(const Case& scene, const Rule& rule);
Findings check_zone_not_covered(const Case& scene, const Rule& rule);
Findings check_slow_endpoint(const Case& scene, const Rule& rule);
Findings check_packet_loss(const Case& scene, const Rule& rule);
Findings check_proxy_in_environment(const Case& scene, const Rule& rule);
Findings check_internet_egress_open(const Case& scene, const Rule& rule);

}  // namespace vpcprobe
