#include <cstdint>
#include <fstream>
#include <optional>
#include <random>
#include <sstream>

#include "agent/aws/catalog.h"
#include "catch.h"
#include "golden.h"

using namespace vpcprobe;

namespace {

struct Row {
  std::string service;
  std::string region;
  Cidr range;
};

const std::vector<Row>& published() {
  static const std::vector<Row> rows = [] {
    std::ifstream file(in_tree("agent/aws/ranges.tsv"));
    std::vector<Row> read;
    std::string line;
    std::getline(file, line);
    std::getline(file, line);
    while (std::getline(file, line)) {
      std::istringstream fields(line);
      Row row;
      std::string prefix;
      std::getline(fields, row.service, '\t');
      std::getline(fields, row.region, '\t');
      std::getline(fields, prefix, '\t');
      row.range = Cidr::parse(prefix).value();
      read.push_back(row);
    }
    return read;
  }();
  return rows;
}

int rank(const std::string& service) { return service == "S3" ? 0 : service == "DYNAMODB" ? 1 : 2; }

/// Reads every row: the most specific service, among equals the longest prefix.
const Row* by_brute_force(const IpAddress& address) {
  const Row* best = nullptr;
  for (const Row& row : published()) {
    if (!row.range.contains(address)) continue;
    const bool better = best == nullptr || rank(row.service) < rank(best->service) ||
                        (rank(row.service) == rank(best->service) && row.range.prefix > best->range.prefix);
    if (better) best = &row;
  }
  return best;
}

void check_same(const IpAddress& address) {
  const Row* expected = by_brute_force(address);
  const AddressOwner found = owner_of(address);
  const bool same = expected == nullptr
                        ? found.service.empty()
                        : found.service == expected->service && found.region == expected->region;
  INFO(address.to_string() << ": " << found.service << " " << found.region);
  CHECK(same);
}

IpAddress first_of(const Cidr& range) { return range.base; }

IpAddress last_of(const Cidr& range) {
  IpAddress address = range.base;
  for (int bit = range.prefix; bit < address.bits(); ++bit) {
    address.bytes[static_cast<std::size_t>(bit / 8)] |= static_cast<std::uint8_t>(0x80 >> (bit % 8));
  }
  return address;
}

/// The neighbour above or below; nothing past the ends.
std::optional<IpAddress> step(IpAddress address, int direction) {
  for (int i = address.bits() / 8 - 1; i >= 0; --i) {
    std::uint8_t& byte = address.bytes[static_cast<std::size_t>(i)];
    byte = static_cast<std::uint8_t>(byte + direction);
    const bool carries = direction > 0 ? byte == 0 : byte == 0xff;
    if (!carries) return address;
  }
  return std::nullopt;
}

std::string owner(const char* address) {
  const AddressOwner found = owner_of(IpAddress::parse(address).value());
  return std::string(found.service) + " " + std::string(found.region);
}

}  // namespace

TEST_CASE("known addresses have their owners") {
  CHECK(ranges_date() == "2026-08-22");
  CHECK(owner("52.218.30.10") == "S3 eu-west-1");
  CHECK(owner("52.216.0.1") == "S3 us-east-1");
  CHECK(owner("52.94.5.5").substr(0, 8) == "DYNAMODB");
  CHECK(owner("10.0.0.1") == " ");
  CHECK(owner("8.8.8.8") == " ");
  CHECK(owner("0.0.0.0") == " ");
  CHECK(owner("255.255.255.255") == " ");
  CHECK(owner("::") == " ");
  CHECK(owner("ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff") == " ");
}

TEST_CASE("the borders of published ranges agree with the list") {
  // One range in seven, because each check reads the whole list.
  for (std::size_t i = 0; i < published().size(); i += 7) {
    const Cidr& range = published()[i].range;
    check_same(first_of(range));
    check_same(last_of(range));
    if (const auto below = step(first_of(range), -1)) check_same(*below);
    if (const auto above = step(last_of(range), 1)) check_same(*above);
  }
}

TEST_CASE("ranges narrower than /64 agree with the list") {
  for (const Row& row : published()) {
    if (row.range.prefix <= 64) continue;
    check_same(first_of(row.range));
    check_same(last_of(row.range));
    if (const auto below = step(first_of(row.range), -1)) check_same(*below);
    if (const auto above = step(last_of(row.range), 1)) check_same(*above);
  }
}

TEST_CASE("random addresses agree with the list") {
  std::mt19937_64 random(20260822);
  for (int i = 0; i < 2000; ++i) {
    // Half anywhere, half inside a published range.
    const Row& row = published()[random() % published().size()];
    IpAddress address = row.range.base;
    const int keep = i % 2 == 0 ? row.range.prefix : 0;
    for (int bit = keep; bit < address.bits(); ++bit) {
      if (random() % 2 == 0)
        address.bytes[static_cast<std::size_t>(bit / 8)] ^= static_cast<std::uint8_t>(0x80 >> (bit % 8));
    }
    check_same(address);
  }
}
