#include <algorithm>
#include <stdexcept>

#include "agent/doctor/read_configuration.h"
#include "golden.h"
#include "vpc_cases.h"

using namespace vpcprobe;

namespace {

struct Sampled {
  const char* id;
  const char* host;
  const char* expects;
  std::vector<std::string> addresses;
};
const std::vector<Sampled>& services_of_sample() {
  static const std::vector<Sampled> services{
      {"ecr.api", "api.ecr.eu-west-1.amazonaws.com", "interface", {"10.0.1.10", "10.0.2.10", "10.0.3.10"}},
      {"ecr.dkr",
       "111122223333.dkr.ecr.eu-west-1.amazonaws.com",
       "interface",
       {"10.0.1.11", "10.0.2.11", "10.0.3.11"}},
      {"s3", "s3.eu-west-1.amazonaws.com", "gateway", {"52.218.30.10", "3.5.64.20"}},
      {"logs", "logs.eu-west-1.amazonaws.com", "interface", {"10.0.1.12", "10.0.2.12", "10.0.3.12"}},
      {"secretsmanager",
       "secretsmanager.eu-west-1.amazonaws.com",
       "interface",
       {"10.0.1.13", "10.0.2.13", "10.0.3.13"}},
  };
  return services;
}

AddressReport address_report(const std::string& text, const std::string& status) {
  AddressReport address;
  address.seen.address = *IpAddress::parse(text);
  address.scope = text.starts_with("10.") ? Scope::private_ : Scope::public_;
  address.seen.tcp.emplace();
  address.seen.tcp->status = status == "silent" ? TcpStatus::timeout : TcpStatus::ok;
  if (text.starts_with("52.218.") || text.starts_with("3.5.")) address.owner = "S3 eu-west-1";
  return address;
}

EndpointReport endpoint_report(const Sampled& service) {
  EndpointReport endpoint;
  endpoint.id = service.id;
  endpoint.service = service.id;
  endpoint.host = service.host;
  endpoint.expects = service.expects;
  endpoint.dns.emplace();
  endpoint.dns->status = DnsStatus::ok;
  for (const std::string& address : service.addresses)
    endpoint.addresses.push_back(address_report(address, "connects"));
  return endpoint;
}

Report healthy_report() {
  Report report;
  report.version = "1";
  report.verdict = Verdict::pass;
  report.exit_code = 0;
  report.context.region = "eu-west-1";
  report.context.subnet_cidrs = {"10.0.1.0/24"};
  report.context.source_addresses = {"10.0.1.23"};
  report.context.resolvers = {"10.0.0.2:53"};
  for (const Sampled& service : services_of_sample()) report.endpoints.push_back(endpoint_report(service));
  return report;
}

}  // namespace

Documents healthy_documents() {
  return Documents::parse(read_file(in_tree("tests/agent/doctor/healthy.json")));
}

nlohmann::json& list_in(Documents& documents, const std::string& key) {
  for (auto& document : documents)
    if (document.contains(key)) return document[key];
  throw std::runtime_error("no document with " + key);
}

nlohmann::json& element_in(Documents& documents, const std::string& key, const std::string& id_key,
                           const std::string& id) {
  for (auto& element : list_in(documents, key))
    if (element[id_key] == id) return element;
  throw std::runtime_error("no " + id);
}

Configuration configuration_of(const Documents& documents) {
  Configuration configuration;
  const auto read = read_configuration(documents.dump(), configuration);
  if (!read) throw std::runtime_error(read.error().message);
  return configuration;
}

Report report_with(const std::string& code, const std::string& endpoint, const std::vector<Ended>& seen) {
  Report report = healthy_report();
  for (const Ended& one : seen) {
    for (EndpointReport& row : report.endpoints) {
      if (row.id != one.endpoint) continue;
      if (one.addresses.empty()) {
        for (AddressReport& address : row.addresses)
          address = address_report(address.seen.address.to_string(), one.status);
        continue;
      }
      for (const std::string& text : one.addresses) {
        const auto same = std::find_if(
            row.addresses.begin(), row.addresses.end(),
            [&](const AddressReport& address) { return address.seen.address.to_string() == text; });
        if (same == row.addresses.end())
          row.addresses.push_back(address_report(text, one.status));
        else
          *same = address_report(text, one.status);
      }
    }
  }
  if (code.empty()) return report;
  Finding finding;
  finding.code = code;
  finding.stage = 2;
  finding.severity = Severity::error;
  finding.endpoint = endpoint;
  report.findings.push_back(finding);
  report.verdict = Verdict::fail;
  report.exit_code = 24;
  return report;
}

Report all_silent() {
  std::vector<Ended> seen;
  for (const Sampled& service : services_of_sample()) seen.push_back({service.id, {}, "silent"});
  Report report = report_with("all-filtered", "", seen);
  report.exit_code = 20;
  return report;
}

Report public_and_silent() {
  Report report = report_with("no-private-names", "", {});
  for (EndpointReport& endpoint : report.endpoints) {
    if (endpoint.expects != "interface") continue;
    endpoint.addresses = {address_report("34.249.10.10", "silent"), address_report("34.250.10.10", "silent")};
    report.findings.front().covers.push_back(endpoint.id);
  }
  report.exit_code = 10;
  return report;
}

Diagnosis diagnose_from(const Documents& documents, const Report& report) {
  const Configuration configuration = configuration_of(documents);
  return reason(configuration, report, find_who(configuration, report.context, {}), true);
}
