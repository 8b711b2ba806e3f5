// The one file that knows OpenSSL's TLS and certificates.
#include "probes/handshake.h"

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <ctime>
#include <map>
#include <stdexcept>

#include "probes/builtin_roots.h"
#include "probes/library_versions.h"
#include "probes/owned.h"

namespace vpcprobe {
namespace {

using X509Ptr = Owned<X509, X509_free>;
using BioPtr = Owned<BIO, BIO_free_all>;

constexpr std::size_t kMaxCertificates = 8;   // of a chain, kept as evidence
constexpr std::size_t kMaxNames = 32;         // of one certificate
constexpr std::size_t kMaxText = 256;         // bytes of one name
constexpr std::size_t kMaxCachedChains = 64;  // hostile peers may send a new one each time

// Verification of one chain for one name, done once however many addresses present it.
struct Verified {
  Chain chain;
  TlsStatus status = TlsStatus::untrusted;
  std::string detail;
};

std::string openssl_error() {
  const unsigned long code = ERR_peek_last_error();
  const char* reason = code == 0 ? nullptr : ERR_reason_error_string(code);
  return reason == nullptr ? "" : reason;
}

std::string one_line(const X509_NAME* name) {
  BioPtr out(BIO_new(BIO_s_mem()));
  X509_NAME_print_ex(out.get(), name, 0, XN_FLAG_RFC2253 & ~ASN1_STRFLGS_ESC_MSB);
  char* data = nullptr;
  const long size = BIO_get_mem_data(out.get(), &data);
  return {data, std::min(static_cast<std::size_t>(size), kMaxText)};
}

WallTime wall_time(const ASN1_TIME* time) {
  std::tm broken{};
  if (ASN1_TIME_to_tm(time, &broken) != 1) return {};
  return std::chrono::system_clock::from_time_t(timegm(&broken));
}

std::vector<std::string> dns_names(const X509* certificate) {
  std::vector<std::string> names;
  auto* general =
      static_cast<GENERAL_NAMES*>(X509_get_ext_d2i(certificate, NID_subject_alt_name, nullptr, nullptr));
  for (int i = 0; i < sk_GENERAL_NAME_num(general) && names.size() < kMaxNames; ++i) {
    const GENERAL_NAME* name = sk_GENERAL_NAME_value(general, i);
    if (name->type != GEN_DNS) continue;
    const ASN1_IA5STRING* text = name->d.dNSName;
    names.emplace_back(reinterpret_cast<const char*>(ASN1_STRING_get0_data(text)),
                       std::min(static_cast<std::size_t>(ASN1_STRING_length(text)), kMaxText));
  }
  GENERAL_NAMES_free(general);
  return names;
}

Certificate describe_certificate(const X509* certificate) {
  return {one_line(X509_get_subject_name(certificate)), one_line(X509_get_issuer_name(certificate)),
          wall_time(X509_get0_notBefore(certificate)), wall_time(X509_get0_notAfter(certificate)),
          dns_names(certificate)};
}

struct VerifyRow {
  int error;
  TlsStatus status;
};
// Errors that have a status of their own; every other one means untrusted. Cause before consequence: a chain
// that is untrusted and expired is untrusted.
constexpr std::array<VerifyRow, 4> kVerifyRows{{
    {X509_V_ERR_CERT_HAS_EXPIRED, TlsStatus::expired},
    {X509_V_ERR_CERT_NOT_YET_VALID, TlsStatus::not_yet_valid},
    {X509_V_ERR_HOSTNAME_MISMATCH, TlsStatus::name_mismatch},
    {X509_V_ERR_IP_ADDRESS_MISMATCH, TlsStatus::name_mismatch},
}};

TlsStatus status_of_verify(int error) {
  if (error == X509_V_OK) return TlsStatus::ok;
  for (const VerifyRow& row : kVerifyRows)
    if (row.error == error) return row.status;
  return TlsStatus::untrusted;
}

// Goes on after each error and keeps the gravest.
int keep_gravest(int ok, X509_STORE_CTX* store) {
  if (ok == 1) return 1;
  int& kept = *static_cast<int*>(X509_STORE_CTX_get_app_data(store));
  const int error = X509_STORE_CTX_get_error(store);
  const bool graver =
      status_of_verify(error) == TlsStatus::untrusted && status_of_verify(kept) != TlsStatus::untrusted;
  if (kept == X509_V_OK || graver) kept = error;
  return 1;
}

X509Ptr parse_certificate(std::string_view der) {
  const auto* begin = reinterpret_cast<const unsigned char*>(der.data());
  return X509Ptr(d2i_X509(nullptr, &begin, static_cast<long>(der.size())));
}

// What OpenSSL has written into memory of its own.
std::string take(unsigned char* written, long size) {
  std::string text(reinterpret_cast<char*>(written), static_cast<std::size_t>(std::max(size, 0L)));
  OPENSSL_free(written);
  return text;
}

// The certificates of `pem`, as DER.
std::vector<std::string> certificates_in(std::string_view pem) {
  const BioPtr text(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())));
  std::vector<std::string> certificates;
  unsigned char* der = nullptr;
  long size = 0;
  while (PEM_bytes_read_bio(&der, &size, nullptr, PEM_STRING_X509, text.get(), nullptr, nullptr) == 1)
    certificates.push_back(take(der, size));
  ERR_clear_error();  // the end of the text is an error to OpenSSL
  return certificates;
}

// Trusted roots, each parsed when a chain names it: OpenSSL 3.0 takes a fifth of a handshake for one.
class Roots {
 public:
  void add(std::string_view pem) {
    for (std::string& certificate : certificates_in(pem)) unparsed_.push_back(std::move(certificate));
  }

  /// Those whose DER holds `name`, the DER of a subject; all for an empty one. One too many does no harm.
  void parse(std::string_view name, X509_STORE* store) {
    std::erase_if(unparsed_, [&](const std::string& root) {
      if (root.find(name) == std::string::npos) return false;
      if (const X509Ptr parsed = parse_certificate(root)) X509_STORE_add_cert(store, parsed.get());
      return true;
    });
    ERR_clear_error();
  }

 private:
  std::vector<std::string> unparsed_;
};

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
  std::map<std::string, Verified> verified;  // by name and DER of the chain
  Roots roots;

  ~State() { SSL_CTX_free(context); }
  const Verified& verify(STACK_OF(X509) * chain, const std::string& host, Verified& uncached);
  Verified verify_now(STACK_OF(X509) * chain, const std::string& host);
};

namespace {

// Whatever the chain, the handshake goes on; it is verified afterwards, with every error at hand.
int accept_for_now(X509_STORE_CTX* /*store*/, void* /*argument*/) noexcept { return 1; }

std::string cache_key(STACK_OF(X509) * chain, const std::string& host) {
  std::string key = host + '\0';
  for (int i = 0; i < sk_X509_num(chain); ++i) {
    unsigned char* der = nullptr;
    const int size = i2d_X509(sk_X509_value(chain, i), &der);
    key += take(der, size);
  }
  return key;
}

}  // namespace

const Verified& TlsContext::State::verify(STACK_OF(X509) * chain, const std::string& host,
                                          Verified& uncached) {
  const std::string key = cache_key(chain, host);
  if (const auto found = verified.find(key); found != verified.end()) return found->second;
  uncached = verify_now(chain, host);
  if (verified.size() >= kMaxCachedChains) return uncached;
  return verified.emplace(key, uncached).first->second;
}

Verified TlsContext::State::verify_now(STACK_OF(X509) * chain, const std::string& host) {
  Verified result;
  auto certificates = std::make_shared<std::vector<Certificate>>();
  for (int i = 0; i < sk_X509_num(chain) && certificates->size() < kMaxCertificates; ++i)
    certificates->push_back(describe_certificate(sk_X509_value(chain, i)));
  result.chain = std::move(certificates);

  X509_STORE* trusted = SSL_CTX_get_cert_store(context);
  for (int i = 0; i < sk_X509_num(chain); ++i) {
    unsigned char* issuer = nullptr;
    const int size = i2d_X509_NAME(X509_get_issuer_name(sk_X509_value(chain, i)), &issuer);
    if (size > 0) roots.parse(take(issuer, size), trusted);
  }
  Owned<X509_STORE_CTX, X509_STORE_CTX_free> store(X509_STORE_CTX_new());
  X509_STORE_CTX_init(store.get(), trusted, sk_X509_value(chain, 0), chain);
  X509_STORE_CTX_set_default(store.get(), "ssl_server");
  X509_VERIFY_PARAM* wanted = X509_STORE_CTX_get0_param(store.get());
  if (IpAddress::parse(host)) {
    X509_VERIFY_PARAM_set1_ip_asc(wanted, host.c_str());
  } else {
    X509_VERIFY_PARAM_set1_host(wanted, host.c_str(), host.size());
  }
  int gravest = X509_V_OK;
  X509_STORE_CTX_set_app_data(store.get(), &gravest);
  X509_STORE_CTX_set_verify_cb(store.get(), keep_gravest);
  if (X509_verify_cert(store.get()) <= 0 && gravest == X509_V_OK)
    gravest = X509_STORE_CTX_get_error(store.get());
  result.status = status_of_verify(gravest);
  if (gravest != X509_V_OK) result.detail = X509_verify_cert_error_string(gravest);
  ERR_clear_error();
  return result;
}

TlsContext::TlsContext(const std::string& more_roots) : state_(std::make_unique<State>()) {
  SSL_CTX* context = state_->context = SSL_CTX_new(TLS_client_method());
  if (context == nullptr) throw std::runtime_error("OpenSSL: " + openssl_error());
  SSL_CTX_set_min_proto_version(context, TLS1_2_VERSION);
  SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_OFF);
  SSL_CTX_set_mode(context, SSL_MODE_RELEASE_BUFFERS | SSL_MODE_ENABLE_PARTIAL_WRITE);
  SSL_CTX_set_read_ahead(context, 1);  // a server's flight of six records in one read(2), not twelve
  SSL_CTX_set_cert_verify_callback(context, accept_for_now, nullptr);
  SSL_CTX_set_info_callback(context, on_info);
  static constexpr unsigned char kAlpn[] = "\x08http/1.1";
  SSL_CTX_set_alpn_protos(context, kAlpn, sizeof kAlpn - 1);

  SSL_CTX_set_default_verify_paths(context);  // a scratch image has none: no error
  ERR_clear_error();
  state_->roots.add(builtin_roots_pem());
  state_->roots.add(more_roots);
}

TlsContext::~TlsContext() = default;

void TlsContext::lend_roots(void* ssl_ctx) const {
  X509_STORE* trusted = SSL_CTX_get_cert_store(state_->context);
  state_->roots.parse({}, trusted);
  SSL_CTX_set1_cert_store(static_cast<SSL_CTX*>(ssl_ctx), trusted);
}

bool holds_certificate(const std::string& pem) {
  const std::vector<std::string> certificates = certificates_in(pem);
  const bool held = std::any_of(certificates.begin(), certificates.end(),
                                [](const std::string& each) { return parse_certificate(each) != nullptr; });
  ERR_clear_error();
  return held;
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
    Verified uncached;
    const Verified& verified = context_.verify(chain, host_, uncached);
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
