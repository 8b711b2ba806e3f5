#pragma once
// How numbers and lists read in a report.
#include <chrono>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "agent/diagnosis/report.h"

namespace vpcprobe {

/// "a", "a and b", "a, b and c"; beyond `most`: "a, b and 5 more".
std::string enumerate(const std::vector<std::string>& words, std::size_t most = 8);
/// "0.41 ms", "12 ms", "3.0 s".
std::string duration_words(std::chrono::microseconds elapsed);
/// "1 endpoint", "3 endpoints".
std::string count_words(std::size_t count, std::string_view noun);
/// "EHOSTUNREACH (No route to host)"; "errno 0" never occurs in a report.
std::string errno_words(int error);
/// "Alert 40 (handshake_failure)", RFC 8446 section 6.
std::string alert_words(int alert);
/// The outcome of a question in DNS's own words: "NXDOMAIN", "SERVFAIL", "no answer".
std::string_view dns_words(DnsStatus status);
/// "2026-11-23".
std::string date_words(WallTime time);
/// Replaces each {key} by `value(key)`. Keys are a closed set: an unknown one stays, and a test finds it.
std::string fill(std::string_view text, const std::function<std::string(std::string_view)>& value);

/// "52.218.30.10, 52.92.4.5 (S3 eu-west-1)".
std::string address_words(const std::vector<const AddressReport*>& addresses, std::size_t most = 4);
std::vector<std::string> address_texts(const std::vector<const AddressReport*>& addresses);
/// What TCP saw at addresses that ended alike: "no answer to SYN in 3.0 s, 2 retransmits each".
std::string connect_words(const std::vector<const AddressReport*>& addresses);

}  // namespace vpcprobe
