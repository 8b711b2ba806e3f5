#pragma once
#include <atomic>
#include <chrono>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "probes/address.h"
#include "probes/handshake.h"

namespace vpcprobe {

/// An AWS access key: a secret that lives in memory only. Printable ASCII without spaces, whoever fills it.
struct AwsKeys {
  std::string access_key_id;
  std::string secret_access_key;
  std::string session_token;  ///< empty for a long-term key
};

/// AWS Signature Version 4: who asks, and for which service of which region.
struct Signing {
  AwsKeys keys;
  std::string region;
  std::string service;  ///< the signing name: "ecr", "logs"
};

/// One request to an HTTP API. Never through a proxy, never redirected, and bounded in time and size.
struct HttpRequest {
  std::string url{};                   ///< a signed one: path and query as AWS's canonical form has them
  std::vector<std::string> headers{};  ///< "Name: value", never without a value
  std::optional<std::chrono::milliseconds> timeout = std::chrono::milliseconds(2000);  ///< empty: none
  std::size_t max_body = 4 * 1024 * 1024;  ///< bytes; a longer answer is an error
  std::string method = "GET";
  std::string body{};
  /// Where to connect, whatever the name in the URL resolves to. TLS and Host keep the name.
  std::optional<SocketAddress> peer{};
  const TlsContext* trust = nullptr;  ///< whose roots count for https; null: those that libcurl knows
  std::optional<Signing> signing{};
  std::size_t enough = 0;  ///< bytes of body after which the transfer ends well; 0: all of it
  bool keep_body = true;   ///< false: the bytes are only counted
};

/// Why the answer is missing or incomplete. `interrupted`: `stop` was set.
enum class HttpFailure : std::uint8_t { none, resolve, connect, tls, timeout, too_long, interrupted, other };

struct HttpReply {
  long status = 0;               ///< 0: no HTTP answer, `error` says why
  std::string body;              ///< whole (or `enough`), only if `error` is empty
  std::uint64_t body_bytes = 0;  ///< that came, `enough` at most; also where the transfer failed
  std::string error;             ///< in our words; holds nothing that a peer sent
  HttpFailure failure = HttpFailure::none;
  std::vector<std::string> headers;        ///< "Name: value" of the answer; at most 64 KiB
  std::chrono::microseconds first_byte{};  ///< from the start to the first byte of the answer
  std::chrono::microseconds elapsed{};
};

/// Value of the first header with this name (whatever its case), without blanks around; empty if there is
/// none.
std::string_view header_of(const HttpReply& reply, std::string_view name);

/// Sends the requests at once and waits for all; in their order. `stop` ends the wait within 100 ms.
std::vector<HttpReply> fetch(const std::vector<HttpRequest>& requests, const std::atomic<bool>& stop);

}  // namespace vpcprobe
