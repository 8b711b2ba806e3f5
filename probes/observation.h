#pragma once
// What was seen on the network: raw codes and numbers, no words and no judgement. The rules in agent/ judge.
#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "probes/address.h"

namespace vpcprobe {

using Elapsed = std::chrono::microseconds;
using WallTime = std::chrono::system_clock::time_point;

// In each enum `cancelled` means: the run's deadline or a signal came first, so nothing was learnt.

/// Outcome of asking for A and AAAA records (RFC 1035 RCODEs, RFC 2308 NODATA).
enum class DnsStatus : std::uint8_t {
  ok,
  not_found,       ///< NXDOMAIN
  no_data,         ///< NODATA: the name exists without an address
  server_failure,  ///< SERVFAIL
  refused,         ///< REFUSED by the resolver
  timeout,         ///< no answer to any try
  unreachable,     ///< ICMP or local error: the resolver's port or network is unreachable
  malformed,       ///< an answer that is not DNS, or does not fit the question
  cancelled,
  truncated  ///< by UDP with TC set, and TCP 53 is closed or gives no answer
};

/// One resolver's answer to A and AAAA together: `ok` when either has an address.
struct ResolverAnswer {
  SocketAddress resolver;
  DnsStatus status = DnsStatus::cancelled;
  Elapsed elapsed{};
  std::vector<IpAddress> addresses;
  std::vector<std::string> cnames;   ///< the chain after the asked name, in order
  std::optional<std::uint32_t> ttl;  ///< seconds, the smallest of the address records
};

struct DnsObservation {
  DnsStatus status = DnsStatus::cancelled;  ///< of the first resolver, in configured order, that answered
  Elapsed elapsed{};                        ///< of that resolver
  std::vector<std::string> cnames;          ///< of that resolver
  std::vector<IpAddress> addresses;         ///< of all resolvers, each once
  std::vector<ResolverAnswer> resolvers;    ///< in configured order
};

enum class TcpStatus : std::uint8_t {
  ok,
  timeout,      ///< no answer to any SYN: a drop (security group, network ACL, missing route)
  refused,      ///< RST: something is there and does not listen
  unreachable,  ///< ENETUNREACH, EHOSTUNREACH, EACCES …: local routing or ICMP
  failed,       ///< any other errno
  cancelled
};

/// An ICMP error that arrived for this connection (IP_RECVERR).
struct IcmpError {
  std::uint8_t type = 0;
  std::uint8_t code = 0;
  std::string from;  ///< the router that sent it, empty if unknown
};

struct TcpObservation {
  TcpStatus status = TcpStatus::cancelled;
  Elapsed elapsed{};
  std::uint32_t rtt_us = 0;  ///< the kernel's smoothed round trip (TCP_INFO tcpi_rtt); 0 if none
  /// SYNs that found no answer before one did: those of further sockets (syn_schedule.h) and those that the
  /// kernel sent again (TCP_INFO tcpi_total_retrans). Of a silent attempt: every SYN after the first.
  std::uint32_t syn_retransmits = 0;
  int error = 0;  ///< errno, 0 for ok and timeout
  std::optional<IcmpError> icmp;
};

struct Certificate {
  std::string subject;  ///< one line, e.g. "CN=api.ecr.eu-west-1.amazonaws.com"
  std::string issuer;
  WallTime not_before;
  WallTime not_after;
  std::vector<std::string> dns_names;  ///< subjectAltName, at most 32 kept
};
/// Leaf first, as the peer sent it. Addresses that present the same chain share one object.
using Chain = std::shared_ptr<const std::vector<Certificate>>;

enum class TlsStatus : std::uint8_t {
  ok,
  timeout,          ///< the peer stopped answering
  reset,            ///< RST during the handshake
  closed,           ///< FIN during the handshake
  untrusted,        ///< the chain ends at no trusted root
  name_mismatch,    ///< trusted, but for other names
  expired,          ///< trusted, but over
  not_yet_valid,    ///< trusted, but not begun
  not_tls,          ///< bytes that are not TLS
  version_refused,  ///< no common TLS version (1.2 or 1.3)
  alert,            ///< a fatal alert other than protocol_version
  failed,           ///< any other OpenSSL error
  cancelled
};

struct TlsObservation {
  TlsStatus status = TlsStatus::cancelled;
  Elapsed elapsed{};
  std::string version;         ///< "TLSv1.3"
  std::string cipher;          ///< "TLS_AES_128_GCM_SHA256"
  int alert = -1;              ///< alert description received (RFC 8446 section 6), -1 for none
  std::uint64_t bytes_in = 0;  ///< bytes that came back before it ended
  std::string detail;          ///< verification or OpenSSL error text, or the handshake state it stopped in
  Chain chain;                 ///< also when it does not verify; null if none came
};

enum class HttpStatus : std::uint8_t {
  aws,      ///< an answer with an AWS request id or the ECR registry's headers
  not_aws,  ///< an HTTP answer without any
  timeout,  ///< no complete header within the stage's time
  reset,
  closed,
  not_http,   ///< bytes that are not HTTP/1
  too_large,  ///< headers beyond the bound
  failed,
  cancelled
};

struct HttpObservation {
  HttpStatus status = HttpStatus::cancelled;
  Elapsed elapsed{};
  int code = 0;
  std::string request_id;  ///< printable ASCII, at most 128 bytes
  std::string server;      ///< the Server header, printable ASCII, at most 64 bytes
  /// `Date` header minus local clock when the answer came; positive: the local clock is slow.
  std::optional<std::chrono::seconds> clock_offset;
};

/// One address of an endpoint. A stage that was not attempted is empty.
struct AddressObservation {
  IpAddress address;
  std::optional<TcpObservation> tcp;
  std::optional<TlsObservation> tls;
  std::optional<HttpObservation> http;
};

/// How a signed call to an API ended.
enum class CallStatus : std::uint8_t {
  answered,  ///< an HTTP answer, whatever it says
  timeout,
  too_long,  ///< more than such an answer can be
  failed,    ///< the connection was closed or reset, or TLS failed
  cancelled
};

/// What an answer says of the object that was asked about.
enum class Presence : std::uint8_t { unknown, there, missing };

/// One signed call to an API. Foreign text is one printable line.
struct CallObservation {
  std::string operation;  ///< the action, as policies name it: "ecr:GetAuthorizationToken"
  std::string object;  ///< name or ARN of what the task needs; empty where it was about nothing of the task's
  SocketAddress peer;
  CallStatus status = CallStatus::cancelled;
  Elapsed elapsed{};
  int code = 0;          ///< HTTP status
  bool allowed = false;  ///< the answer proves that no policy refused
  Presence presence = Presence::unknown;
  std::string error;       ///< AWS's error type, "AccessDeniedException"; at most 128 bytes
  std::string message;     ///< AWS's words; at most 1 KiB
  std::string request_id;  ///< at most 128 bytes
  std::optional<std::chrono::seconds> clock_offset;  ///< as in HttpObservation
};

/// One endpoint: its name, then every address the name gave.
struct EndpointObservation {
  std::optional<DnsObservation> dns;  ///< empty where the target is an address literal, or was not attempted
  std::vector<AddressObservation> addresses;
  std::vector<CallObservation> calls;  ///< empty where none was asked for, or the endpoint does not answer
};

/// All that one run saw. `endpoints` and `controls` stand in the order of the targets asked for.
struct Observation {
  std::vector<EndpointObservation> endpoints;
  std::vector<EndpointObservation> controls;  ///< empty entries where a control was not needed
  WallTime started_at;
  Elapsed duration{};
  bool complete = false;       ///< false when the deadline or a signal ended it
  bool asked_complete = true;  ///< the same of what came after it: signed calls and pulls
};

std::string_view to_string(DnsStatus status);
std::string_view to_string(TcpStatus status);
std::string_view to_string(TlsStatus status);
std::string_view to_string(HttpStatus status);
std::string_view to_string(CallStatus status);
std::string_view to_string(Presence presence);

}  // namespace vpcprobe
