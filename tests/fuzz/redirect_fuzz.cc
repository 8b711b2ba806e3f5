// Whatever a Location or WWW-Authenticate header holds: an https address on a host that may be asked, or
// none.
#include <cstdint>
#include <cstdlib>

#include "agent/aws/host_name.h"
#include "agent/image/registry_challenge.h"
#include "agent/task/image_reference.h"

namespace {

using namespace vpcprobe;

void look_at(const ReadAddress& read) {
  if (read.fault != AddressFault::none) return;
  const WebAddress& address = read.address;
  const bool host = is_host_name(address.host) || IpAddress::parse(address.host);
  if (!host || address.port == 0 || !address.target.starts_with('/')) std::abort();
  for (const char c : address.url()) {
    if (c <= ' ' || c > '~') std::abort();
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const WebAddress base{"registry.example.com", 443, "/v2/app/blobs/x"};
  look_at(read_address(text, base));
  look_at(token_address(parse_challenge(text), base, "app"));
  if (const auto image = parse_image(text)) {
    WebAddress address = base;
    address.target = "/v2/" + image->repository + "/manifests/" + image->reference;
    look_at({AddressFault::none, address});
  }
  return 0;
}
