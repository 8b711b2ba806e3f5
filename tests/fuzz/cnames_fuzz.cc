// Any bytes as a DNS message: the chain of CNAMEs is bounded, whatever the pointers in it do.
#include <cstdint>
#include <cstdlib>

#include "probes/resolve.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size > 65535) return 0;
  if (vpcprobe::read_cnames(data, static_cast<int>(size)).size() > 16) std::abort();
  return 0;
}
