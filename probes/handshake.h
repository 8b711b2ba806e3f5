#pragma once
#include <cstddef>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "probes/connect.h"
#include "probes/observation.h"

struct ssl_st;

namespace vpcprobe {

/// One TLS client configuration for the whole run: TLS 1.2 and 1.3, ALPN http/1.1, the trusted roots.
/// The handshake never stops at a certificate that does not verify: an interceptor's is the evidence.
class TlsContext {
 public:
  /// Trusts the built-in AWS roots, the system's bundle if there is one, and the certificates in `more_roots`
  /// (PEM).
  explicit TlsContext(const std::string& more_roots);
  ~TlsContext();
  TlsContext(const TlsContext&) = delete;
  TlsContext& operator=(const TlsContext&) = delete;

  /// Makes the SSL_CTX of another library trust what this one trusts; it shares the roots.
  void lend_roots(void* ssl_ctx) const;

 private:
  friend class TlsStream;
  struct State;
  std::unique_ptr<State> state_;
};

/// TLS over a connected socket, and reading and writing through it.
class TlsStream {
 public:
  /// `host` is the SNI and the name the certificate must be for; an address literal sends no SNI.
  TlsStream(TlsContext& context, Socket& socket, const std::string& host);
  ~TlsStream();
  TlsStream(const TlsStream&) = delete;
  TlsStream& operator=(const TlsStream&) = delete;

  /// Shakes hands, then verifies chain, time and name.
  Task<TlsObservation> handshake(Loop::TimePoint deadline, Parkable* parkable);

  enum class Io : std::uint8_t { ok, timeout, reset, closed, failed, cancelled };
  /// Writes all of `data`.
  Task<Io> write(std::string_view data, Loop::TimePoint deadline, Parkable* parkable);
  /// Reads at least one byte into `buffer`; `count` says how many.
  Task<Io> read(std::span<char> buffer, std::size_t& count, Loop::TimePoint deadline, Parkable* parkable);

 private:
  Task<Io> retry(int result, Loop::TimePoint deadline, Parkable* parkable);
  void describe(TlsObservation& seen) const;

  TlsContext::State& context_;
  Socket& socket_;
  std::string host_;
  ssl_st* ssl_;
};

}  // namespace vpcprobe
