#pragma once
// How numbers and lists read in a report.
#include <string>
#include <string_view>
#include <vector>

#include "agent/base/words.h"
#include "agent/diagnosis/report.h"

namespace vpcprobe {

/// "EHOSTUNREACH (No route to host)"; "errno 0" never occurs in a report.
std::string errno_words(int error);
/// "Alert 40 (handshake_failure)", RFC 8446 section 6.
std::string alert_words(int alert);
/// The outcome of a question in DNS's own words: "NXDOMAIN", "SERVFAIL", "no answer".
std::string_view dns_words(DnsStatus status);

/// "52.218.30.10, 52.92.4.5 (S3 eu-west-1)".
std::string address_words(const std::vector<const AddressReport*>& addresses, std::size_t most = 4);
std::vector<std::string> address_texts(const std::vector<const AddressReport*>& addresses);
/// What TCP observed at addresses that ended alike: "no answer to SYN in 3.0 s, 2 retransmits each".
std::string connect_words(const std::vector<const AddressReport*>& addresses);

}  // namespace vpcprobe
