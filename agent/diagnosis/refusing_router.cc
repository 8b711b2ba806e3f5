#include "agent/diagnosis/refusing_router.h"

#include <algorithm>
#include <set>

#include "agent/diagnosis/words.h"

namespace vpcprobe {
namespace {

// AWS: "VPC CIDR blocks": IPv4 blocks of /16 at most, an IPv6 block of /56 where Amazon provides it.
std::string block(const IpAddress& address) {
  const char* prefix = address.family == Family::ipv4 ? "/16" : "/56";
  return Cidr::parse(address.to_string() + prefix).value().to_string();
}

struct Place {
  std::string block;
  std::string neighbourhood;
  bool inside;
  const Subject* subject;
};

Place place_of(const AddressReport& address, const Subject& subject, const std::vector<Cidr>& known) {
  return {block(address.seen.address), neighbourhood(address.seen.address, known), is_inside(address.scope),
          &subject};
}

struct Places {
  std::vector<std::pair<const AddressReport*, Place>> refused;
  std::set<std::string> connecting;  ///< neighbourhoods
};

Places places_of(const std::vector<Subject>& subjects, const std::vector<Cidr>& known) {
  Places places;
  for (const Subject& subject : subjects) {
    for (const AddressReport* address : subject.addresses.all()) {
      Place place = place_of(*address, subject, known);
      if (reach_of(address->seen) == Reach::connects) places.connecting.insert(place.neighbourhood);
      if (is_refused_by_router(*address)) places.refused.emplace_back(address, std::move(place));
    }
  }
  return places;
}

}  // namespace

bool is_refused_by_router(const AddressReport& address) {
  return reach_of(address.seen) == Reach::unreachable && address.seen.tcp->icmp &&
         address.seen.tcp->icmp->from != address.seen.address.to_string();
}

bool is_prohibited(const AddressReport& address) {
  if (!is_refused_by_router(address)) return false;
  const IcmpError& icmp = *address.seen.tcp->icmp;
  if (address.seen.address.family == Family::ipv6)
    return icmp.type == 1 && (icmp.code == 1 || icmp.code == 5 || icmp.code == 6);
  return icmp.type == 3 && (icmp.code == 9 || icmp.code == 10 || icmp.code == 13);
}

AddressList explained(const Subject& subject, const Refusals& refusals) {
  AddressList found;
  for (const AddressReport* address : subject.addresses.all())
    if (refusals.contains(address)) found.push_back(address);
  return found;
}

bool is_refused_whole(const Subject& subject, const Refusals& refusals) {
  const AddressList all = subject.addresses.all();
  const AddressList silent = with(all, Reach::silent);
  return !any_is(all, Reach::connects) && !silent.empty() &&
         explained(subject, refusals).size() == silent.size();
}

std::string silence_beside(std::size_t silent) {
  return "; " + count_words(silent, "other address") + (silent == 1 ? " stays" : " stay") +
         " silent, as routers limit the rate of ICMP";
}

std::string neighbourhood(const IpAddress& address, const std::vector<Cidr>& known) {
  for (const Cidr& subnet : known) {
    if (subnet.contains(address)) return subnet.to_string();
  }
  const char* prefix = address.family == Family::ipv4 ? "/24" : "/64";
  return Cidr::parse(address.to_string() + prefix).value().to_string();
}

Refusals router_refusals(const std::vector<Subject>& subjects, const std::vector<Cidr>& own_subnets) {
  Refusals refusals;
  const Places places = places_of(subjects, own_subnets);
  if (places.refused.empty()) return refusals;
  for (const Subject& subject : subjects) {
    for (const AddressReport* address : with(subject.addresses.all(), Reach::silent)) {
      const Place place = place_of(*address, subject, own_subnets);
      const bool alone = !places.connecting.contains(place.neighbourhood);
      const auto witness = std::find_if(places.refused.begin(), places.refused.end(), [&](const auto& entry) {
        const Place& other = entry.second;
        return other.neighbourhood == place.neighbourhood ||
               ((alone || other.subject == place.subject) && other.block == place.block &&
                other.inside == place.inside);
      });
      if (witness != places.refused.end()) refusals.emplace(address, witness->first);
    }
  }
  return refusals;
}

}  // namespace vpcprobe
