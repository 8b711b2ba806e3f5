#pragma once
// A server's certificates, as evidence and as a verdict. OpenSSL's types are named, not included.
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "probes/observation.h"

struct stack_st_X509;
struct x509_store_st;

namespace vpcprobe {

/// What a chain is for one name.
struct VerifiedChain {
  Chain chain;
  TlsStatus status = TlsStatus::untrusted;  ///< ok, or what is wrong, the gravest first
  std::string detail;                       ///< OpenSSL's words for what is wrong
};

/// Verifies chains: issuer, time and name. A chain that comes again for the same name, byte for byte, is not
/// verified again.
class ChainVerifier {
 public:
  /// Adds certificates (PEM) that are trusted. Each is parsed when a chain names it.
  void trust(std::string_view pem);
  /// Puts all that is trusted into `store`, which verifies without this class.
  void fill(x509_store_st* store);
  /// `store` is the same at each call: it gets the roots that `chain` names. `host` is a DNS name or an
  /// address.
  VerifiedChain verify(x509_store_st* store, stack_st_X509* chain, const std::string& host);

 private:
  void parse(std::string_view name, x509_store_st* store);
  VerifiedChain verify_now(x509_store_st* store, stack_st_X509* chain, const std::string& host);

  std::vector<std::string> unparsed_;              // roots, as DER
  std::map<std::string, VerifiedChain> verified_;  // by name and DER of the chain
};

/// Whether `pem` has a certificate that ChainVerifier would trust.
bool holds_certificate(const std::string& pem);

}  // namespace vpcprobe
