#pragma once
// The hops that can be behind a finding: on the path to its addresses, and where its name gets them from.
#include <algorithm>
#include <cstdint>
#include <string>
#include <vector>

#include "agent/doctor/explain_finding.h"
#include "agent/doctor/match.h"

namespace vpcprobe {

/// Which hops can be behind a code. `peer`: another host than the service's answers; its name leads there, or
/// something on the path answers in its place.
enum class FindingAbout : std::uint8_t { answer, name, resolver, mixture, connection, policy, zones, peer };

/// What is behind a finding, as far as hops say.
struct Behind {
  std::vector<Fault> faults;
  std::vector<std::string> doubts;  ///< why hops are unknown
  bool has_hops = false;
};

bool covers(const Finding& finding, const std::string& endpoint);
void add_doubt(Behind& behind, const PathHop& hop);
Behind behind_connection(const Inside& inside, const Finding& finding);
/// Each endpoint once: a name does not depend on the address.
Behind behind_name(const Inside& inside, const Finding& finding, FindingAbout about);

/// Where the addresses of a finding are not those of the service's endpoints.
struct Elsewhere {
  Match match = Match::no;
  std::vector<const Judged*> judged{};  ///< that certainly lead elsewhere

  bool holds(const Judged& one) const {
    return std::find(judged.begin(), judged.end(), &one) != judged.end();
  }
  bool holds_endpoint(const Judged& one) const {
    return std::any_of(judged.begin(), judged.end(),
                       [&](const Judged* other) { return other->endpoint == one.endpoint; });
  }
  /// `one` is of an endpoint that this holds.
  std::string words(const Judged& one) const {
    const auto same = std::find_if(judged.begin(), judged.end(),
                                   [&](const Judged* other) { return other->endpoint == one.endpoint; });
    const Packet& packet = (*same)->packet;
    return peer_words(packet.peer) + " is no address of an endpoint for " + packet.service;
  }
};
Elsewhere elsewhere(const Inside& inside, const Finding& finding, FindingAbout about);
/// What gives the name those addresses.
Behind behind_elsewhere(const Inside& inside, const Finding& finding, const Elsewhere& found);
/// Rules for an address that no interface has decide nothing: what gives it to the name comes in their place.
void put_names_first(const Inside& inside, const Finding& finding, Behind& behind);
/// A VPC without any interface endpoint whose route leads the public addresses out was made to reach them
/// there: what stops them on that path is at fault, and no endpoint is missing.
void put_path_first(const Inside& inside, const Finding& finding, Behind& behind);

}  // namespace vpcprobe
