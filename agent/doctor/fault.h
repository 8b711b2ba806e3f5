#pragma once
// Between the hops and the culprits: which hop denies which packets of which finding.
#include <string>
#include <vector>

#include "agent/diagnosis/report.h"
#include "agent/doctor/diagnosis.h"

namespace vpcprobe {

/// One packet and what became of it.
struct Judged {
  const EndpointReport* endpoint = nullptr;
  Packet packet{};
  std::string measured{};       ///< as JudgedPath::measured
  std::vector<PathHop> hops{};  ///< of the network
  std::vector<PathHop> name{};  ///< how its name resolves; only where that is in question
};

/// A hop that denies, with everything it denies for one finding.
struct Fault {
  const Finding* finding = nullptr;
  PathHop hop;  ///< the first
  std::vector<const Judged*> judged;
  std::vector<AclGap> gaps;
  std::size_t position = 0;  ///< of the hop in its path
};

/// By a NAT gateway or an internet gateway.
bool leads_to_internet(const Judged& judged);

/// Adds the fix that ends what DNS64 makes up: names keep their own addresses.
void add_dns64_off(std::vector<Change>& changes, const Who& who, const std::string& subnet);

/// The culprit in words, with its fixes.
Culprit describe(const Configuration& configuration, const Who& who, const Fault& fault);

/// What `describe` writes for each block.
using WriteChanges = std::vector<Change> (*)(const Configuration&, const Who&, const Fault&);
std::vector<Change> change_attributes(const Configuration& configuration, const Who& who, const Fault& fault);
std::vector<Change> create_endpoints(const Configuration& configuration, const Who& who, const Fault& fault);
std::vector<Change> change_private_dns(const Configuration& configuration, const Who& who,
                                       const Fault& fault);
std::vector<Change> change_zone(const Configuration& configuration, const Who& who, const Fault& fault);
std::vector<Change> change_resolver_rule(const Configuration& configuration, const Who& who,
                                         const Fault& fault);
std::vector<Change> change_resolver(const Configuration& configuration, const Who& who, const Fault& fault);
std::vector<Change> change_dns_firewall(const Configuration& configuration, const Who& who,
                                        const Fault& fault);
std::vector<Change> open_egress(const Configuration& configuration, const Who& who, const Fault& fault);
std::vector<Change> open_ingress(const Configuration& configuration, const Who& who, const Fault& fault);
std::vector<Change> open_acl(const Configuration& configuration, const Who& who, const Fault& fault);
std::vector<Change> add_route(const Configuration& configuration, const Who& who, const Fault& fault);
std::vector<Change> add_peer_route(const Configuration& configuration, const Who& who, const Fault& fault);
std::vector<Change> add_route_back(const Configuration& configuration, const Who& who, const Fault& fault);
std::vector<Change> replace_route(const Configuration& configuration, const Who& who, const Fault& fault);
std::vector<Change> attach_gateway(const Configuration& configuration, const Who& who, const Fault& fault);
std::vector<Change> route_nat_out(const Configuration& configuration, const Who& who, const Fault& fault);
std::vector<Change> change_peering(const Configuration& configuration, const Who& who, const Fault& fault);
std::vector<Change> change_attachment(const Configuration& configuration, const Who& who, const Fault& fault);
std::vector<Change> change_interface(const Configuration& configuration, const Who& who, const Fault& fault);
std::vector<Change> replace_endpoint(const Configuration& configuration, const Who& who, const Fault& fault);

/// The services of the packets, each once: PrivateLink's names.
std::vector<std::string> services_of(const Fault& fault);
/// A word that a shell takes as it is, quoted where it must be.
std::string shell_word(const std::string& text);
/// "aws SERVICE OPERATION --region REGION": the beginning of a command.
std::string aws_command(const Who& who, const std::string& operation);

}  // namespace vpcprobe
