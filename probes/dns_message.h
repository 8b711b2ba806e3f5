#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "probes/observation.h"

namespace vpcprobe {

/// One question of one type as a DNS message (RFC 1035 section 4), in two forms. Each has an id of its own,
/// so that a late answer to one is not taken for an answer to the other.
struct DnsQuery {
  std::uint16_t id = 0;          ///< of the form with EDNS, even; the plain form has the next
  Family family = Family::ipv4;  ///< A or AAAA
  std::string with_edns;         ///< with an OPT record: UDP answers up to 1232 bytes (RFC 6891)
  std::string plain;             ///< without: for resolvers that do not know EDNS
};

/// Empty where `name` cannot be a DNS name. `id` must be even.
std::optional<DnsQuery> make_dns_query(const std::string& name, Family family, std::uint16_t id);

/// The id of a DNS message; 0 where it has no header. Any bytes are safe, here and below.
std::uint16_t dns_id(std::string_view message);

/// True where `message` answers one form of `query`: its id, the same question. An error may come without the
/// question, as servers older than EDNS send it.
bool answers_query(std::string_view message, const DnsQuery& query);

/// True where the answer did not fit into a datagram (TC): the whole of it comes over TCP.
bool is_truncated(std::string_view message);

/// True where the error may be about EDNS and not about the name: FORMERR and NOTIMP (RFC 6891 section 7),
/// and SERVFAIL, with which some forwarders pass such an error on.
bool may_refuse_edns(std::string_view message);

struct AddressRecord {
  IpAddress address;
  std::uint32_t ttl = 0;  ///< seconds
};

/// What an answer says. `malformed` for FORMERR and for bytes that cannot be read.
struct DnsReply {
  DnsStatus status = DnsStatus::malformed;
  std::vector<AddressRecord> records;
  std::vector<std::string> cnames;  ///< as read_cnames()
};
DnsReply read_dns_reply(std::string_view message, Family family);

/// The targets of the CNAME records in a DNS message, in order, at most 16.
std::vector<std::string> read_cnames(std::string_view message);

}  // namespace vpcprobe
