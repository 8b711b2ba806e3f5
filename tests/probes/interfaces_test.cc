#include "probes/interfaces.h"

#include <ifaddrs.h>
#include <net/if.h>
#include <netinet/in.h>

#include <deque>

#include "catch.h"

using namespace vpcprobe;

namespace {

/// A list as getifaddrs(3) gives it, from texts.
class InterfaceList {
 public:
  void add(const char* address, const char* mask, unsigned flags = IFF_UP) {
    ifaddrs& entry = entries_.emplace_back();
    entry.ifa_flags = flags;
    entry.ifa_addr = socket_address(address);
    entry.ifa_netmask = socket_address(mask);
    if (entries_.size() > 1) entries_[entries_.size() - 2].ifa_next = &entry;
  }
  std::vector<std::string> read() const {
    std::vector<std::string> texts;
    for (const InterfaceAddress& own :
         read_interface_addresses(entries_.empty() ? nullptr : &entries_.front()))
      texts.push_back(own.address.to_string() + " in " + own.link.to_string());
    return texts;
  }

 private:
  sockaddr* socket_address(const char* text) {
    if (text == nullptr) return nullptr;
    sockaddr_storage& place = addresses_.emplace_back();
    SocketAddress{IpAddress::parse(text).value(), 0}.fill(place);
    return reinterpret_cast<sockaddr*>(&place);
  }
  std::deque<ifaddrs> entries_;
  std::deque<sockaddr_storage> addresses_;
};

using Texts = std::vector<std::string>;

}  // namespace

TEST_CASE("own addresses are those of interfaces that are up, with their prefix lengths") {
  InterfaceList list;
  list.add("127.0.0.1", "255.0.0.0", IFF_UP | IFF_LOOPBACK);
  list.add("10.0.1.23", "255.255.255.0");
  list.add("10.0.1.24", "255.255.255.0");
  list.add("10.9.0.1", "255.255.0.0", 0);  // down
  list.add("2a05:d018:1:101::23", "ffff:ffff:ffff:ffff::");
  list.add("2a05:d018:1:101::24", "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff");
  CHECK(list.read() == Texts{"10.0.1.23 in 10.0.1.0/24", "10.0.1.24 in 10.0.1.0/24",
                             "2a05:d018:1:101::23 in 2a05:d018:1:101::/64",
                             "2a05:d018:1:101::24 in 2a05:d018:1:101::24/128"});
}

TEST_CASE("link-local and loopback addresses are no subnet, whatever interface has them") {
  InterfaceList list;
  list.add("169.254.76.1", "255.255.254.0");  // all that a Lambda function has
  list.add("fe80::1", "ffff:ffff:ffff:ffff::");
  list.add("127.0.0.5", "255.0.0.0");
  list.add("::1", "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff");
  CHECK(list.read().empty());
}

TEST_CASE("an entry without an address or with a mask that is none is left out") {
  InterfaceList list;
  list.add(nullptr, nullptr);
  list.add("10.0.1.23", nullptr);
  list.add("10.0.1.23", "255.0.255.0");
  list.add("10.0.1.23", "ffff::");
  list.add("192.168.7.2", "255.255.255.255");
  CHECK(list.read() == Texts{"192.168.7.2 in 192.168.7.2/32"});
  CHECK(InterfaceList().read().empty());
}
