#include "agent/diagnosis/words.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <ctime>

#include "agent/diagnosis/reach.h"

namespace vpcprobe {
namespace {

struct Name {
  int number;
  const char* text;
};
// The errno names that connect(2) and IP_RECVERR can give; others print their number.
constexpr Name errno_names[] = {
    {EACCES, "EACCES"},
    {EPERM, "EPERM"},
    {EADDRNOTAVAIL, "EADDRNOTAVAIL"},
    {EAFNOSUPPORT, "EAFNOSUPPORT"},
    {ECONNREFUSED, "ECONNREFUSED"},
    {ECONNRESET, "ECONNRESET"},
    {EHOSTUNREACH, "EHOSTUNREACH"},
    {EHOSTDOWN, "EHOSTDOWN"},
    {ENETUNREACH, "ENETUNREACH"},
    {ENETDOWN, "ENETDOWN"},
    {ETIMEDOUT, "ETIMEDOUT"},
    {EINVAL, "EINVAL"},
    {EMSGSIZE, "EMSGSIZE"},
    {ENOPROTOOPT, "ENOPROTOOPT"},
};
// RFC 8446 section 6, and RFC 5246's for TLS 1.2.
constexpr Name alert_names[] = {
    {0, "close_notify"},
    {10, "unexpected_message"},
    {20, "bad_record_mac"},
    {22, "record_overflow"},
    {40, "handshake_failure"},
    {42, "bad_certificate"},
    {47, "illegal_parameter"},
    {48, "unknown_ca"},
    {49, "access_denied"},
    {50, "decode_error"},
    {51, "decrypt_error"},
    {70, "protocol_version"},
    {71, "insufficient_security"},
    {80, "internal_error"},
    {86, "inappropriate_fallback"},
    {90, "user_canceled"},
    {109, "missing_extension"},
    {110, "unsupported_extension"},
    {112, "unrecognized_name"},
    {116, "certificate_required"},
    {120, "no_application_protocol"},
};

template <std::size_t size>
const char* find_name(const Name (&names)[size], int number) {
  for (const Name& name : names) {
    if (name.number == number) return name.text;
  }
  return nullptr;
}

}  // namespace

std::string errno_words(int error) {
  const char* name = find_name(errno_names, error);
  return (name ? std::string(name) : "errno " + std::to_string(error)) + " (" + std::strerror(error) + ")";
}

std::string alert_words(int alert) {
  const char* name = find_name(alert_names, alert);
  return "alert " + std::to_string(alert) + (name ? " (" + std::string(name) + ")" : "");
}

std::string_view dns_words(DnsStatus status) {
  static constexpr std::array<std::string_view, 10> kWords{
      "an address", "NXDOMAIN",    "NODATA",  "SERVFAIL",  "REFUSED",
      "no answer",  "unreachable", "not DNS", "not asked", "truncated"};
  return kWords.at(static_cast<std::size_t>(status));
}

std::vector<std::string> address_texts(const std::vector<const AddressReport*>& addresses) {
  std::vector<std::string> texts;
  texts.reserve(addresses.size());
  for (const AddressReport* address : addresses) texts.push_back(address->seen.address.to_string());
  return texts;
}

std::string address_words(const std::vector<const AddressReport*>& addresses, std::size_t most) {
  if (addresses.empty()) return {};
  std::string text;
  const std::size_t shown = std::min(addresses.size(), most);
  for (std::size_t i = 0; i < shown; ++i) {
    if (i > 0) text += ", ";
    text += addresses[i]->seen.address.to_string();
  }
  if (shown < addresses.size()) text += " and " + std::to_string(addresses.size() - shown) + " more";
  const std::string& owner = addresses.front()->owner;
  const bool one_owner = std::all_of(addresses.begin(), addresses.end(),
                                     [&](const AddressReport* a) { return a->owner == owner; });
  if (one_owner && !owner.empty()) text += " (" + owner + ")";
  return text;
}

std::string connect_words(const std::vector<const AddressReport*>& addresses) {
  if (addresses.empty() || !addresses.front()->seen.tcp) return "not tried";
  const TcpObservation& first = *addresses.front()->seen.tcp;
  const std::string after = duration_words(first.elapsed);
  switch (reach_of(addresses.front()->seen)) {
    case Reach::connects:
      return "connects in " + after;
    case Reach::silent:
      return "no answer to SYN in " + after +
             (first.syn_retransmits > 0 ? ", " + count_words(first.syn_retransmits, "retransmit") : "") +
             (first.syn_retransmits > 0 && addresses.size() > 1 ? " each" : "");
    case Reach::refused:
      return "RST after " + after;
    case Reach::unreachable:
      return errno_words(first.error) + " after " + after +
             (first.icmp ? ", by ICMP type " + std::to_string(first.icmp->type) + " code " +
                               std::to_string(first.icmp->code) +
                               (first.icmp->from.empty() ? "" : " from " + first.icmp->from)
                         : "");
    case Reach::unknown:
      break;
  }
  return "not finished";
}

}  // namespace vpcprobe
