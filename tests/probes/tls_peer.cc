#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include <unistd.h>

#include <cstdlib>
#include <stdexcept>

#include "peers.h"

namespace vpcprobe::test {
namespace {

X509* make_certificate(const std::string& name, EVP_PKEY* key, X509* issuer, EVP_PKEY* issuer_key, long from,
                       long until) {
  static long serial = 1;
  X509* certificate = X509_new();
  X509_set_version(certificate, 2);
  ASN1_INTEGER_set(X509_get_serialNumber(certificate), ++serial);
  X509_gmtime_adj(X509_getm_notBefore(certificate), from);
  X509_gmtime_adj(X509_getm_notAfter(certificate), until);
  X509_set_pubkey(certificate, key);
  X509_NAME* subject = X509_get_subject_name(certificate);
  X509_NAME_add_entry_by_txt(subject, "CN", MBSTRING_ASC,
                             reinterpret_cast<const unsigned char*>(name.c_str()), -1, -1, 0);
  X509_set_issuer_name(certificate, issuer == nullptr ? subject : X509_get_subject_name(issuer));
  X509V3_CTX context;
  X509V3_set_ctx(&context, issuer == nullptr ? certificate : issuer, certificate, nullptr, nullptr, 0);
  const auto extend = [&](int nid, const std::string& value) {
    X509_EXTENSION* extension = X509V3_EXT_conf_nid(nullptr, &context, nid, value.c_str());
    X509_add_ext(certificate, extension, -1);
    X509_EXTENSION_free(extension);
  };
  if (issuer == nullptr) extend(NID_basic_constraints, "critical,CA:TRUE");
  if (issuer != nullptr) extend(NID_subject_alt_name, "DNS:" + name);
  X509_sign(certificate, issuer_key, EVP_sha256());
  return certificate;
}

template <typename Write>
std::string to_pem(Write write) {
  BIO* out = BIO_new(BIO_s_mem());
  write(out);
  char* data = nullptr;
  const long size = BIO_get_mem_data(out, &data);
  std::string text(data, static_cast<std::size_t>(size));
  BIO_free(out);
  return text;
}

}  // namespace

struct Authority::Keys {
  EVP_PKEY* key = EVP_EC_gen("P-256");
  X509* certificate = make_certificate("Test CA", key, nullptr, key, -7200, 7200);
};

Authority::Authority() : keys_(std::make_unique<Keys>()) {
  char path[] = "/tmp/vpc-probe-test-ca-XXXXXX";
  const int fd = mkstemp(path);
  if (fd < 0) throw std::runtime_error("mkstemp");
  file_ = path;
  const std::string pem = to_pem([this](BIO* out) { PEM_write_bio_X509(out, keys_->certificate); });
  if (write(fd, pem.data(), pem.size()) != static_cast<ssize_t>(pem.size()))
    throw std::runtime_error("write");
  close(fd);
}

Authority::~Authority() {
  unlink(file_.c_str());
  X509_free(keys_->certificate);
  EVP_PKEY_free(keys_->key);
}

Identity Authority::issue(const std::string& dns_name, long valid_from, long valid_until) const {
  EVP_PKEY* key = EVP_EC_gen("P-256");
  X509* certificate =
      make_certificate(dns_name, key, keys_->certificate, keys_->key, valid_from, valid_until);
  Identity identity{to_pem([&](BIO* out) { PEM_write_bio_X509(out, certificate); }), to_pem([&](BIO* out) {
                      PEM_write_bio_PrivateKey(out, key, nullptr, nullptr, 0, nullptr, nullptr);
                    })};
  X509_free(certificate);
  EVP_PKEY_free(key);
  return identity;
}

void TlsServerScript::serve(int fd) const {
  SSL_CTX* context = SSL_CTX_new(TLS_server_method());
  SSL_CTX_set_min_proto_version(context, TLS1_VERSION);
  if (max_version != 0) {
    SSL_CTX_set_max_proto_version(context, max_version);
    SSL_CTX_set_security_level(context, 0);
  }
  if (!only_cipher.empty()) SSL_CTX_set_cipher_list(context, only_cipher.c_str());
  BIO* in = BIO_new_mem_buf(identity.certificate.data(), static_cast<int>(identity.certificate.size()));
  X509* certificate = PEM_read_bio_X509(in, nullptr, nullptr, nullptr);
  BIO_free(in);
  in = BIO_new_mem_buf(identity.key.data(), static_cast<int>(identity.key.size()));
  EVP_PKEY* key = PEM_read_bio_PrivateKey(in, nullptr, nullptr, nullptr);
  BIO_free(in);
  SSL_CTX_use_certificate(context, certificate);
  SSL_CTX_use_PrivateKey(context, key);
  SSL* ssl = SSL_new(context);
  SSL_set_fd(ssl, fd);
  char request[4096];
  if (SSL_accept(ssl) == 1 && SSL_read(ssl, request, sizeof request) > 0) {
    const auto send = [ssl](std::string_view text) {
      SSL_write(ssl, text.data(), static_cast<int>(text.size()));
    };
    if (then) {
      then(fd, send);
    } else {
      send(answer);
      wait_for_close(fd);
    }
  }
  SSL_free(ssl);
  X509_free(certificate);
  EVP_PKEY_free(key);
  SSL_CTX_free(context);
}

}  // namespace vpcprobe::test
