#pragma once
#include <chrono>
#include <memory>
#include <string>
#include <vector>

#include "probes/loop.h"
#include "probes/observation.h"

namespace vpcprobe {

class DnsExchange;
class DnsPace;

/// Asks one DNS server, and only that one: no hosts file, no search list, no cache, no other server.
/// UDP with EDNS, TCP where the answer is truncated.
class Resolver {
 public:
  /// `timeout` bounds one question with everything that is sent for it. All resolvers of a run share one
  /// `pace`, which must outlive them.
  Resolver(Loop& loop, SocketAddress server, std::chrono::milliseconds timeout, DnsPace& pace);
  ~Resolver();

  /// Asks for A and AAAA at once. Never fails: what went wrong is the answer's status.
  Task<ResolverAnswer> ask(std::string name, bool ipv4, bool ipv6, Parkable* parkable);

 private:
  std::unique_ptr<DnsExchange> exchange_;
};

}  // namespace vpcprobe
