#pragma once
#include <string>
#include <string_view>

#include "agent/image/web_address.h"

namespace vpcprobe {

/// How a registry wants to be asked, from its WWW-Authenticate header (RFC 9110 section 11; the distribution
/// specification's token authentication).
enum class LoginScheme : std::uint8_t { none, basic, bearer, other };

struct Challenge {
  LoginScheme scheme = LoginScheme::none;
  std::string realm;
  std::string service;
  std::string scope;
};

/// Reads the first challenge. Any bytes are safe; at most 4 KiB of them are looked at.
Challenge parse_challenge(std::string_view header);

/// Where an anonymous token for reading `repository` is asked for. The realm may be on another host.
ReadAddress token_address(const Challenge& challenge, const WebAddress& registry,
                          std::string_view repository);

}  // namespace vpcprobe
