#include "probes/observation.h"

#include <array>

namespace vpcprobe {
namespace {

constexpr std::array<std::string_view, 10> kDns{"ok",        "not_found", "no_data",     "server_failure",
                                                "refused",   "timeout",   "unreachable", "malformed",
                                                "cancelled", "truncated"};
constexpr std::array<std::string_view, 6> kTcp{"ok",          "timeout", "refused",
                                               "unreachable", "failed",  "cancelled"};
constexpr std::array<std::string_view, 13> kTls{
    "ok",      "timeout",         "reset", "closed", "untrusted", "name_mismatch", "expired", "not_yet_valid",
    "not_tls", "version_refused", "alert", "failed", "cancelled"};
constexpr std::array<std::string_view, 9> kHttp{"aws",      "not_aws",   "timeout", "reset",    "closed",
                                                "not_http", "too_large", "failed",  "cancelled"};
constexpr std::array<std::string_view, 5> kCall{"answered", "timeout", "too_long", "failed", "cancelled"};
constexpr std::array<std::string_view, 3> kPresence{"unknown", "there", "missing"};

// The names stand in the order of the enums: each must end with `cancelled`.
static_assert(kDns[static_cast<std::size_t>(DnsStatus::cancelled)] == "cancelled");
static_assert(kTcp[static_cast<std::size_t>(TcpStatus::cancelled)] == "cancelled");
static_assert(kTls[static_cast<std::size_t>(TlsStatus::cancelled)] == "cancelled");
static_assert(kHttp[static_cast<std::size_t>(HttpStatus::cancelled)] == "cancelled");
static_assert(kCall[static_cast<std::size_t>(CallStatus::cancelled)] == "cancelled");
static_assert(kPresence[static_cast<std::size_t>(Presence::missing)] == "missing");

}  // namespace

std::string_view to_string(DnsStatus status) { return kDns[static_cast<std::size_t>(status)]; }
std::string_view to_string(TcpStatus status) { return kTcp[static_cast<std::size_t>(status)]; }
std::string_view to_string(TlsStatus status) { return kTls[static_cast<std::size_t>(status)]; }
std::string_view to_string(HttpStatus status) { return kHttp[static_cast<std::size_t>(status)]; }
std::string_view to_string(CallStatus status) { return kCall[static_cast<std::size_t>(status)]; }
std::string_view to_string(Presence presence) { return kPresence[static_cast<std::size_t>(presence)]; }

}  // namespace vpcprobe
