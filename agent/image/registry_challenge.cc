#include "agent/image/registry_challenge.h"

#include <algorithm>
#include <array>

#include "agent/base/percent.h"
#include "agent/base/text_search.h"

namespace vpcprobe {
namespace {

constexpr std::size_t kLongestHeader = 4096;
constexpr std::string_view kPlainInQuery = ":/";  // RFC 3986, section 3.4

std::string_view trimmed(std::string_view text) {
  const std::size_t first = std::min(text.find_first_not_of(" \t,"), text.size());
  return text.substr(first);
}

/// A token or a quoted string with its escapes, taken off the front of `rest`.
std::string take_value(std::string_view& rest) {
  std::string value;
  if (!rest.starts_with('"')) {
    const std::size_t end = std::min(rest.find_first_of(", \t"), rest.size());
    value = rest.substr(0, end);
    rest.remove_prefix(end);
    return value;
  }
  rest.remove_prefix(1);
  while (!rest.empty() && rest.front() != '"') {
    if (rest.front() == '\\' && rest.size() > 1) rest.remove_prefix(1);
    value += rest.front();
    rest.remove_prefix(1);
  }
  if (!rest.empty()) rest.remove_prefix(1);
  return value;
}

LoginScheme scheme_named(std::string_view word) {
  const std::string name = lower_case(word);
  if (name.empty()) return LoginScheme::none;
  if (name == "basic") return LoginScheme::basic;
  return name == "bearer" ? LoginScheme::bearer : LoginScheme::other;
}

}  // namespace

Challenge parse_challenge(std::string_view header) {
  std::string_view rest = trimmed(header.substr(0, kLongestHeader));
  const std::size_t space = std::min(rest.find_first_of(" \t,"), rest.size());
  Challenge challenge;
  challenge.scheme = scheme_named(rest.substr(0, space));
  rest = trimmed(rest.substr(space));
  while (!rest.empty()) {
    const std::size_t sign = rest.find_first_of("= \t,");
    // A word without a value begins the next challenge.
    if (sign == rest.npos || rest[sign] != '=') break;
    const std::string key = lower_case(rest.substr(0, sign));
    rest.remove_prefix(sign + 1);
    const std::string value = take_value(rest);
    if (key == "realm") challenge.realm = value;
    if (key == "service") challenge.service = value;
    if (key == "scope") challenge.scope = value;
    rest = trimmed(rest);
  }
  return challenge;
}

ReadAddress token_address(const Challenge& challenge, const WebAddress& registry,
                          std::string_view repository) {
  ReadAddress out = read_address(challenge.realm, registry);
  if (out.fault != AddressFault::none) return out;
  const std::string scope =
      challenge.scope.empty() ? "repository:" + std::string(repository) + ":pull" : challenge.scope;
  std::string& target = out.address.target;
  target += target.find('?') == target.npos ? '?' : '&';
  if (!challenge.service.empty())
    target += "service=" + percent_encoded(challenge.service, kPlainInQuery) + "&";
  target += "scope=" + percent_encoded(scope, kPlainInQuery);
  return out;
}

}  // namespace vpcprobe
