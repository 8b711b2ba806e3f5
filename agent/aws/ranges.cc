// Whose a public address is, by AWS's published ranges. The tables are made at build time; see aws_ranges.py.
#include <algorithm>
#include <iterator>

#include "agent/aws/catalog.h"
#include "aws_ranges_table.h"

namespace vpcprobe {
namespace {

using namespace aws_ranges;

static_assert(std::size(kStart4) == std::size(kOwner4));
static_assert(std::size(kStart6) == std::size(kOwner6));

std::uint64_t read_bytes(const IpAddress& address, std::size_t from, std::size_t to) {
  std::uint64_t value = 0;
  for (std::size_t i = from; i < to; ++i) value = value << 8 | address.bytes[i];
  return value;
}

/// Lower half of the start of an IPv6 interval.
std::uint64_t low_of(std::size_t interval) {
  const auto* found =
      std::lower_bound(std::begin(kFine6), std::end(kFine6), interval,
                       [](const Fine& fine, std::size_t index) { return fine.interval < index; });
  return found != std::end(kFine6) && found->interval == interval ? found->low : 0;
}

std::size_t owner_of_ipv4(std::uint32_t address) {
  const auto* after = std::upper_bound(std::begin(kStart4), std::end(kStart4), address);
  return after == std::begin(kStart4) ? 0 : kOwner4[after - std::begin(kStart4) - 1];
}

std::size_t owner_of_ipv6(std::uint64_t high, std::uint64_t low) {
  auto interval = static_cast<std::size_t>(std::upper_bound(std::begin(kStart6), std::end(kStart6), high) -
                                           std::begin(kStart6));
  while (interval > 0) {
    --interval;
    if (kStart6[interval] < high || low_of(interval) <= low) return kOwner6[interval];
  }
  return 0;
}

}  // namespace

AddressOwner owner_of(const IpAddress& address) {
  const std::size_t index = address.family == Family::ipv4
                                ? owner_of_ipv4(static_cast<std::uint32_t>(read_bytes(address, 0, 4)))
                                : owner_of_ipv6(read_bytes(address, 0, 8), read_bytes(address, 8, 16));
  return {kOwners[index].service, kOwners[index].region};
}

bool ranges_hold(std::string_view region) {
  return std::any_of(std::begin(kOwners), std::end(kOwners),
                     [&](const auto& owner) { return owner.region == region; });
}

std::string_view ranges_date() { return kDate; }

}  // namespace vpcprobe
