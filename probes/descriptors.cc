#include "probes/descriptors.h"

#include <fcntl.h>
#include <sys/resource.h>

#include <algorithm>

namespace vpcprobe {
namespace {

// Reserved for everything that is not an endpoint's socket; at most half of the free descriptors.
constexpr unsigned kDescriptorsKept = 64;

// Inherited descriptors have low numbers.
unsigned count_open(unsigned limit) {
  constexpr unsigned kLooked = 1024;
  unsigned open = 0;
  for (unsigned fd = 0; fd < std::min(limit, kLooked); ++fd)
    if (fcntl(static_cast<int>(fd), F_GETFD) >= 0) ++open;
  return open;
}

}  // namespace

unsigned free_descriptors() {
  rlimit limit{};
  getrlimit(RLIMIT_NOFILE, &limit);
  limit.rlim_cur = limit.rlim_max;
  setrlimit(RLIMIT_NOFILE, &limit);  // our own soft limit; ECS gives 1024 soft
  getrlimit(RLIMIT_NOFILE, &limit);
  constexpr rlim_t kEnough = 65536;
  const auto most = static_cast<unsigned>(std::min(limit.rlim_cur, kEnough));
  const unsigned open = count_open(most);
  const unsigned free = most > open ? most - open : 0;
  return std::max(free - std::min(kDescriptorsKept, free / 2), 1U);
}

}  // namespace vpcprobe
