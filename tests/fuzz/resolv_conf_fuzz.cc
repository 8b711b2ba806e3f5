// Any bytes as /etc/resolv.conf: what comes out are addresses with the DNS port.
#include <cstdint>
#include <cstdlib>

#include "agent/task/metadata.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace vpcprobe;
  for (const SocketAddress& server : parse_resolv_conf({reinterpret_cast<const char*>(data), size}))
    if (server.port != 53) std::abort();
  return 0;
}
