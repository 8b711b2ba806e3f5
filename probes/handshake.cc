// The one file that knows OpenSSL's TLS; certificate_chain.cc knows its certificates.
#include "probes/handshake.h"

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/ssl.h>

#include <array>
#include <cerrno>
#include <stdexcept>

#include "probes/builtin_roots.h"
#include "probes/certificate_chain.h"
#include "probes/library_versions.h"

namespace vpcprobe {
namespace {

std::string openssl_error() {
  const unsigned long code = ERR_peek_last_error();
  const char* reason = code == 0 ? nullptr : ERR_reason_error_string(code);
  return reason == nullptr ? "" : reason;
}

// What ended the handshake, where OpenSSL has a reason for it.
struct ReasonRow {
  int reason;
  TlsStatus status;
};
constexpr std::array kReasonRows{
    ReasonRow{SSL_R_WRONG_VERSION_NUMBER, TlsStatus::not_tls},
    ReasonRow{SSL_R_HTTP_REQUEST, TlsStatus::not_tls},
    ReasonRow{SSL_R_HTTPS_PROXY_REQUEST, TlsStatus::not_tls},
    ReasonRow{SSL_R_PACKET_LENGTH_TOO_LONG, TlsStatus::not_tls},
    ReasonRow{SSL_R_ENCRYPTED_LENGTH_TOO_LONG, TlsStatus::not_tls},
    ReasonRow{SSL_R_BAD_RECORD_TYPE, TlsStatus::not_tls},
    ReasonRow{SSL_R_RECORD_LENGTH_MISMATCH, TlsStatus::not_tls},
    ReasonRow{SSL_R_UNSUPPORTED_PROTOCOL, TlsStatus::version_refused},
    ReasonRow{SSL_R_TLSV1_ALERT_PROTOCOL_VERSION, TlsStatus::version_refused},
    ReasonRow{SSL_R_UNEXPECTED_EOF_WHILE_READING, TlsStatus::closed},
};

void on_info(const SSL* ssl, int where, int value) noexcept {
  constexpr int kFatal = 2;
  if ((where & SSL_CB_READ_ALERT) != SSL_CB_READ_ALERT || (value >> 8) != kFatal) return;
  if (auto* alert = static_cast<int*>(SSL_get_app_data(ssl))) *alert = value & 0xFF;
}

}  // namespace

struct TlsContext::State {
  SSL_CTX* context = nullptr;
  ChainVerifier chains;

  ~State() { SSL_CTX_free(context); }
};

namespace {

// Whatever the chain, the handshake goes on; it is verified afterwards, with every error at hand.
int accept_for_now(X509_STORE_CTX* /*store*/, void* /*argument*/) noexcept { return 1; }

}  // namespace

TlsContext::TlsContext(const std::string& more_roots) : state_(std::make_unique<State>()) {
  SSL_CTX* context = state_->context = SSL_CTX_new(TLS_client_method());
  if (context == nullptr) throw std::runtime_error("OpenSSL: " + openssl_error());
  SSL_CTX_set_min_proto_version(context, TLS1_2_VERSION);
  // One key of 32 bytes, so that ClientHello is one packet. OpenSSL 3.5 would add one of 1 216 (ML-KEM): two
  // packets, which some firewalls drop, and a quarter more work in each handshake.
  SSL_CTX_set1_groups_list(context, "X25519:P-256:P-384");
  SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_OFF);
  SSL_CTX_set_mode(context, SSL_MODE_RELEASE_BUFFERS | SSL_MODE_ENABLE_PARTIAL_WRITE);
  SSL_CTX_set_read_ahead(context, 1);  // a server's flight of six records in one read(2), not twelve
  SSL_CTX_set_cert_verify_callback(context, accept_for_now, nullptr);
  SSL_CTX_set_info_callback(context, on_info);
  static constexpr unsigned char kAlpn[] = "\x08http/1.1";
  SSL_CTX_set_alpn_protos(context, kAlpn, sizeof kAlpn - 1);

  SSL_CTX_set_default_verify_paths(context);  // a scratch image has none: no error
  ERR_clear_error();
  state_->chains.trust(builtin_roots_pem());
  state_->chains.trust(more_roots);
}

TlsContext::~TlsContext() = default;

void TlsContext::lend_roots(void* ssl_ctx) const {
  X509_STORE* trusted = SSL_CTX_get_cert_store(state_->context);
  state_->chains.fill(trusted);
  SSL_CTX_set1_cert_store(static_cast<SSL_CTX*>(ssl_ctx), trusted);
}

TlsStream::TlsStream(TlsContext& context, Socket& socket, const std::string& host)
    : context_(*context.state_), socket_(socket), host_(host), ssl_(SSL_new(context_.context)) {
  if (ssl_ == nullptr || SSL_set_fd(ssl_, socket.fd()) != 1)
    throw std::runtime_error("OpenSSL: " + openssl_error());
  if (!IpAddress::parse(host)) SSL_set_tlsext_host_name(ssl_, host.c_str());
}

TlsStream::~TlsStream() { SSL_free(ssl_); }

// After an OpenSSL call returned `result`: waits for the socket (ok), or says what ended the stream.
Task<TlsStream::Io> TlsStream::retry(int result, Loop::TimePoint deadline, Parkable* parkable) {
  const int error = SSL_get_error(ssl_, result);
  if (error != SSL_ERROR_WANT_READ && error != SSL_ERROR_WANT_WRITE) {
    const bool reset = error == SSL_ERROR_SYSCALL && (errno == ECONNRESET || errno == EPIPE);
    const bool closed = error == SSL_ERROR_ZERO_RETURN || (error == SSL_ERROR_SYSCALL && errno == 0) ||
                        ERR_GET_REASON(ERR_peek_last_error()) == SSL_R_UNEXPECTED_EOF_WHILE_READING;
    co_return reset ? Io::reset : closed ? Io::closed : Io::failed;
  }
  const auto wanted = error == SSL_ERROR_WANT_READ ? Readiness::kReadable : Readiness::kWritable;
  Wait again = socket_.until(wanted, deadline, parkable);
  const Wake wake = co_await again;
  co_return wake == Wake::ready ? Io::ok : wake == Wake::timeout ? Io::timeout : Io::cancelled;
}

Task<TlsObservation> TlsStream::handshake(Loop::TimePoint deadline, Parkable* parkable) {
  TlsObservation seen;
  SSL_set_app_data(ssl_, &seen.alert);
  const auto begun = std::chrono::steady_clock::now();
  while (true) {
    ERR_clear_error();
    errno = 0;
    const int result = SSL_connect(ssl_);
    if (result == 1) {
      seen.status = TlsStatus::ok;
      break;
    }
    Task<Io> ended = retry(result, deadline, parkable);
    const Io io = co_await ended;
    if (io == Io::ok) continue;
    seen.status = io == Io::timeout     ? TlsStatus::timeout
                  : io == Io::reset     ? TlsStatus::reset
                  : io == Io::closed    ? TlsStatus::closed
                  : io == Io::cancelled ? TlsStatus::cancelled
                                        : TlsStatus::failed;
    break;
  }
  seen.elapsed = std::chrono::duration_cast<Elapsed>(std::chrono::steady_clock::now() - begun);
  seen.bytes_in = BIO_number_read(SSL_get_rbio(ssl_));
  describe(seen);
  SSL_set_app_data(ssl_, nullptr);
  co_return seen;
}

void TlsStream::describe(TlsObservation& seen) const {
  STACK_OF(X509)* chain = SSL_get_peer_cert_chain(ssl_);
  if (chain != nullptr && sk_X509_num(chain) > 0) {
    const VerifiedChain verified =
        context_.chains.verify(SSL_CTX_get_cert_store(context_.context), chain, host_);
    seen.chain = verified.chain;
    if (seen.status == TlsStatus::ok) {
      seen.status = verified.status;
      seen.detail = verified.detail;
    }
  }
  if (SSL_is_init_finished(ssl_) == 1) {
    seen.version = SSL_get_version(ssl_);
    seen.cipher = SSL_get_cipher_name(ssl_);
    return;
  }
  if (seen.status == TlsStatus::failed) {
    const int reason = ERR_GET_REASON(ERR_peek_error());
    seen.detail = openssl_error();
    if (seen.alert >= 0) seen.status = TlsStatus::alert;
    for (const ReasonRow& row : kReasonRows)
      if (row.reason == reason) seen.status = row.status;
  } else {
    seen.detail = SSL_state_string_long(ssl_);
  }
}

Task<TlsStream::Io> TlsStream::write(std::string_view data, Loop::TimePoint deadline, Parkable* parkable) {
  while (!data.empty()) {
    ERR_clear_error();
    errno = 0;
    const int result = SSL_write(ssl_, data.data(), static_cast<int>(data.size()));
    if (result > 0) {
      data.remove_prefix(static_cast<std::size_t>(result));
      continue;
    }
    Task<Io> ended = retry(result, deadline, parkable);
    const Io io = co_await ended;
    if (io != Io::ok) co_return io;
  }
  co_return Io::ok;
}

Task<TlsStream::Io> TlsStream::read(std::span<char> buffer, std::size_t& count, Loop::TimePoint deadline,
                                    Parkable* parkable) {
  while (true) {
    ERR_clear_error();
    errno = 0;
    const int result = SSL_read(ssl_, buffer.data(), static_cast<int>(buffer.size()));
    if (result > 0) {
      count = static_cast<std::size_t>(result);
      co_return Io::ok;
    }
    Task<Io> ended = retry(result, deadline, parkable);
    const Io io = co_await ended;
    if (io != Io::ok) co_return io;
  }
}

std::string tls_library() { return std::string("OpenSSL ") + OpenSSL_version(OPENSSL_VERSION_STRING); }

}  // namespace vpcprobe
