#pragma once
#include <chrono>
#include <memory>
#include <string>
#include <vector>

#include "probes/loop.h"
#include "probes/observation.h"

namespace vpcprobe {

/// Asks one DNS server, and only that one: no hosts file, no search list, no cache, no other server.
/// UDP with EDNS, TCP where the answer is truncated (c-ares).
class Resolver {
 public:
  /// `timeout` bounds one question with its one retransmission.
  Resolver(Loop& loop, SocketAddress server, std::chrono::milliseconds timeout);
  ~Resolver();

  /// Asks for A and AAAA at once. Never fails: what went wrong is the answer's status.
  Task<ResolverAnswer> ask(std::string name, bool ipv4, bool ipv6, Parkable* parkable);

 private:
  class Channel;
  std::unique_ptr<Channel> channel_;
};

/// The targets of the CNAME records in a DNS message, in order, at most 16; any bytes are safe.
std::vector<std::string> read_cnames(const unsigned char* answer, int length);

}  // namespace vpcprobe
