// The one file that knows c-ares: 1.18 (Debian 12) and 1.34 (Debian 13). It writes and reads messages only;
// its own transport keeps no question apart from another: 1.18 gives up EDNS for a whole channel by flipping
// a flag, fails every question behind the first when a TCP connection closes, and names neither reason.
#define CARES_NO_DEPRECATED  // 1.34 deprecates ares_create_query and ares_parse_*_reply; 1.18 has nothing
                             // else
#include "probes/dns_message.h"

#include <ares.h>
#include <arpa/nameser.h>

#include <algorithm>
#include <cstddef>
#include <cstring>

#include "probes/letter_case.h"
#include "probes/library_versions.h"

namespace vpcprobe {
namespace {

constexpr std::size_t kHeader = 12;       // RFC 1035 section 4.1.1
constexpr std::size_t kQuestionTail = 4;  // type, class
constexpr std::size_t kRecordHead = 10;   // type, class, TTL, length of the data
constexpr std::size_t kLongestMessage = 65535;
constexpr int kLargestUdpAnswer = 1232;  // fits every path unfragmented (DNS flag day 2020)
constexpr unsigned kTypeCname = 5;       // RFC 1035 section 3.2.2

const unsigned char* bytes_of(std::string_view message) {
  return reinterpret_cast<const unsigned char*>(message.data());
}

unsigned byte_at(std::string_view message, std::size_t at) { return bytes_of(message)[at]; }

unsigned read16(std::string_view message, std::size_t at) {
  return byte_at(message, at) << 8 | byte_at(message, at + 1);
}

unsigned rcode_of(std::string_view message) { return byte_at(message, 3) & 0x0FU; }

// Expands the name at `at` and moves past it; empty where it is malformed.
std::string read_name(std::string_view message, std::size_t& at) {
  char* name = nullptr;
  long used = 0;
  if (ares_expand_name(bytes_of(message) + at, bytes_of(message), static_cast<int>(message.size()), &name,
                       &used) != ARES_SUCCESS)
    return "";
  at += static_cast<std::size_t>(used);
  std::string text(name);
  ares_free_string(name);
  return text;
}

std::optional<std::string> write_query(const std::string& name, Family family, std::uint16_t id,
                                       int largest_answer) {
  unsigned char* bytes = nullptr;
  int length = 0;
  const int type = family == Family::ipv4 ? ns_t_a : ns_t_aaaa;
  if (ares_create_query(name.c_str(), ns_c_in, type, id, 1, &bytes, &length, largest_answer) != ARES_SUCCESS)
    return std::nullopt;
  std::string message(reinterpret_cast<const char*>(bytes), static_cast<std::size_t>(length));
  ares_free_string(bytes);
  constexpr char kRecursionDesired = 1;
  message.at(2) = static_cast<char>(message[2] | kRecursionDesired);  // some versions of 1.34 leave it out
  return message;
}

// Both rows begin with the address; `read_rows` copies it from there.
static_assert(offsetof(ares_addrttl, ipaddr) == 0 && offsetof(ares_addr6ttl, ip6addr) == 0);

template <typename Row, typename Parse>
DnsStatus read_rows(std::string_view message, Family family, std::vector<AddressRecord>& records,
                    Parse parse) {
  // No record is shorter than 12 bytes, so no answer holds more.
  std::vector<Row> rows(message.size() / 12 + 1);
  int count = static_cast<int>(rows.size());
  const int status = parse(bytes_of(message), static_cast<int>(message.size()), nullptr, rows.data(), &count);
  if (status == ARES_ENODATA) return DnsStatus::no_data;
  if (status != ARES_SUCCESS) return DnsStatus::malformed;
  for (int i = 0; i < count; ++i) {
    const Row& row = rows[static_cast<std::size_t>(i)];
    IpAddress address;
    address.family = family;
    std::memcpy(address.bytes.data(), &row, static_cast<std::size_t>(address.bits()) / 8);
    records.push_back({address, static_cast<std::uint32_t>(std::max(row.ttl, 0))});
  }
  return count > 0 ? DnsStatus::ok : DnsStatus::no_data;
}

DnsStatus status_of_rcode(unsigned rcode) {
  switch (rcode) {
    case ns_r_noerror:
      return DnsStatus::ok;
    case ns_r_formerr:
      return DnsStatus::malformed;
    case ns_r_nxdomain:
      return DnsStatus::not_found;
    case ns_r_refused:
      return DnsStatus::refused;
    default:
      return DnsStatus::server_failure;
  }
}

}  // namespace

std::optional<DnsQuery> make_dns_query(const std::string& name, Family family, std::uint16_t id) {
  const auto with_edns = write_query(name, family, id, kLargestUdpAnswer);
  const auto plain = write_query(name, family, static_cast<std::uint16_t>(id + 1), 0);
  if (!with_edns || !plain) return std::nullopt;
  return DnsQuery{id, family, *with_edns, *plain};
}

std::uint16_t dns_id(std::string_view message) {
  return message.size() < kHeader ? std::uint16_t{0} : static_cast<std::uint16_t>(read16(message, 0));
}

bool answers_query(std::string_view message, const DnsQuery& query) {
  constexpr unsigned kResponse = 0x80;
  if (message.size() < kHeader || message.size() > kLongestMessage) return false;
  const bool is_ours = dns_id(message) == query.id || dns_id(message) == query.id + 1;
  if (!is_ours || (byte_at(message, 2) & kResponse) == 0) return false;
  const unsigned questions = read16(message, 4);
  if (questions == 0) return rcode_of(message) != ns_r_noerror && rcode_of(message) != ns_r_nxdomain;
  const std::string_view asked = std::string_view(query.plain).substr(kHeader);
  const std::string_view repeated = message.substr(kHeader, asked.size());
  return questions == 1 && same_name(asked, repeated);
}

bool is_truncated(std::string_view message) {
  constexpr unsigned kTruncated = 0x02;
  return message.size() >= kHeader && (byte_at(message, 2) & kTruncated) != 0;
}

bool may_refuse_edns(std::string_view message) {
  if (message.size() < kHeader) return false;
  const unsigned rcode = rcode_of(message);
  return rcode == ns_r_formerr || rcode == ns_r_notimpl || rcode == ns_r_servfail;
}

DnsReply read_dns_reply(std::string_view message, Family family) {
  DnsReply reply;
  if (message.size() < kHeader || message.size() > kLongestMessage) return reply;
  reply.status = status_of_rcode(rcode_of(message));
  reply.cnames = read_cnames(message);
  if (reply.status != DnsStatus::ok) return reply;
  reply.status = family == Family::ipv4
                     ? read_rows<ares_addrttl>(message, family, reply.records, ares_parse_a_reply)
                     : read_rows<ares_addr6ttl>(message, family, reply.records, ares_parse_aaaa_reply);
  return reply;
}

// c-ares 1.18 keeps only the first name of a chain of CNAMEs, so the chain is read here (RFC 1035
// section 4.1).
std::vector<std::string> read_cnames(std::string_view message) {
  std::vector<std::string> cnames;
  constexpr std::size_t kMostCnames = 16;
  if (message.size() < kHeader || message.size() > kLongestMessage) return cnames;
  std::size_t at = kHeader;
  const auto left = [&] { return message.size() - at; };
  if (read16(message, 4) != 1 || read_name(message, at).empty() || left() < kQuestionTail) return cnames;
  at += kQuestionTail;
  for (unsigned records = read16(message, 6); records > 0 && cnames.size() < kMostCnames; --records) {
    if (read_name(message, at).empty() || left() < kRecordHead) return cnames;
    const unsigned type = read16(message, at);
    const std::size_t size = read16(message, at + 8);
    at += kRecordHead;
    if (left() < size) return cnames;
    std::size_t target = at;
    if (type == kTypeCname) cnames.push_back(read_name(message, target));
    at += size;
  }
  return cnames;
}

std::string dns_library() { return std::string("c-ares ") + ares_version(nullptr); }

}  // namespace vpcprobe
