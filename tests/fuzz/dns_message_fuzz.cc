// Any bytes as a DNS message: what is read of it is bounded, whatever the pointers in it do.
#include <cstdint>
#include <cstdlib>

#include "probes/dns_message.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace vpcprobe;
  static const auto query = make_dns_query("api.ecr.eu-west-1.amazonaws.com", Family::ipv4, 2);
  const std::string message(reinterpret_cast<const char*>(data), size);
  for (const Family family : {Family::ipv4, Family::ipv6}) {
    const DnsReply reply = read_dns_reply(message, family);
    if (reply.cnames.size() > 16 || reply.records.size() > size / 12) std::abort();
    if ((reply.status == DnsStatus::ok) == reply.records.empty()) std::abort();
  }
  if (answers_query(message, *query) && dns_id(message) / 2 != 1) std::abort();
  if (size < 12 && (is_truncated(message) || may_refuse_edns(message))) std::abort();
  return 0;
}
