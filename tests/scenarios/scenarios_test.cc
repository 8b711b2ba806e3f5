// Each scenario breaks a healthy VPC in one way and names all that must come out: the unmasked errors,
// warnings and notes in the report's order, the exit code, and what is masked by what.
#include <algorithm>
#include <cerrno>
#include <filesystem>
#include <map>
#include <set>

#include "agent/diagnosis/rules.h"
#include "catch.h"
#include "golden.h"
#include "probes/resolve.h"
#include "scenarios/scenario.h"

namespace vpcprobe::scenarios {
namespace {

using namespace std::chrono_literals;
const std::vector<Scenario>& names_and_answers() {
  static const std::vector<Scenario> scenarios = {
      {"resolver silent",
       [](World& w) {
         w.name_fails("*", DnsStatus::timeout);
         w.seen.controls[0] = {};
       },
       10,
       {"error resolver-silent"},
       {"name-timeout < resolver-silent"}},
      {"both resolvers unreachable",
       [](World& w) {
         w.resolver("10.0.9.53");
         w.name_fails("*", DnsStatus::unreachable);
         w.seen.controls[0] = {};
       },
       10,
       {"error resolver-silent"},
       {"name-timeout < resolver-silent"}},
      {"UDP answers are truncated and TCP 53 is closed",
       [](World& w) {
         w.name_fails("*", DnsStatus::truncated);
         w.seen.controls[0] = {};
       },
       10,
       {"error answer-truncated"}},
      {"one name's answer is truncated",
       [](World& w) { w.name_fails("logs", DnsStatus::truncated); },
       10,
       {"error answer-truncated [logs]"}},
      {"the answers of the second resolver are truncated",
       [](World& w) {
         w.resolver("10.0.9.53");
         w.resolver_says("10.0.9.53", "logs", DnsStatus::truncated);
       },
       0,
       {"warning answer-truncated [logs]"}},
      {"an override leads to this host",
       [](World& w) {
         w.resolves("logs", {"127.0.0.1", "::1"});
         w.refused("logs");
       },
       14,
       {"error name-overridden logs"}},
      {"an override leads to addresses that are no host's",
       [](World& w) {
         w.resolves("logs", {"203.0.113.9", "2001:db8::1", "3fff::1"});
         w.silent("logs");
       },
       14,
       {"error name-overridden logs"}},
      {"an override leads several names to one place",
       [](World& w) {
         for (const char* id : {"ecr.api", "logs"}) {
           w.resolves(id, {"0.0.0.0"});
           w.refused(id);
         }
       },
       19,
       {"error name-overridden [ecr.api logs]"}},
      {"an override in the range for benchmarks connects, and is not AWS",
       [](World& w) {
         w.resolves("logs", {"198.18.0.66"});
         w.tls("logs", TlsStatus::name_mismatch);
       },
       14,
       {"error name-overridden logs"}},
      {"a VPC has the range for benchmarks itself",
       [](World& w) {
         w.options.vpc_cidrs = {Cidr::parse("198.18.0.0/15").value()};
         w.plan.settings.ranges.vpc = w.options.vpc_cidrs;
         w.resolves("logs", {"198.18.0.66", "198.18.1.66"});
         w.silent("logs");
       },
       24,
       {"error endpoint-filtered logs"}},
      {"an override by CNAME leads to a block page",
       [](World& w) {
         w.resolves("logs", {"10.0.7.7"});
         w.endpoint("logs").dns->cnames = {"sinkhole.security.example"};
         w.tls("logs", TlsStatus::untrusted);
       },
       14,
       {"error name-overridden logs"}},
      {"a sinkhole answers for several services",
       [](World& w) {
         for (const char* id : {"ecr.api", "logs", "secretsmanager"}) {
           w.resolves(id, {"10.0.7.7"});
           w.refused(id);
         }
       },
       19,
       {"error name-overridden [ecr.api logs secretsmanager]"}},
      {"all services have one private address, which is silent",
       [](World& w) {
         for (const char* id : {"ecr.api", "ecr.dkr", "logs", "secretsmanager", "s3"}) {
           w.resolves(id, {"10.0.9.80"});
           w.silent(id);
         }
       },
       10,
       {"error name-overridden [ecr.api ecr.dkr s3 logs secretsmanager]"}},
      {"two names of one service share the addresses of its endpoint, which is silent",
       [](World& w) {
         w.add_target("s3-control.eu-west-1.amazonaws.com", 443, {"10.0.1.14"});
         w.resolves("s3", {"10.0.1.14"});
         w.silent("s3");
         w.silent("s3-control.eu-west-1.amazonaws.com");
       },
       29,
       {"error endpoint-filtered s3", "error endpoint-filtered s3-control.eu-west-1.amazonaws.com"}},
      {"second resolver silent",
       [](World& w) {
         w.resolver("10.0.9.53");
         w.resolver_says("10.0.9.53", "*", DnsStatus::timeout);
       },
       0,
       {"warning resolver-partial"}},
      {"second resolver knows no private names, and its answers lead nowhere",
       [](World& w) {
         w.resolver("10.0.9.53");
         w.resolver_says("10.0.9.53", "logs", DnsStatus::ok, {"34.249.10.12"});
         w.silent("logs", "34.249.10.12");
       },
       10,
       {"error resolvers-disagree [logs]"}},
      {"second resolver knows no private names, and NAT takes them",
       [](World& w) {
         w.nat();
         w.resolver("10.0.9.53");
         w.resolver_says("10.0.9.53", "logs", DnsStatus::ok, {"34.249.10.12"});
       },
       0,
       {"warning resolvers-disagree [logs]", "note internet-egress-open"}},
      {"second resolver has no such name",
       [](World& w) {
         w.resolver("10.0.9.53");
         w.resolver_says("10.0.9.53", "logs", DnsStatus::not_found);
       },
       10,
       {"error resolvers-disagree [logs]"}},
      {"second resolver fails, so clients ask the first",
       [](World& w) {
         w.resolver("10.0.9.53");
         w.resolver_says("10.0.9.53", "logs", DnsStatus::server_failure);
       },
       0,
       {"warning resolvers-disagree [logs]"}},
      {"second resolver fails, and what the first says is silent",
       [](World& w) {
         w.resolver("10.0.9.53");
         w.resolver_says("10.0.9.53", "*", DnsStatus::refused);
         w.silent("logs");
       },
       24,
       {"error endpoint-filtered logs",
        "warning resolvers-disagree [ecr.api ecr.dkr s3 logs secretsmanager]"}},
      {"one resolver mixes, the other does not",
       [](World& w) {
         w.resolver("10.0.9.53");
         w.resolver_says("10.0.9.53", "logs", DnsStatus::ok, {"10.0.1.12", "34.249.10.12"});
         w.nat();
       },
       0,
       {"warning resolvers-disagree [logs]", "note internet-egress-open"},
       {"mixed-answers < resolvers-disagree"}},
      {"S3 answers differ by rotation",
       [](World& w) {
         w.resolver("10.0.9.53");
         w.resolver_says("10.0.9.53", "s3", DnsStatus::ok, {"52.218.45.91", "52.92.17.122"});
       },
       0,
       {}},
      {"name not found",
       [](World& w) { w.name_fails("logs", DnsStatus::not_found); },
       14,
       {"error name-not-found logs"}},
      {"name empty", [](World& w) { w.name_fails("s3", DnsStatus::no_data); }, 13, {"error name-empty s3"}},
      {"name servfail",
       [](World& w) { w.name_fails("ecr.api", DnsStatus::server_failure); },
       11,
       {"error name-server-failure ecr.api"}},
      {"name refused",
       [](World& w) { w.name_fails("ecr.dkr", DnsStatus::refused); },
       12,
       {"error name-server-failure ecr.dkr"}},
      {"every name servfail",
       [](World& w) { w.name_fails("*", DnsStatus::server_failure); },
       10,
       {"error name-server-failure [ecr.api ecr.dkr s3 logs secretsmanager]"}},
      {"one name times out",
       [](World& w) { w.name_fails("logs", DnsStatus::timeout); },
       14,
       {"error name-timeout logs"}},
      {"optional name not found",
       [](World& w) {
         w.optional("logs");
         w.name_fails("logs", DnsStatus::not_found);
       },
       0,
       {"note name-not-found logs"}},
      {"two names fail differently",
       [](World& w) {
         w.name_fails("logs", DnsStatus::timeout);
         w.name_fails("s3", DnsStatus::not_found);
       },
       19,
       {"error name-not-found s3", "error name-timeout logs"}},
      {"no endpoints and no NAT",
       [](World& w) {
         w.all_public();
         w.silent("*");
       },
       10,
       {"error no-private-names [ecr.api ecr.dkr logs secretsmanager s3]"},
       {"all-filtered < no-private-names", "private-name-missing < no-private-names",
        "gateway-route-missing < no-private-names"}},
      {"only the S3 gateway endpoint",
       [](World& w) {
         w.all_public();
         for (const char* id : {"ecr.api", "ecr.dkr", "logs", "secretsmanager"}) w.silent(id);
       },
       10,
       {"error no-private-names [ecr.api ecr.dkr logs secretsmanager]"},
       {"private-name-missing < no-private-names"}},
      {"all public and unreachable",
       [](World& w) {
         w.all_public();
         w.unreachable("*", ENETUNREACH);
       },
       20,
       {"error network-unreachable [ecr.api ecr.dkr s3 logs secretsmanager]"},
       {"no-private-names < network-unreachable", "private-name-missing < network-unreachable",
        "no-route < network-unreachable"}},
      {"one endpoint missing",
       [](World& w) {
         w.resolves("logs", {"34.249.10.12"});
         w.silent("logs");
       },
       14,
       {"error private-name-missing logs"}},
      {"one endpoint missing, rejected by a router",
       [](World& w) {
         w.resolves("logs", {"34.249.10.12"});
         w.unreachable("logs", EHOSTUNREACH);
       },
       14,
       {"error private-name-missing logs"}},
      {"logs without endpoint and S3 without route, nothing else",
       [](World& w) {
         w.only({"logs", "s3"});
         w.resolves("logs", {"34.249.10.12"});
         w.silent("*");
       },
       20,
       {"error all-filtered [logs s3]"},
       {"private-name-missing < all-filtered", "gateway-route-missing < all-filtered"}},
      {"mixed answer that works",
       [](World& w) {
         w.nat();
         w.resolves("logs", {"10.0.1.12", "34.249.10.12"});
       },
       0,
       {"warning mixed-answers logs", "note internet-egress-open"}},
      {"mixed answer, public part silent",
       [](World& w) {
         w.resolves("logs", {"10.0.1.12", "34.249.10.12"});
         w.silent("logs", "34.249.10.12");
       },
       14,
       {"error mixed-answers logs"}},
      {"mixed answer, private part silent",
       [](World& w) {
         w.nat();
         w.resolves("logs", {"10.0.1.12", "34.249.10.12"});
         w.silent("logs", "10.0.1.12");
       },
       14,
       {"error mixed-answers logs", "note internet-egress-open"}},
      {"answer outside AWS's ranges",
       [](World& w) {
         w.nat();
         w.resolves("logs", {"203.0.113.10"});
       },
       0,
       {"warning answer-not-aws logs", "note internet-egress-open"}},
      {"answer outside AWS's ranges, where private paths are asked for",
       [](World& w) {
         w.options.require_private = true;
         w.resolves("logs", {"203.0.113.10"});
       },
       14,
       {"error public-path logs", "warning answer-not-aws logs"}},
      {"silent answer outside AWS's ranges",
       [](World& w) {
         w.resolves("logs", {"93.184.216.34"});
         w.silent("logs");
       },
       24,
       {"error endpoint-filtered logs", "warning answer-not-aws logs"}},
      {"everything by NAT",
       [](World& w) {
         w.nat();
         w.all_public();
       },
       0,
       {"note public-path [ecr.api ecr.dkr logs secretsmanager]", "note internet-egress-open"}},
      {"NAT and private required",
       [](World& w) {
         w.options.require_private = true;
         w.nat();
         w.all_public();
       },
       19,
       {"error public-path [ecr.api ecr.dkr logs secretsmanager]", "note public-path s3",
        "note internet-egress-open"}},
      {"one public path and private required",
       [](World& w) {
         w.options.require_private = true;
         w.nat();
         w.resolves("logs", {"34.249.10.12"});
       },
       14,
       {"error public-path logs", "note public-path s3", "note internet-egress-open"}},
      {"private required and kept", [](World& w) { w.options.require_private = true; }, 0, {}},
  };
  return scenarios;
}

const std::vector<Scenario>& connecting() {
  static const std::vector<Scenario> scenarios = {
      {"all silent",
       [](World& w) { w.silent("*"); },
       20,
       {"error all-filtered [ecr.api ecr.dkr s3 logs secretsmanager]"},
       {"gateway-route-missing < all-filtered", "endpoint-filtered < all-filtered"}},
      {"all silent, one name public",
       [](World& w) {
         w.resolves("logs", {"34.249.10.12"});
         w.silent("*");
       },
       20,
       {"error all-filtered [ecr.api ecr.dkr s3 logs secretsmanager]"},
       {"private-name-missing < all-filtered", "gateway-route-missing < all-filtered",
        "endpoint-filtered < all-filtered"}},
      {"S3 private too, all silent, no control",
       [](World& w) {
         w.resolves("s3", {"10.0.1.14"});
         w.silent("*");
         w.seen.controls[0] = {};
       },
       20,
       {"error all-filtered [ecr.api ecr.dkr s3 logs secretsmanager]"},
       {"endpoint-filtered < all-filtered"}},
      {"S3 private too, all silent, NAT open",
       [](World& w) {
         w.nat();
         w.resolves("s3", {"10.0.1.14"});
         w.silent("*");
       },
       20,
       {"error interface-endpoints-filtered [ecr.api ecr.dkr s3 logs secretsmanager]",
        "note internet-egress-open"},
       {"endpoint-filtered < interface-endpoints-filtered"}},
      {"interface endpoints silent, S3 connects",
       [](World& w) {
         for (const char* id : {"ecr.api", "ecr.dkr", "logs", "secretsmanager"}) w.silent(id);
       },
       20,
       {"error interface-endpoints-filtered [ecr.api ecr.dkr logs secretsmanager]"},
       {"endpoint-filtered < interface-endpoints-filtered"}},
      {"all silent but NAT: two faults",
       [](World& w) {
         w.nat();
         w.silent("*");
       },
       20,
       {"error interface-endpoints-filtered [ecr.api ecr.dkr logs secretsmanager]",
        "error gateway-route-missing s3", "note internet-egress-open"},
       {"endpoint-filtered < interface-endpoints-filtered"}},
      {"S3 silent", [](World& w) { w.silent("s3"); }, 23, {"error gateway-route-missing s3"}},
      {"S3 silent, NAT open",
       [](World& w) {
         w.nat();
         w.silent("s3");
       },
       23,
       {"error gateway-route-missing s3", "note internet-egress-open"}},
      {"one of S3's addresses silent",
       [](World& w) { w.silent("s3", "52.92.4.5"); },
       23,
       {"error zone-filtered s3"}},
      {"one endpoint silent", [](World& w) { w.silent("logs"); }, 24, {"error endpoint-filtered logs"}},
      {"one endpoint, the only one asked for, silent",
       [](World& w) {
         w.only({"logs"});
         w.silent("*");
       },
       24,
       {"error endpoint-filtered logs"}},
      {"private S3 silent",
       [](World& w) {
         w.resolves("s3", {"10.0.1.14"});
         w.silent("s3");
       },
       23,
       {"error endpoint-filtered s3"}},
      {"one endpoint silent in one zone",
       [](World& w) { w.silent("logs", "10.0.2.12"); },
       24,
       {"error zone-filtered logs"}},
      {"one zone silent for all",
       [](World& w) {
         w.silent("ecr.api", "10.0.2.10");
         w.silent("ecr.dkr", "10.0.2.11");
         w.silent("logs", "10.0.2.12");
         w.silent("secretsmanager", "10.0.2.13");
       },
       29,
       {"error zone-filtered [ecr.api ecr.dkr logs secretsmanager]"}},
      {"one zone silent, where one endpoint is alone",
       [](World& w) {
         w.resolves("logs", {"10.0.2.12"});
         w.silent("ecr.api", "10.0.2.10");
         w.silent("ecr.dkr", "10.0.2.11");
         w.silent("logs", "10.0.2.12");
         w.silent("secretsmanager", "10.0.2.13");
       },
       29,
       {"error zone-filtered [ecr.api ecr.dkr logs secretsmanager]"},
       {"endpoint-filtered < zone-filtered"}},
      {"one zone silent for all, and one endpoint in every zone",
       [](World& w) {
         w.silent("ecr.api", "10.0.2.10");
         w.silent("ecr.dkr", "10.0.2.11");
         w.silent("logs", "10.0.2.12");
         w.silent("secretsmanager");
       },
       29,
       {"error zone-filtered [ecr.api ecr.dkr logs secretsmanager]",
        "error endpoint-filtered secretsmanager"}},
      {"one zone silent for all, and one more address",
       [](World& w) {
         w.silent("ecr.api", "10.0.2.10");
         w.silent("ecr.dkr", "10.0.2.11");
         w.silent("logs", "10.0.2.12");
         w.silent("secretsmanager", "10.0.2.13");
         w.silent("logs", "10.0.3.12");
       },
       29,
       {"error zone-filtered [ecr.api ecr.dkr logs secretsmanager]", "error zone-filtered logs"}},
      {"endpoint refuses", [](World& w) { w.refused("logs"); }, 24, {"error endpoint-refused logs"}},
      {"endpoint refuses at one address",
       [](World& w) { w.refused("logs", "10.0.3.12"); },
       24,
       {"error endpoint-refused logs"}},
      {"one zone refuses for all",
       [](World& w) {
         w.refused("ecr.api", "10.0.2.10");
         w.refused("ecr.dkr", "10.0.2.11");
         w.refused("logs", "10.0.2.12");
         w.refused("secretsmanager", "10.0.2.13");
       },
       29,
       {"error endpoint-refused [ecr.api ecr.dkr logs secretsmanager]"}},
      {"everything refuses",
       [](World& w) { w.refused("*"); },
       20,
       {"error endpoint-refused [ecr.api ecr.dkr s3 logs secretsmanager]"}},
      {"endpoint silent and refusing",
       [](World& w) {
         w.silent("logs");
         w.refused("logs", "10.0.3.12");
       },
       24,
       {"error endpoint-refused logs"}},
      {"a router refuses one endpoint and drops what goes to another",
       [](World& w) {
         w.unreachable("logs", EHOSTUNREACH);
         for (AddressObservation& address : w.endpoint("logs").addresses)
           address.tcp->icmp = IcmpError{3, 13, "10.0.0.1"};
         w.silent("ecr.api");
       },
       29,
       {"error no-route [ecr.api logs]"}},
      {"a router refuses one address and drops the others",
       [](World& w) {
         for (const char* id : {"ecr.api", "ecr.dkr", "logs", "secretsmanager"}) w.silent(id);
         w.unreachable("logs", EHOSTUNREACH, "10.0.2.12");
         w.at("logs", "10.0.2.12").tcp->icmp = IcmpError{3, 13, "10.0.0.1"};
       },
       29,
       {"error no-route [ecr.api ecr.dkr logs secretsmanager]"}},
      {"a firewall rejects with ICMP port unreachable",
       [](World& w) {
         w.refused("logs");
         for (AddressObservation& address : w.endpoint("logs").addresses)
           address.tcp->icmp = IcmpError{3, 3, "10.0.0.1"};
       },
       24,
       {"error no-route logs"}},
      {"a router refuses one endpoint, another one's zone connects and stays a fault of its own",
       [](World& w) {
         w.unreachable("logs", EHOSTUNREACH, "10.0.3.12");
         w.at("logs", "10.0.3.12").tcp->icmp = IcmpError{3, 13, "10.0.0.1"};
         w.silent("ecr.api", "10.0.2.10");
       },
       29,
       {"error zone-filtered ecr.api", "error no-route logs"}},
      {"no route to one endpoint",
       [](World& w) { w.unreachable("logs", EHOSTUNREACH); },
       24,
       {"error no-route logs"}},
      {"no route to two endpoints",
       [](World& w) {
         w.unreachable("logs", EHOSTUNREACH);
         w.unreachable("ecr.api", EHOSTUNREACH);
       },
       29,
       {"error no-route [ecr.api logs]"}},
      {"no route anywhere",
       [](World& w) { w.unreachable("*", ENETUNREACH); },
       20,
       {"error network-unreachable [ecr.api ecr.dkr s3 logs secretsmanager]"},
       {"no-route < network-unreachable"}},
      {"a registry on the internet, without NAT",
       [](World& w) {
         w.add_target("registry.example", 443, {"198.51.100.7"});
         w.silent("registry.example");
       },
       28,
       {"error endpoint-filtered registry.example"}},
      {"a registry on the internet, by NAT",
       [](World& w) {
         w.nat();
         w.add_target("registry.example", 443, {"198.51.100.7"});
         w.http("registry.example", HttpStatus::not_aws, 401);
       },
       0,
       {"note internet-egress-open"}},
      {"another service silent",
       [](World& w) {
         w.add_service("kms", {"10.0.1.40", "10.0.2.40"});
         w.silent("kms");
       },
       27,
       {"error endpoint-filtered kms"}},
      {"parameters silent",
       [](World& w) {
         w.add_service("ssm", {"10.0.1.41", "10.0.2.41"});
         w.silent("ssm");
       },
       26,
       {"error endpoint-filtered ssm"}},
      {"DynamoDB without gateway endpoint",
       [](World& w) {
         w.add_service("dynamodb", {"52.94.5.5"});
         w.silent("dynamodb");
       },
       27,
       {"error gateway-route-missing dynamodb"}},
  };
  return scenarios;
}

const std::vector<Scenario>& tls_and_http() {
  static const std::vector<Scenario> scenarios = {
      {"TLS stalls",
       [](World& w) { w.tls("ecr.api", TlsStatus::timeout); },
       31,
       {"error tls-stalled ecr.api"}},
      {"TLS stalls at one address",
       [](World& w) { w.tls("ecr.api", TlsStatus::timeout, "10.0.3.10"); },
       31,
       {"error tls-stalled ecr.api"}},
      {"TLS stalls everywhere",
       [](World& w) { w.tls("*", TlsStatus::timeout); },
       30,
       {"error tls-stalled [ecr.api ecr.dkr s3 logs secretsmanager]"}},
      {"TLS reset", [](World& w) { w.tls("logs", TlsStatus::reset); }, 34, {"error tls-reset logs"}},
      {"TLS closed", [](World& w) { w.tls("logs", TlsStatus::closed); }, 34, {"error tls-reset logs"}},
      {"TLS alert handshake_failure",
       [](World& w) {
         w.tls("logs", TlsStatus::alert);
         w.at("logs", "10.0.1.12").tls->alert = 40;
       },
       34,
       {"error tls-reset logs"}},
      {"TLS alert protocol_version",
       [](World& w) {
         w.tls("logs", TlsStatus::alert, "10.0.1.12");
         w.at("logs", "10.0.1.12").tls->alert = 70;
       },
       34,
       {"error tls-version-refused logs"}},
      {"plain text on 443",
       [](World& w) { w.tls("ecr.dkr", TlsStatus::not_tls); },
       32,
       {"error tls-not-spoken ecr.dkr"}},
      {"TLS 1.1 only",
       [](World& w) { w.tls("ecr.dkr", TlsStatus::version_refused); },
       32,
       {"error tls-version-refused ecr.dkr"}},
      {"S3 intercepted",
       [](World& w) { w.issued_by("s3", "CN=Example Inspection CA"); },
       33,
       {"error certificate-untrusted s3"}},
      {"everything intercepted",
       [](World& w) { w.issued_by("*", "CN=Example Inspection CA"); },
       30,
       {"error certificate-untrusted [ecr.api ecr.dkr s3 logs secretsmanager]"}},
      {"intercepted by two",
       [](World& w) {
         w.issued_by("s3", "CN=Example Inspection CA");
         w.issued_by("logs", "CN=Another CA");
       },
       39,
       {"error certificate-untrusted s3", "error certificate-untrusted logs"}},
      {"certificate for other names",
       [](World& w) { w.tls("ecr.api", TlsStatus::name_mismatch); },
       31,
       {"error certificate-name-mismatch ecr.api"}},
      {"certificate over",
       [](World& w) { w.tls("logs", TlsStatus::expired); },
       34,
       {"error certificate-expired logs"}},
      {"all certificates not begun",
       [](World& w) { w.tls("*", TlsStatus::not_yet_valid); },
       30,
       {"error certificate-not-yet-valid [ecr.api ecr.dkr s3 logs secretsmanager]"}},
      {"HTTP silent", [](World& w) { w.http("logs", HttpStatus::timeout); }, 44, {"error http-silent logs"}},
      {"HTTP reset", [](World& w) { w.http("logs", HttpStatus::reset); }, 44, {"error http-silent logs"}},
      {"HTTP from a proxy",
       [](World& w) { w.http("s3", HttpStatus::not_aws, 407); },
       43,
       {"error http-not-aws s3"}},
      {"HTTP from a proxy everywhere",
       [](World& w) { w.http("*", HttpStatus::not_aws, 403); },
       40,
       {"error http-not-aws [ecr.api ecr.dkr s3 logs secretsmanager]"}},
      {"a TLS target that speaks no HTTP",
       [](World& w) {
         w.add_target("cache.internal", 6379, {"10.0.7.7"});
         w.http("cache.internal", HttpStatus::timeout);
       },
       0,
       {}},
      {"an HTTPS target that stays silent",
       [](World& w) {
         w.add_target("api.internal", 443, {"10.0.7.7"});
         w.http("api.internal", HttpStatus::timeout);
       },
       48,
       {"error http-silent api.internal"}},
      {"clock ten minutes slow",
       [](World& w) {
         for (auto& endpoint : w.seen.endpoints) {
           for (auto& address : endpoint.addresses) address.http->clock_offset = 10min;
         }
       },
       50,
       {"error clock-skewed"}},
      {"one server's clock is wrong",
       [](World& w) { w.at("logs", "10.0.1.12").http->clock_offset = 10h; },
       0,
       {}},
      {"stages of two endpoints: the earliest counts",
       [](World& w) {
         w.tls("logs", TlsStatus::reset);
         w.silent("s3");
       },
       23,
       {"error gateway-route-missing s3", "error tls-reset logs"}},
  };
  return scenarios;
}

const std::vector<Scenario>& healthy_and_fragile() {
  static const std::vector<Scenario> scenarios = {
      {"healthy", [](World&) {}, 0, {}},
      {"healthy with NAT besides", [](World& w) { w.nat(); }, 0, {"note internet-egress-open"}},
      {"one zone",
       [](World& w) {
         w.resolves("ecr.api", {"10.0.1.10"});
         w.resolves("ecr.dkr", {"10.0.1.11"});
         w.resolves("logs", {"10.0.1.12"});
         w.resolves("secretsmanager", {"10.0.1.13"});
       },
       0,
       {"warning single-zone-endpoint [ecr.api ecr.dkr logs secretsmanager]"}},
      {"one endpoint in one zone",
       [](World& w) { w.resolves("logs", {"10.0.1.12"}); },
       0,
       {"warning single-zone-endpoint logs"}},
      {"one endpoint in one zone, not the task's",
       [](World& w) { w.resolves("logs", {"10.0.2.12"}); },
       0,
       {"warning single-zone-endpoint logs"},
       {"zone-not-covered < single-zone-endpoint"}},
      {"one zone, strict",
       [](World& w) {
         w.options.strict = true;
         w.resolves("logs", {"10.0.1.12"});
       },
       1,
       {"warning single-zone-endpoint logs"}},
      {"one endpoint not in the task's zone",
       [](World& w) {
         w.resolves("logs", {"10.0.2.12", "10.0.3.12"});
       },
       0,
       {"warning zone-not-covered logs"}},
      {"endpoints in subnets of their own",
       [](World& w) { w.context.subnets = w.plan.settings.ranges.subnets = {*Cidr::parse("10.0.8.0/24")}; },
       0,
       {"note zone-not-covered [ecr.api ecr.dkr logs secretsmanager]"}},
      {"no subnet known",
       [](World& w) {
         w.context.subnets.clear();
         w.plan.settings.ranges.subnets.clear();
       },
       0,
       {}},
      {"S3 interface endpoint",
       [](World& w) {
         w.resolves("s3", {"10.0.1.14", "10.0.2.14"});
       },
       0,
       {}},
      {"VPC in a range that is public elsewhere",
       [](World& w) {
         w.context.subnets = w.plan.settings.ranges.subnets = {*Cidr::parse("20.10.1.0/24")};
         w.resolves("ecr.api", {"20.10.1.10", "20.10.2.10"});
         w.resolves("ecr.dkr", {"20.10.1.11", "20.10.2.11"});
         w.resolves("logs", {"20.10.1.12", "20.10.2.12"});
         w.resolves("secretsmanager", {"20.10.1.13", "20.10.2.13"});
       },
       0,
       {}},
      {"the same VPC, endpoints filtered",
       [](World& w) {
         w.context.subnets = w.plan.settings.ranges.subnets = {*Cidr::parse("20.10.1.0/24")};
         w.only({"s3", "logs", "ecr.api"});
         w.resolves("logs", {"20.10.1.12", "20.10.2.12"});
         w.resolves("ecr.api", {"20.10.1.10", "20.10.2.10"});
         w.silent("logs");
         w.silent("ecr.api");
       },
       20,
       {"error interface-endpoints-filtered [logs ecr.api]"},
       {"endpoint-filtered < interface-endpoints-filtered"}},
      {"IPv6 answers in an IPv4 task",
       [](World& w) {
         w.resolves("logs", {"10.0.1.12", "10.0.2.12", "2600:1f18::12"});
         w.unreachable("logs", ENETUNREACH, "2600:1f18::12");
       },
       0,
       {}},
      {"IPv4 answers in an IPv6 task",
       [](World& w) {
         w.context.subnets = w.plan.settings.ranges.subnets = {*Cidr::parse("fd00:1::/64")};
         w.only({"logs"});
         w.resolves("logs", {"10.0.1.12", "fd00:1::12", "fd00:2::12"});
         w.unreachable("logs", ENETUNREACH, "10.0.1.12");
       },
       0,
       {}},
      {"dual stack in Amazon's IPv6 range",
       [](World& w) {
         w.context.subnets.push_back(*Cidr::parse("2600:1f18:1:100::/64"));
         w.plan.settings.ranges.subnets = w.context.subnets;
         w.resolves("logs", {"10.0.1.12", "10.0.2.12", "2600:1f18:1:100::12", "2600:1f18:1:1aa::12"});
       },
       0,
       {}},
      {"IPv6 silent, IPv4 fine",
       [](World& w) {
         w.context.subnets.push_back(*Cidr::parse("2600:1f18:1:100::/64"));
         w.plan.settings.ranges.subnets = w.context.subnets;
         w.resolves("logs", {"10.0.1.12", "10.0.2.12", "2600:1f18:1:100::12"});
         w.silent("logs", "2600:1f18:1:100::12");
       },
       24,
       {"error zone-filtered logs"}},
      {"slow but even", [](World& w) { w.round_trip("*", 200ms); }, 0, {}},
      {"one endpoint slow", [](World& w) { w.round_trip("logs", 150ms); }, 0, {"warning slow-endpoint logs"}},
      {"one endpoint a little slower", [](World& w) { w.round_trip("logs", 30ms); }, 0, {}},
      {"SYN lost",
       [](World& w) { w.at("logs", "10.0.1.12").tcp->syn_retransmits = 1; },
       0,
       {"warning packet-loss logs"}},
      {"proxy variables",
       [](World& w) {
         w.context.proxy_variables = {"HTTPS_PROXY", "NO_PROXY"};
       },
       0,
       {"note proxy-in-environment"}},
      {"the tables are older than a year",
       [](World& w) {
         using namespace std::chrono;
         w.seen.started_at = sys_days(year(2028) / January / 1);
       },
       0,
       {"note facts-outdated"}},
      {"the tables are not older than a year",
       [](World& w) {
         using namespace std::chrono;
         w.seen.started_at = sys_days(year(2026) / November / 26);
       },
       0,
       {}},
      {"NO_PROXY alone", [](World& w) { w.context.proxy_variables = {"NO_PROXY"}; }, 0, {}},
      {"optional endpoint silent",
       [](World& w) {
         w.optional("logs");
         w.silent("logs");
       },
       0,
       {"note endpoint-filtered logs"}},
      {"ended by a signal, with one fault seen",
       [](World& w) {
         w.silent("s3");
         w.seen.complete = false;
         w.endpoint("logs") = {};
       },
       3,
       {"error gateway-route-missing s3"}},
  };
  return scenarios;
}

constexpr const char* kImage = "111122223333.dkr.ecr.eu-west-1.amazonaws.com/app:1";
constexpr const char* kLayers = "prod-eu-west-1-starport-layer-bucket.s3.eu-west-1.amazonaws.com";

const std::vector<Scenario>& pulls() {
  static const std::vector<Scenario> scenarios = {
      {"an image is pulled to its last layer", [](World& w) { w.pull("ecr.dkr", kImage, kLayers); }, 0, {}},
      {"no such repository",
       [](World& w) {
         w.pull("ecr.dkr", kImage, kLayers);
         w.pull_ends(PullStep::manifest, HopEnd::answered, 404, "NAME_UNKNOWN", "no such repository");
       },
       62,
       {"error repository-not-found ecr.dkr"}},
      {"no such tag",
       [](World& w) {
         w.pull("ecr.dkr", kImage, kLayers);
         w.pull_ends(PullStep::manifest, HopEnd::answered, 404, "MANIFEST_UNKNOWN",
                     "Requested image not found");
       },
       62,
       {"error image-not-found ecr.dkr"}},
      {"no such tag in somebody else's registry",
       [](World& w) {
         w.add_target("registry.example.com", 443, {"10.0.1.50"});
         w.pull("registry.example.com", "registry.example.com/app:2", "");
         w.pull_ends(PullStep::manifest, HopEnd::answered, 404, "MANIFEST_UNKNOWN", "manifest unknown");
       },
       68,
       {"error image-not-found registry.example.com"}},
      {"a registry that has no errors of a registry",
       [](World& w) {
         w.add_target("registry.example.com", 443, {"10.0.1.50"});
         w.pull("registry.example.com", "registry.example.com/app:2", "");
         w.pull_ends(PullStep::manifest, HopEnd::answered, 404);
       },
       48,
       {"error registry-answer-unusable registry.example.com"}},
      {"an image for another processor",
       [](World& w) {
         w.pull("ecr.dkr", kImage, kLayers);
         w.pull_offers("linux/arm64");
       },
       62,
       {"error image-platform-mismatch ecr.dkr"}},
      {"the layers' host is silent where S3 is not",
       [](World& w) {
         w.pull("ecr.dkr", kImage, kLayers);
         w.pull_ends(PullStep::layer, HopEnd::not_reached);
         w.layer_host({"52.218.60.5"});
       },
       63,
       {"error layer-unreachable s3"}},
      {"the layers' host has no name here",
       [](World& w) {
         w.pull("ecr.dkr", kImage, kLayers);
         w.pull_ends(PullStep::layer, HopEnd::not_reached);
         w.layer_host({});
       },
       63,
       {"error layer-unreachable s3"}},
      {"the layers' host connects and sends nothing",
       [](World& w) {
         w.pull("ecr.dkr", kImage, kLayers);
         w.pull_ends(PullStep::layer, HopEnd::no_answer);
       },
       63,
       {"error layer-unreachable s3"}},
      {"S3 is silent, and so the layers' host",
       [](World& w) {
         w.pull("ecr.dkr", kImage, kLayers);
         w.pull_ends(PullStep::layer, HopEnd::not_reached);
         w.layer_host({"52.218.60.5"});
         w.silent("s3");
       },
       23,
       {"error gateway-route-missing s3"},
       {"layer-unreachable < gateway-route-missing"}},
      {"the layers of somebody else's registry are on a host that is silent",
       [](World& w) {
         w.add_target("registry.example.com", 443, {"10.0.1.50"});
         w.pull("registry.example.com", "registry.example.com/app:1", "layers.example.com");
         w.pull_ends(PullStep::layer, HopEnd::not_reached);
         w.layer_host({"203.0.113.9"});
       },
       68,
       {"error layer-unreachable registry.example.com"}},
      {"the endpoint's policy lacks the layers' bucket",
       [](World& w) {
         w.pull("ecr.dkr", kImage, kLayers);
         w.pull_ends(PullStep::layer, HopEnd::answered, 403, "AccessDenied", "Access Denied");
       },
       63,
       {"error layer-denied s3"}},
      {"the registry fails",
       [](World& w) {
         w.pull("ecr.dkr", kImage, kLayers);
         w.pull_ends(PullStep::manifest, HopEnd::answered, 500);
       },
       42,
       {"error registry-answer-unusable ecr.dkr"}},
      {"the registry sends to plain HTTP",
       [](World& w) {
         w.pull("ecr.dkr", kImage, kLayers);
         w.pull_ends(PullStep::config, HopEnd::redirect_to_plain_http, 307);
       },
       42,
       {"error registry-answer-unusable ecr.dkr"}},
      {"S3 asks to slow down",
       [](World& w) {
         w.pull("ecr.dkr", kImage, kLayers);
         w.pull_ends(PullStep::layer, HopEnd::answered, 503, "SlowDown", "Please reduce your request rate.");
       },
       43,
       {"error registry-answer-unusable s3"}},
      {"two images, one of them missing",
       [](World& w) {
         w.pull("ecr.dkr", kImage, kLayers);
         w.pull("ecr.dkr", "111122223333.dkr.ecr.eu-west-1.amazonaws.com/side:1", kLayers);
         w.pull_ends(PullStep::manifest, HopEnd::answered, 404, "NAME_UNKNOWN", "no such repository");
       },
       62,
       {"error repository-not-found ecr.dkr"}},
      {"somebody else's registry wants a login",
       [](World& w) {
         w.add_target("registry.example.com", 443, {"10.0.1.50"});
         w.pull("registry.example.com", "registry.example.com/app:1", "");
         w.pull_ends(PullStep::manifest, HopEnd::answered, 401);
         w.pulls.images.back().stop = PullStop::login_required;
       },
       0,
       {"note registry-login-required registry.example.com"}},
      {"the pull is cut by the deadline",
       [](World& w) {
         w.pull("ecr.dkr", kImage, kLayers);
         w.pull_ends(PullStep::layer, HopEnd::cancelled);
         w.pulls.images.back().stop = PullStop::cancelled;
         w.seen.complete = false;
       },
       3,
       {}},
  };
  return scenarios;
}

std::vector<Scenario> all_scenarios() {
  std::vector<Scenario> all;
  for (const auto* part : {&names_and_answers(), &connecting(), &tls_and_http(), &healthy_and_fragile(),
                           &permissions(), &pulls()}) {
    all.insert(all.end(), part->begin(), part->end());
  }
  return all;
}

Lines roots_of(const Report& report) {
  Lines lines;
  for (const Finding& finding : report.findings) {
    if (finding.masked_by.empty()) lines.push_back(line_of(finding));
  }
  return lines;
}

Lines masks_of(const Report& report) {
  Lines lines;
  for (const Finding& finding : report.findings) {
    const std::string line = finding.code + " < " + finding.masked_by;
    const bool is_new = std::find(lines.begin(), lines.end(), line) == lines.end();
    if (!finding.masked_by.empty() && is_new) lines.push_back(line);
  }
  std::sort(lines.begin(), lines.end());
  return lines;
}

std::string texts_of(const Finding& finding) {
  std::string texts = finding.title + "\n" + finding.observed;
  for (const std::string& cause : texts_of(finding.causes)) texts += "\n" + cause;
  for (const Fix& fix : finding.fix) texts += "\n" + fix.text + "\n" + fix.command;
  for (const std::string& error : finding.ecs_errors) texts += "\n" + error;
  return texts;
}

/// A {key} of the rule table that nothing filled; AWS CLI's own braces hold capitals.
bool has_unfilled_key(const std::string& text) {
  for (std::size_t at = text.find('{'); at != std::string::npos; at = text.find('{', at + 1)) {
    const std::size_t close = text.find('}', at);
    const std::string key = text.substr(at + 1, close == std::string::npos ? close : close - at - 1);
    if (!key.empty() && key.find_first_not_of("abcdefghijklmnopqrstuvwxyz_") == std::string::npos)
      return true;
  }
  return false;
}

}  // namespace

TEST_CASE("each scenario gives exactly its roots, masks and exit code") {
  for (const Scenario& scenario : all_scenarios()) {
    World world;
    scenario.breaks(world);
    const Report report = world.report();
    Lines masked = scenario.masked;
    std::sort(masked.begin(), masked.end());
    INFO(scenario.name);
    CHECK(roots_of(report) == scenario.roots);
    CHECK(masks_of(report) == masked);
    CHECK(report.exit_code == scenario.exit);
  }
}

TEST_CASE("every finding is told completely") {
  for (const Scenario& scenario : all_scenarios()) {
    World world;
    scenario.breaks(world);
    const Report report = world.report();
    INFO(scenario.name);
    CHECK_FALSE(report.summary.empty());
    for (const Finding& finding : report.findings) {
      INFO(texts_of(finding));
      CHECK_FALSE(finding.observed.empty());
      CHECK_FALSE(finding.causes.empty());
      CHECK_FALSE(finding.fix.empty());
      CHECK_FALSE(has_unfilled_key(texts_of(finding)));
    }
  }
}

/// The codes that a world of the lab expects.
std::set<std::string> codes_of_the_lab() {
  std::set<std::string> codes;
  for (const auto& file : std::filesystem::directory_iterator(in_tree("tests/lab/scenarios"))) {
    const std::string text = read_file(file.path());
    for (const Rule& rule : rules()) {
      const std::string code = std::string("\"") + rule.code;
      if (text.find(code + "\"") != std::string::npos || text.find(code + ":") != std::string::npos)
        codes.insert(rule.code);
    }
  }
  return codes;
}

TEST_CASE("every rule is the root of some scenario, and masked in one where its row names a mask") {
  std::set<std::string> roots;
  std::set<std::string> masked;
  for (const Scenario& scenario : all_scenarios()) {
    World world;
    scenario.breaks(world);
    for (const Finding& finding : world.report().findings) {
      (finding.masked_by.empty() ? roots : masked).insert(finding.code);
    }
  }
  // A new finding needs one scenario: a world of the lab is enough.
  const std::set<std::string> lab = codes_of_the_lab();
  for (const Rule& rule : rules()) {
    INFO(rule.code);
    CHECK(rule.check != nullptr);
    const bool is_here = roots.contains(rule.code);
    CHECK((is_here || lab.contains(rule.code)));
    if (is_here && rule.masked_by[0] != nullptr) CHECK(masked.contains(rule.code));
  }
}

TEST_CASE("thousands of addresses in an answer cost time in proportion") {
  World world;
  world.resolver("10.0.9.53");
  constexpr std::uint32_t count = 4000;
  for (EndpointObservation& endpoint : world.seen.endpoints) {
    const AddressObservation pattern = endpoint.addresses.front();
    endpoint.addresses.clear();
    for (std::uint32_t i = 0; i < count; ++i) {
      AddressObservation& address = endpoint.addresses.emplace_back(pattern);
      address.address.bytes = {static_cast<std::uint8_t>(i % 2 == 0 ? 10 : 34), 1,
                               static_cast<std::uint8_t>(i / 256), static_cast<std::uint8_t>(i % 256)};
      endpoint.dns->addresses.push_back(address.address);
      for (ResolverAnswer& answer : endpoint.dns->resolvers) answer.addresses.push_back(address.address);
    }
  }
  world.silent("*");
  world.nat();
  const Report report = world.report();
  CHECK(report.endpoints[0].addresses.size() == count);
  CHECK(report.verdict == Verdict::fail);
}

TEST_CASE("the endpoint to make for a FIPS name is the one that has it") {
  World world;
  world.only({"logs"});
  world.plan.endpoints.front().form.fips = true;
  world.resolves("logs", {"34.249.10.12"});
  world.silent("logs");
  std::string commands;
  for (const Finding& finding : world.report().findings) {
    for (const Fix& fix : finding.fix) commands += fix.command + "\n";
  }
  INFO(commands);
  CHECK(commands.find(".logs-fips ") != std::string::npos);
  CHECK(commands.find(".logs ") == std::string::npos);
}

TEST_CASE("codes are unique and exit codes fit into two digits") {
  std::set<std::string> codes;
  for (const Rule& rule : rules()) {
    INFO(rule.code);
    CHECK(codes.insert(rule.code).second);
    CHECK(rule.stage >= 0);
    CHECK(rule.stage <= 6);
    CHECK_FALSE((rule.severity == Severity::error && rule.stage == 0));
  }
}

TEST_CASE("no text suggests to open a subnet to the internet or to go back to an old platform") {
  for (const Rule& rule : rules()) {
    std::string text = std::string(rule.title) + rule.meaning;
    for (const RuleCause& cause : rule.causes) text += text_or_none(cause.text);
    for (const RuleFix& fix : rule.fix) (text += text_or_none(fix.text)) += text_or_none(fix.command);
    for (const char* harmful :
         {"1.3.0", "public IP", "assignPublicIp", "map-public-ip", "0.0.0.0/0", "public subnet"}) {
      INFO(rule.code);
      CHECK(text.find(harmful) == std::string::npos);
    }
  }
}

TEST_CASE("every cause has an id in kebab-case, and one id has one text") {
  std::map<std::string, std::string> texts;
  for (const Rule& rule : rules()) {
    for (const RuleCause& cause : rule.causes) {
      if (cause.text == nullptr) continue;
      const std::string id = cause.id;
      INFO(rule.code << ": " << id << ": " << cause.text);
      CHECK_FALSE(id.empty());
      CHECK(id.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789-") == std::string::npos);
      const auto [known, is_new] = texts.emplace(id, cause.text);
      CHECK((is_new || known->second == cause.text));
    }
  }
}

}  // namespace vpcprobe::scenarios
