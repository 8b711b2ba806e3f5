#pragma once
#include <string>

namespace vpcprobe {

/// Name and version of a library in this process, for `--version`: "OpenSSL 3.0.17". The file that wraps the
/// library defines the function.
std::string tls_library();
std::string http_library();
std::string dns_library();

}  // namespace vpcprobe
