#include "probes/certificate_chain.h"

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include <algorithm>
#include <array>
#include <ctime>

#include "probes/address.h"
#include "probes/owned.h"

namespace vpcprobe {
namespace {

using X509Ptr = Owned<X509, X509_free>;
using BioPtr = Owned<BIO, BIO_free_all>;

constexpr std::size_t kMaxCertificates = 8;   // of a chain, kept as evidence
constexpr std::size_t kMaxNames = 32;         // of one certificate
constexpr std::size_t kMaxText = 256;         // bytes of one name
constexpr std::size_t kMaxCachedChains = 64;  // hostile peers may send a new one each time

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
  // WallTime counts nanoseconds and ends in 2262; a certificate that is for ever ends in 9999 (RFC 5280
  // section 4.1.2.5).
  constexpr std::time_t kEnd = 9'214'646'400;  // 2262-01-01
  return std::chrono::system_clock::from_time_t(std::clamp(timegm(&broken), -kEnd, kEnd));
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

void ChainVerifier::trust(std::string_view pem) {
  for (std::string& certificate : certificates_in(pem)) unparsed_.push_back(std::move(certificate));
}

void ChainVerifier::fill(X509_STORE* store) { parse({}, store); }

// Those roots whose DER holds `name`, the DER of a subject; all for an empty one. One too many does no harm.
// Not all at once: OpenSSL 3.0 takes a fifth of a handshake to parse one.
void ChainVerifier::parse(std::string_view name, X509_STORE* store) {
  std::erase_if(unparsed_, [&](const std::string& root) {
    if (root.find(name) == std::string::npos) return false;
    if (const X509Ptr parsed = parse_certificate(root)) X509_STORE_add_cert(store, parsed.get());
    return true;
  });
  ERR_clear_error();
}

VerifiedChain ChainVerifier::verify(X509_STORE* store, STACK_OF(X509) * chain, const std::string& host) {
  const std::string key = cache_key(chain, host);
  if (const auto found = verified_.find(key); found != verified_.end()) return found->second;
  VerifiedChain result = verify_now(store, chain, host);
  if (verified_.size() < kMaxCachedChains) verified_.emplace(key, result);
  return result;
}

VerifiedChain ChainVerifier::verify_now(X509_STORE* trusted, STACK_OF(X509) * chain,
                                        const std::string& host) {
  VerifiedChain result;
  auto certificates = std::make_shared<std::vector<Certificate>>();
  for (int i = 0; i < sk_X509_num(chain) && certificates->size() < kMaxCertificates; ++i)
    certificates->push_back(describe_certificate(sk_X509_value(chain, i)));
  result.chain = std::move(certificates);

  for (int i = 0; i < sk_X509_num(chain); ++i) {
    unsigned char* issuer = nullptr;
    const int size = i2d_X509_NAME(X509_get_issuer_name(sk_X509_value(chain, i)), &issuer);
    if (size > 0) parse(take(issuer, size), trusted);
  }
  const Owned<X509_STORE_CTX, X509_STORE_CTX_free> checked(X509_STORE_CTX_new());
  X509_STORE_CTX_init(checked.get(), trusted, sk_X509_value(chain, 0), chain);
  X509_STORE_CTX_set_default(checked.get(), "ssl_server");
  X509_VERIFY_PARAM* wanted = X509_STORE_CTX_get0_param(checked.get());
  if (IpAddress::parse(host)) {
    X509_VERIFY_PARAM_set1_ip_asc(wanted, host.c_str());
  } else {
    X509_VERIFY_PARAM_set1_host(wanted, host.c_str(), host.size());
  }
  int gravest = X509_V_OK;
  X509_STORE_CTX_set_app_data(checked.get(), &gravest);
  X509_STORE_CTX_set_verify_cb(checked.get(), keep_gravest);
  if (X509_verify_cert(checked.get()) <= 0 && gravest == X509_V_OK)
    gravest = X509_STORE_CTX_get_error(checked.get());
  result.status = status_of_verify(gravest);
  if (gravest != X509_V_OK) result.detail = X509_verify_cert_error_string(gravest);
  ERR_clear_error();
  return result;
}

bool holds_certificate(const std::string& pem) {
  const std::vector<std::string> certificates = certificates_in(pem);
  const bool held = std::any_of(certificates.begin(), certificates.end(),
                                [](const std::string& each) { return parse_certificate(each) != nullptr; });
  ERR_clear_error();
  return held;
}

}  // namespace vpcprobe
