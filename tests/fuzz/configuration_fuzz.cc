// Documents from outside become a configuration, or one clean line; whatever is in them, reasoning over it
// ends.
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "agent/doctor/diagnosis.h"
#include "agent/doctor/read_configuration.h"
#include "agent/render/diagnosis.h"

using namespace vpcprobe;

namespace {

Report report_of_three() {
  Report report;
  report.context.region = "eu-west-1";
  report.context.source_addresses = {"10.0.1.23"};
  constexpr const char* kHosts[][3] = {{"logs", "logs.eu-west-1.amazonaws.com", "interface"},
                                       {"s3", "s3.eu-west-1.amazonaws.com", "gateway"},
                                       {"db", "db.internal.example", "none"}};
  constexpr const char* kAddresses[] = {"10.0.2.12", "52.218.30.10", "2600:1f18::1"};
  for (const auto& host : kHosts) {
    EndpointReport endpoint;
    endpoint.id = host[0];
    endpoint.host = host[1];
    endpoint.expects = host[2];
    for (const char* address : kAddresses) {
      endpoint.addresses.emplace_back();
      endpoint.addresses.back().seen.address = *IpAddress::parse(address);
      endpoint.addresses.back().seen.tcp.emplace();
      endpoint.addresses.back().seen.tcp->status = TcpStatus::timeout;
    }
    report.endpoints.push_back(std::move(endpoint));
  }
  for (const char* code : {"all-filtered", "no-private-names", "name-not-found"}) {
    report.findings.emplace_back();
    report.findings.back().code = code;
    report.findings.back().severity = Severity::error;
  }
  return report;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  Configuration configuration;
  const auto read = read_configuration({reinterpret_cast<const char*>(data), size}, configuration);
  if (!read) {
    for (const char c : read.error().message)
      if (c == '\n') std::abort();
    return 0;
  }
  static const Report report = report_of_three();
  for (const bool measured : {true, false}) {
    const Who who = find_who(configuration, report.context, {});
    const Diagnosis diagnosis = reason(configuration, report, who, measured);
    if (diagnosis_json(diagnosis).empty() || diagnosis_text(diagnosis, {}, true).empty()) std::abort();
  }
  return 0;
}
