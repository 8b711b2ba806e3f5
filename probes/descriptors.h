#pragma once
// How many sockets may be open.

namespace vpcprobe {

/// Descriptors of sockets: how many may be open, and are.
struct Descriptors {
  unsigned most;
  unsigned open = 0;
  bool is_free() const { return open < most; }
  /// Sockets of further SYNs take no more than half: addresses that wait for their first SYN go before.
  bool is_spare() const { return open < most / 2; }
};

/// How many descriptors are free for sockets, one at least. Raises this process's own soft limit.
unsigned free_descriptors();

}  // namespace vpcprobe
