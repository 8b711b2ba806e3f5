#pragma once
// A healthy VPC as documents of the AWS CLI, and what a probe inside it saw, for tests of doctor to change.
#include <functional>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "agent/diagnosis/report.h"
#include "agent/doctor/configuration.h"
#include "agent/doctor/diagnosis.h"

using Documents = nlohmann::json;

/// tests/agent/doctor/healthy.json: three zones, four interface endpoints, S3 behind a gateway endpoint.
Documents healthy_documents();
/// The list under this top-level key.
nlohmann::json& list_in(Documents& documents, const std::string& key);
/// The element of the list whose member `id_key` is `id`.
nlohmann::json& element_in(Documents& documents, const std::string& key, const std::string& id_key,
                           const std::string& id);
vpcprobe::Configuration configuration_of(const Documents& documents);

/// How the addresses of an endpoint ended: "connects", "silent".
struct Ended {
  std::string endpoint;
  std::vector<std::string> addresses;
  std::string status;
};
/// A report from 10.0.1.23 in 10.0.1.0/24 over the five usual services; all connect but what is said. A
/// finding with this code is its root.
vpcprobe::Report report_with(const std::string& code, const std::string& endpoint,
                             const std::vector<Ended>& seen);
/// Every address of every endpoint silent.
vpcprobe::Report all_silent();
/// The four interface endpoints resolve to public addresses, which stay silent.
vpcprobe::Report public_and_silent();

vpcprobe::Diagnosis diagnose_from(const Documents& documents, const vpcprobe::Report& report);

inline const std::string kVpc = "vpc-0a1b2c3d4e5f60718";
inline const std::string kTaskSubnet = "subnet-000000000000000a1";
inline const std::string kTaskGroup = "sg-0aaa1111bbb2222cc";
inline const std::string kEndpointGroup = "sg-0eee1111fff2222dd";
inline const std::string kTable = "rtb-0aaaa1111bbbb2222";
inline const std::string kAcl = "acl-0aaaa1111bbbb2222";
// For cases that add a public subnet with a NAT gateway.
inline const std::string kPublicSubnet = "subnet-000000000000000b1";
inline const std::string kPublicTable = "rtb-0bbbb1111bbbb2222";
inline const std::string kNat = "nat-0aaaa1111bbbb2222";
inline const std::string kLogsEndpoint = "vpce-03333333333333333";
inline const std::string kGateway = "vpce-0555555555555555a";

/// A healthy VPC with one thing wrong, what a probe inside it says, and who is at fault.
struct Wrong {
  std::string name;
  std::function<void(Documents&)> change;
  std::function<vpcprobe::Report()> report;
  std::string type, id;            ///< of the first culprit
  std::string rule;                ///< a part of its rule
  std::vector<std::string> parts;  ///< of its first fix's command
};
/// Every fault that doctor names, one each.
const std::vector<Wrong>& wrongs();
vpcprobe::Report logs_silent();
/// logs resolves to a public address, which stays silent.
vpcprobe::Report logs_public();
/// An entry of a network ACL for TCP.
nlohmann::json entry(int number, bool egress, const char* action, const char* range, int from, int to);
/// These entries instead of the ones that allow everything.
void only_entries(Documents& documents, const std::vector<nlohmann::json>& entries);
void remove_endpoint(Documents& documents, const std::string& id);
/// A second VPC, 172.31.0.0/16, behind an active peering connection, with one host, 172.31.1.1, and a route
/// back.
void add_peer(Documents& documents);
/// A group of its own for the endpoint of logs, with these rules.
void regroup_logs(Documents& documents, const nlohmann::json& ingress);
