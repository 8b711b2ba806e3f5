#include "agent/doctor/judge.h"

#include <algorithm>

#include "agent/aws/catalog.h"
#include "agent/diagnosis/reach.h"
#include "agent/doctor/policy.h"

namespace vpcprobe {
namespace {

Cidr single(const IpAddress& address) { return {address, address.bits()}; }

Cidr anywhere(Family family) {
  Cidr range;
  range.base.family = family;
  return range;
}

std::string measured_word(const AddressObservation& seen) {
  switch (reach_of(seen)) {
    case Reach::connects:
      return "connects";
    case Reach::silent:
      return "silent";
    case Reach::refused:
      return "refused";
    case Reach::unreachable:
      return "unreachable";
    case Reach::unknown:
      break;
  }
  return {};
}

class Judge {
 public:
  Judge(const Configuration& configuration, const Report& report, const Who& who)
      : configuration_(configuration), report_(report), who_(who) {
    if (const Vpc* vpc = configuration.vpcs.find(who.vpc)) ranges_ = vpc->ranges;
  }

  std::deque<Judged> all(bool measured) && {
    std::vector<std::string> subnets = who_.subnets;
    if (subnets.empty()) subnets.emplace_back();
    if (measured) subnets.resize(1);  // the report is of one task
    for (const std::string& subnet : subnets) {
      for (const EndpointReport& endpoint : report_.endpoints) {
        begin(endpoint, subnet);
        if (measured)
          judge_measured();
        else
          judge_predicted();
        if (measured) add_layer_addresses();
      }
    }
    return std::move(judged_);
  }

 private:
  void begin(const EndpointReport& endpoint, const std::string& subnet) {
    endpoint_ = &endpoint;
    subnet_ = subnet;
    service_ = service_of(endpoint, who_.region);
  }

  bool is_inside(const Cidr& within) const {
    const bool in_vpc = std::any_of(ranges_.begin(), ranges_.end(), [&](const Cidr& range) {
      return range.base.family == within.base.family && range.prefix <= within.prefix &&
             range.contains(within.base);
    });
    return in_vpc || scope_of(within.base, {}) != Scope::public_;
  }

  /// The task as rules see it: its address, else its subnet, else any address of the family.
  Peer task(Family family) const {
    Peer peer{anywhere(family), false, who_.groups};
    const Subnet* subnet = configuration_.subnets.find(subnet_);
    for (const Cidr& range : subnet == nullptr ? std::vector<Cidr>{} : subnet->ranges)
      if (range.base.family == family) peer.within = range;
    for (const IpAddress& address : who_.addresses)
      if (address.family == family && scope_of(address, {}) != Scope::link_local)
        peer.within = single(address);
    return peer;
  }

  Packet packet(const Cidr& within, bool is_public) const {
    Packet packet;
    packet.vpc = who_.vpc;
    packet.subnet = subnet_;
    packet.task = task(within.base.family);
    packet.has_public_address = who_.has_public_address;
    packet.peer = {within, is_public};
    packet.port = endpoint_->port;
    packet.service = service_;
    return packet;
  }

  Judged& add(Packet packet) {
    locate_peer(configuration_, packet);
    judged_.push_back({endpoint_, std::move(packet)});
    judged_.back().hops = walk(configuration_, judged_.back().packet);
    return judged_.back();
  }

  std::vector<PathHop> name() const {
    return judge_name(configuration_, who_.vpc, endpoint_->host, service_);
  }

  void judge_measured() {
    for (const AddressReport& address : endpoint_->addresses) {
      const Cidr within = single(address.seen.address);
      Packet one = packet(within, !is_inside(within));
      // Behind NAT64 the owner is of the IPv4 address, and no prefix list has what the packet goes to.
      const auto translated = behind_nat64(address.seen.address);
      if (!translated) one.owner = address.owner;
      Judged& judged = add(std::move(one));
      judged.measured = measured_word(address.seen);
      const bool is_public = translated ? !is_inside(single(*translated)) : judged.packet.peer.is_public;
      const bool is_wrong_answer = endpoint_->expects == "interface" && is_public;
      if (is_wrong_answer && judged.measured != "connects") judged.name = name();
    }
    const bool has_no_answer = endpoint_->addresses.empty() && endpoint_->dns &&
                               endpoint_->dns->status != DnsStatus::ok &&
                               endpoint_->dns->status != DnsStatus::cancelled;
    if (has_no_answer) add_nameless();
  }

  /// Addresses of the image's layers: a host of their own, which a finding names.
  void add_layer_addresses() {
    for (const Finding& finding : report_.findings) {
      const bool is_here = finding.code == "layer-unreachable" && finding.endpoint == endpoint_->id &&
                           evidence_true(finding, "closed");
      for (const std::string& text : is_here ? finding.addresses : std::vector<std::string>{}) {
        const auto address = IpAddress::parse(text);
        const auto& known = endpoint_->addresses;
        const bool is_judged = std::any_of(known.begin(), known.end(), [&](const AddressReport& one) {
          return address && one.seen.address == *address;
        });
        if (!address || is_judged) continue;
        const Cidr within = single(*address);
        add(packet(within, !is_inside(within))).measured = "silent";
      }
    }
  }

  /// A name without an address: only its resolution can be judged.
  void add_nameless() {
    Judged judged{endpoint_, packet(anywhere(Family::ipv4), true)};
    judged.name = name();
    judged_.push_back(std::move(judged));
  }

  /// The addresses of an endpoint's interfaces; its subnets where these were not read.
  std::vector<Cidr> places_of(const VpcEndpoint& endpoint) const {
    std::vector<Cidr> places;
    for (const std::string& id : endpoint.interfaces) {
      const NetworkInterface* interface = configuration_.interfaces.find(id);
      if (interface == nullptr) continue;
      for (const IpAddress& address : interface->addresses) places.push_back(single(address));
    }
    for (const std::string& id : endpoint.subnets.value_or(std::vector<std::string>{})) {
      const Subnet* subnet = configuration_.subnets.find(id);
      const bool is_covered =
          subnet == nullptr || std::any_of(places.begin(), places.end(), [&](const Cidr& place) {
            return std::any_of(subnet->ranges.begin(), subnet->ranges.end(),
                               [&](const Cidr& range) { return range.contains(place.base); });
          });
      if (!is_covered && !subnet->ranges.empty()) places.push_back(subnet->ranges.front());
    }
    return places;
  }

  void predict_endpoint(const VpcEndpoint& endpoint) {
    for (const Cidr& place : places_of(endpoint)) {
      Packet one = packet(place, false);
      locate_peer(configuration_, one);
      if (one.endpoint == nullptr) {  // a subnet: the endpoint's interface is somewhere in it
        one.endpoint = &endpoint;
        one.peer.groups = endpoint.groups;
        for (const auto& [id, subnet] : configuration_.subnets.by_id)
          if (std::find(subnet.ranges.begin(), subnet.ranges.end(), place) != subnet.ranges.end() &&
              subnet.vpc == who_.vpc)
            one.peer_subnet = id;
      }
      judged_.push_back({endpoint_, std::move(one)});
      judged_.back().hops = walk(configuration_, judged_.back().packet);
    }
  }

  /// The endpoint whose private DNS gives the name; null where the name stays public or that is not known.
  const VpcEndpoint* endpoint_of_name(const std::vector<PathHop>& name) const {
    const bool is_open = std::all_of(name.begin(), name.end(), [](const PathHop& hop) {
      return hop.verdict == HopVerdict::allows || hop.kind == HopKind::dns_firewall;
    });
    if (!is_open) return nullptr;
    for (const PathHop& hop : name)
      if (hop.kind == HopKind::endpoint_private_dns) return configuration_.endpoints.find(hop.id);
    return nullptr;
  }

  /// Hops because of which public addresses decide nothing: what other resolvers and private zones say is not
  /// read, and an unread endpoint may have the name.
  static std::vector<PathHop> doubts_of(const std::vector<PathHop>& name, bool by_interface) {
    const bool stays_public = std::any_of(
        name.begin(), name.end(), [](const PathHop& hop) { return hop.verdict == HopVerdict::denies; });
    std::vector<PathHop> doubts;
    for (const PathHop& hop : name) {
      const bool is_suspect = hop.block != Block::none && (by_interface || hop.kind == HopKind::hosted_zone);
      const bool is_unread = !by_interface && !stays_public;
      if (hop.verdict == HopVerdict::unknown && (is_suspect || is_unread)) doubts.push_back(hop);
    }
    return doubts;
  }

  /// A range of the service's public addresses, from its prefix list; else any public address.
  Cidr public_place() const {
    for (const auto& [id, list] : configuration_.prefix_lists.by_id) {
      if (list.name != service_ || service_.empty() || endpoint_->expects != "gateway") continue;
      for (const Cidr& range : list.ranges.value_or(std::vector<Cidr>{}))
        if (range.base.family == Family::ipv4) return range;
    }
    return anywhere(Family::ipv4);
  }

  void judge_predicted() {
    if (!recognise_bucket(endpoint_->host)) return add_nameless();  // where it leads, only DNS knows
    const bool by_interface = endpoint_->expects == "interface";
    const std::vector<PathHop> resolution =
        judge_name(configuration_, who_.vpc, endpoint_->host,
                   service_of(*endpoint_, who_.region, EndpointType::interface));
    if (const VpcEndpoint* endpoint = endpoint_of_name(resolution)) {  // S3 has both kinds
      predict_endpoint(*endpoint);
      return;
    }
    Judged& judged = add(packet(public_place(), true));
    const bool is_closed = reachability_of(judged.hops) != Reachability::reachable;
    judged.name = by_interface && is_closed ? resolution : doubts_of(resolution, by_interface);
  }

  const Configuration& configuration_;
  const Report& report_;
  const Who& who_;
  std::vector<Cidr> ranges_;  ///< of the VPC
  const EndpointReport* endpoint_ = nullptr;
  std::string subnet_, service_;
  std::deque<Judged> judged_;
};

}  // namespace

std::string service_of(const EndpointReport& endpoint, const std::string& region) {
  return service_of(endpoint, region,
                    endpoint.expects == "gateway" ? EndpointType::gateway : EndpointType::interface);
}

std::string service_of(const EndpointReport& endpoint, const std::string& region, EndpointType type) {
  const auto known = recognise_bucket(endpoint.host);
  if (!known) return {};
  const std::string& own = known->values.region.empty() ? region : known->values.region;
  return privatelink_name(*known->service, *known->partition, own, type, known->form);
}

std::deque<Judged> judge_endpoints(const Configuration& configuration, const Report& report, const Who& who,
                                   bool measured) {
  return Judge(configuration, report, who).all(measured);
}

}  // namespace vpcprobe
