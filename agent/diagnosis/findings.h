#pragma once
// What the checks of all stages share. A check is pure: it returns one finding for each subject that shows
// the fault, with what was seen; everything else about a finding is in its row.
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
/// The addresses of one endpoint that count, without what an override put into the answer: such an address
/// says nothing of the endpoint.
Addresses judged_addresses(const Case& scene, std::size_t index);
/// With the addresses that `scene` has as judged.
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

/// Those that gave an address, once for each name; where none did, those that were asked.
std::vector<SocketAddress> answering_resolvers(const Case& scene);
/// Whether these are the user's own: none of them can be Amazon's.
bool answers_are_of_own_resolver(const Case& scene);
/// From the first of these addresses, which fail in the same way.
void add_tcp_evidence(Finding& finding, const AddressList& addresses);
void add_errno_evidence(Finding& finding, const AddressReport& address);

}  // namespace vpcprobe
