#include "agent/diagnosis/report_samples.h"

#include <cerrno>

namespace vpcprobe::samples {
namespace {

using std::chrono::milliseconds;

IpAddress ip(const std::string& text) { return IpAddress::parse(text).value(); }

/// 2026-11-02T09:30:00.250Z
WallTime start() { return WallTime(milliseconds(1793611800250)); }

Chain amazon_chain() {
  static const Chain chain = std::make_shared<const std::vector<Certificate>>(
      std::vector<Certificate>{{"CN=api.ecr.eu-west-1.amazonaws.com",
                                "CN=Amazon RSA 2048 M02,O=Amazon,C=US",
                                WallTime(milliseconds(1767225600000)),
                                WallTime(milliseconds(1803859199000)),
                                {"api.ecr.eu-west-1.amazonaws.com"}},
                               {"CN=Amazon RSA 2048 M02,O=Amazon,C=US",
                                "CN=Amazon Root CA 1,O=Amazon,C=US",
                                WallTime(milliseconds(1661299200000)),
                                WallTime(milliseconds(1913760000000)),
                                {}}});
  return chain;
}

TcpObservation connected(int micros) {
  return {TcpStatus::ok, Elapsed(micros + 60), static_cast<std::uint32_t>(micros), 0, 0, {}};
}

TcpObservation silent() { return {TcpStatus::timeout, Elapsed(3000412), 0, 2, 0, {}}; }

TlsObservation trusted(int micros) {
  return {TlsStatus::ok, Elapsed(micros), "TLSv1.3", "TLS_AES_128_GCM_SHA256", -1, 3120, "", amazon_chain()};
}

HttpObservation answer(int code) {
  return {HttpStatus::aws,        Elapsed(1830), code, "5ee0e5a1-5c3c-4b5e-9d2f-000000000001", "",
          std::chrono::seconds(0)};
}

AddressReport healthy(const std::string& address, int micros, Scope scope, int code,
                      const std::string& owner = "") {
  return {{ip(address), connected(micros), trusted(micros * 5 + 100), answer(code)}, scope, owner};
}

AddressReport unanswered(const std::string& address, const std::string& owner) {
  return {{ip(address), silent(), {}, {}}, Scope::public_, owner};
}

DnsObservation resolved(const std::vector<AddressReport>& addresses, int micros,
                        std::vector<std::string> cnames = {}) {
  DnsObservation dns{DnsStatus::ok, Elapsed(micros), cnames, {}, {}};
  for (const AddressReport& address : addresses) dns.addresses.push_back(address.seen.address);
  dns.resolvers.push_back(
      {{ip("10.0.0.2"), 53}, DnsStatus::ok, Elapsed(micros), dns.addresses, std::move(cnames), 60});
  return dns;
}

EndpointReport endpoint(const std::string& id, const std::string& host, Path path,
                        std::vector<AddressReport> addresses, int dns_micros) {
  EndpointReport report;
  report.id = report.service = id;
  report.host = host;
  report.required_by = {"asked for by no one, probed by default"};
  report.expects = "interface";
  report.path = path;
  report.path_evidence = path == Path::interface_endpoint ? "its name resolves inside the VPC" : "";
  report.dns = resolved(addresses, dns_micros);
  report.addresses = std::move(addresses);
  return report;
}

std::vector<EndpointReport> four_interfaces() {
  const auto zones = [](int micros, int code) {
    return std::vector<AddressReport>{healthy("10.0.1.10", micros, Scope::subnet, code),
                                      healthy("10.0.2.10", micros + 400, Scope::private_, code)};
  };
  const Path path = Path::interface_endpoint;
  return {endpoint("ecr.api", "api.ecr.eu-west-1.amazonaws.com", path, zones(400, 403), 900),
          endpoint("ecr.dkr", "000000000000.dkr.ecr.eu-west-1.amazonaws.com", path, zones(410, 401), 910),
          endpoint("logs", "logs.eu-west-1.amazonaws.com", path, zones(390, 404), 870),
          endpoint("secretsmanager", "secretsmanager.eu-west-1.amazonaws.com", path, zones(420, 404), 1020)};
}

Report base(Verdict verdict, int exit_code, const std::string& summary) {
  Report report;
  report.version = "0.1.0";
  report.started_at = start();
  report.duration = Elapsed(3104250);
  report.verdict = verdict;
  report.exit_code = exit_code;
  report.summary = summary;
  report.context.region = "eu-west-1";
  report.context.partition = "aws";
  report.context.account = "123456789012";
  report.context.launch_type = "FARGATE";
  report.context.availability_zone = "eu-west-1a";
  report.context.task_arn = "arn:aws:ecs:eu-west-1:123456789012:task/web/0123456789abcdef0123456789abcdef";
  report.context.credentials = "task-role";
  report.context.subnet_cidrs = {"10.0.1.0/24"};
  report.context.source_addresses = {"10.0.1.23"};
  report.context.resolvers = {"10.0.0.2:53"};
  return report;
}

Finding s3_root() {
  Finding root;
  root.code = "gateway-route-missing";
  root.stage = 2;
  root.severity = Severity::error;
  root.endpoint = "s3";
  root.addresses = {"52.218.30.10", "52.92.4.5"};
  root.title = "S3 cannot be reached: its addresses stay silent on 443";
  root.observed =
      "52.218.30.10, 52.92.4.5 (S3 eu-west-1): no answer to SYN in 3.0 s, 2 retransmits each; the four "
      "interface "
      "endpoints connect in 0.4 ms";
  root.evidence = {{"owner", std::string("S3 eu-west-1")},
                   {"silent", std::int64_t{2}},
                   {"waited_s", 3.0},
                   {"others_connect", true},
                   {"connected", std::vector<std::string>{"ecr.api", "ecr.dkr", "logs", "secretsmanager"}}};
  root.causes = {{"no-gateway-route", "no S3 gateway endpoint in the route table of this subnet"},
                 {"egress-lacks-prefix-list",
                  "the task's security group has no egress to the S3 prefix list (pl-6da54004) on 443"}};
  root.fix = {
      {"", "aws ec2 describe-route-tables --filters Name=association.subnet-id,Values=<subnet-id>", true},
      {"",
       "aws ec2 create-vpc-endpoint --vpc-endpoint-type Gateway --vpc-id <vpc-id> --service-name "
       "com.amazonaws.eu-west-1.s3 --route-table-ids <rtb-id>",
       false}};
  root.ecs_errors = {
      "CannotPullContainerError: … httpReadSeeker: failed open: … i/o timeout  (image layers live in S3)"};
  return root;
}

Finding masked(const std::string& code, const std::string& by) {
  Finding finding;
  finding.code = code;
  finding.severity = Severity::error;
  finding.stage = 2;
  finding.endpoint = "s3";
  finding.title = code + " as a consequence";
  finding.masked_by = by;
  return finding;
}

CallObservation called(const std::string& operation, const std::string& object, int code) {
  CallObservation call;
  call.operation = operation;
  call.object = object;
  call.peer = {ip("10.0.1.10"), 443};
  call.status = CallStatus::answered;
  call.elapsed = Elapsed(12400);
  call.code = code;
  call.allowed = true;
  call.request_id = "5ee0e5a1-5c3c-4b5e-9d2f-000000000002";
  call.clock_offset = std::chrono::seconds(0);
  return call;
}

}  // namespace

Report failing() {
  Report report = base(Verdict::fail, 23, "S3 cannot be reached: no gateway endpoint route answers");
  report.endpoints = four_interfaces();
  EndpointReport s3 =
      endpoint("s3", "s3.eu-west-1.amazonaws.com", Path::none,
               {unanswered("52.218.30.10", "S3 eu-west-1"), unanswered("52.92.4.5", "S3 eu-west-1")}, 1100);
  s3.expects = "gateway";
  s3.required_by = {"image layers of app"};
  report.endpoints.insert(report.endpoints.begin() + 2, s3);
  EndpointReport control = endpoint("s3.us-west-2.amazonaws.com", "s3.us-west-2.amazonaws.com", Path::unknown,
                                    {unanswered("52.92.128.1", "S3 us-west-2")}, 1300);
  control.service = "";
  control.required = false;
  report.controls = {control};
  report.findings = {s3_root(), masked("endpoint-filtered", "gateway-route-missing"),
                     masked("layer-unreachable", "gateway-route-missing")};
  return report;
}

Report passing() {
  Report report = base(Verdict::pass, 0,
                       "5 endpoints this task needs: all answer, 4 by interface endpoint, 1 by gateway "
                       "endpoint; permissions were not checked");
  report.duration = Elapsed(9120);
  report.endpoints = four_interfaces();
  report.endpoints.push_back(endpoint("s3", "s3.eu-west-1.amazonaws.com", Path::gateway_endpoint,
                                      {healthy("52.218.30.10", 700, Scope::public_, 307, "S3 eu-west-1")},
                                      1100));
  report.endpoints.back().expects = "gateway";
  Finding note;
  note.code = "proxy-in-environment";
  note.endpoint = "";
  note.title = "HTTPS_PROXY is set: the task's own programs may not take the path probed here";
  note.observed = "HTTPS_PROXY";
  report.findings = {note};
  return report;
}

Report warnings() {
  Report report = base(Verdict::warn, 0, "Everything works, but one zone carries all of ecr.api.");
  report.endpoints = four_interfaces();
  report.endpoints.front().addresses.pop_back();
  report.endpoints.front().dns = resolved(report.endpoints.front().addresses, 900);
  Finding warning;
  warning.code = "single-zone-endpoint";
  warning.severity = Severity::warning;
  warning.endpoint = "ecr.api";
  warning.title = "ecr.api has an endpoint in one zone only";
  warning.observed = "its name has one address, 10.0.1.10; the others have two";
  warning.causes = {{"one-subnet", "the interface endpoint was given one subnet"},
                    {"zone-unhealthy", "the other subnets' endpoint is unhealthy"}};
  warning.fix = {{"Give it a subnet in each zone that runs tasks:",
                  "aws ec2 modify-vpc-endpoint --vpc-endpoint-id <vpce-id> --add-subnet-ids <subnet-id>",
                  false}};
  report.findings = {warning};
  report.endpoints[1].addresses[1].seen.tcp->syn_retransmits = 1;
  report.endpoints[1].addresses[1].seen.tcp->elapsed = Elapsed(1000910);
  Finding loss = warning;
  loss.code = "packet-loss";
  loss.endpoint = "ecr.dkr";
  loss.addresses = {"10.0.2.10"};
  loss.title = "ecr.dkr loses packets: a SYN had to be sent again";
  loss.observed = "10.0.2.10 connected after 1.0 s and 1 retransmit";
  loss.causes.clear();
  loss.fix.clear();
  report.findings.push_back(loss);
  return report;
}

Report incomplete() {
  Report report =
      base(Verdict::incomplete, 3, "Stopped by a signal after 0.2 s: 2 of 4 endpoints have no verdict.");
  report.duration = Elapsed(204000);
  report.endpoints = four_interfaces();
  report.endpoints[2].addresses[0].seen.tls->status = TlsStatus::cancelled;
  report.endpoints[2].addresses[0].seen.http.reset();
  report.endpoints[2].addresses[1].seen = {ip("10.0.2.10"), {}, {}, {}};
  report.endpoints[3].addresses.clear();
  report.endpoints[3].dns = DnsObservation{};
  report.endpoints[3].path = Path::unknown;
  return report;
}

Report refused() {
  Report report = base(Verdict::fail, 55, "Secrets Manager is reached, and its endpoint's policy refuses");
  report.depth = "api";
  report.context.credentials_status = "ok";
  report.context.role_arn = "arn:aws:iam::123456789012:role/web-task";
  report.endpoints = four_interfaces();
  const std::string secret = "arn:aws:secretsmanager:eu-west-1:123456789012:secret:app/db-AbCdEf";
  report.endpoints[0].calls = {called("ecr:GetAuthorizationToken", "", 200)};
  report.endpoints[2].calls = {called("logs:PutLogEvents", "/ecs/web", 400)};
  report.endpoints[2].calls.front().error = "ResourceNotFoundException";
  report.endpoints[2].calls.front().message = "The specified log stream does not exist.";
  report.endpoints[2].calls.front().presence = Presence::there;
  CallObservation denied = called("secretsmanager:GetSecretValue", secret, 400);
  denied.allowed = false;
  denied.error = "AccessDeniedException";
  denied.message =
      "User: arn:aws:sts::123456789012:assumed-role/web-task/0123 is not authorized to perform: "
      "secretsmanager:GetSecretValue on resource: " +
      secret + " because no VPC endpoint policy allows the secretsmanager:GetSecretValue action";
  CallObservation mute = called("secretsmanager:GetSecretValue", "app/other", 0);
  mute.allowed = false;
  mute.status = CallStatus::timeout;
  mute.clock_offset.reset();
  report.endpoints[3].calls = {denied, mute, called("secretsmanager:GetSecretValue", "", 400)};
  Finding finding;
  finding.code = "denied-endpoint-policy";
  finding.stage = 5;
  finding.severity = Severity::error;
  finding.endpoint = "secretsmanager";
  finding.addresses = {"10.0.1.10"};
  finding.title = "AWS Secrets Manager is reached, and the policy of its VPC endpoint refuses";
  finding.observed = "10.0.1.10 answers HTTP 400 AccessDeniedException: " + denied.message;
  finding.causes = {
      {"endpoint-policy", "the endpoint's policy does not allow secretsmanager:GetSecretValue"}};
  report.findings = {finding};
  return report;
}

Report ipv6() {
  Report report = base(Verdict::fail, 24, "logs cannot be reached on half of its addresses");
  const std::string prefix = "2600:1f18:1234:5601:abcd:ef01:2345:";
  AddressReport refused = healthy(prefix + "678a", 500, Scope::subnet, 404);
  refused.seen.tcp = TcpObservation{TcpStatus::refused, Elapsed(430), 0, 0, ECONNREFUSED, {}};
  refused.seen.tls.reset();
  refused.seen.http.reset();
  AddressReport unreachable = refused;
  unreachable.seen.address = ip(prefix + "678b");
  unreachable.seen.tcp =
      TcpObservation{TcpStatus::unreachable, Elapsed(1430), 0, 0, EHOSTUNREACH, IcmpError{1, 1, "fd00::1"}};
  AddressReport intercepted = healthy(prefix + "678c", 520, Scope::subnet, 404);
  intercepted.seen.tls->status = TlsStatus::name_mismatch;
  intercepted.seen.tls->detail = "hostname mismatch";
  intercepted.seen.http.reset();
  report.endpoints = {
      endpoint("logs", "logs.eu-west-1.api.aws", Path::interface_endpoint,
               {healthy(prefix + "6789", 500, Scope::subnet, 404), refused, unreachable, intercepted}, 700)};
  report.endpoints.push_back(endpoint("a-rather-long-name-for-a-target.internal.example:8443",
                                      "a-rather-long-name-for-a-target.internal.example", Path::unknown, {},
                                      2100));
  report.endpoints.back().service.clear();
  report.endpoints.back().dns->status = DnsStatus::not_found;
  return report;
}

Report many(std::size_t addresses) {
  Report report = base(Verdict::fail, 23, "S3 stays silent on some of its addresses");
  std::vector<AddressReport> all;
  for (std::size_t i = 0; i < addresses; ++i) {
    const std::string text = "10.0." + std::to_string(i / 254 % 250) + '.' + std::to_string(i % 254 + 1);
    if (i % 100 == 99) {
      all.push_back(unanswered(text, ""));
    } else {
      all.push_back(healthy(text, 300 + static_cast<int>(i % 200), Scope::private_, 403));
    }
  }
  report.endpoints = {endpoint("s3", "s3.eu-west-1.amazonaws.com", Path::interface_endpoint, all, 1500)};
  return report;
}

Report foreign(const std::string& text) {
  Report report = failing();
  report.summary = text;
  report.version = text;
  report.context = {text, text, text, text, text, text, text, {text}, {text}, {text}, "ok", "task", text};
  report.depth = "api";
  for (EndpointReport& endpoint : report.endpoints) {
    endpoint.id = endpoint.service = endpoint.host = endpoint.path_evidence = text;
    endpoint.required_by = {text, text};
    endpoint.calls = {called(text, text, 400)};
    endpoint.calls.front().error = endpoint.calls.front().message = endpoint.calls.front().request_id = text;
    endpoint.dns->cnames = endpoint.dns->resolvers[0].cnames = {text, text};
    for (AddressReport& address : endpoint.addresses) {
      address.owner = text;
      address.seen.tcp->icmp = IcmpError{3, 1, text};
      if (!address.seen.tls) continue;
      TlsObservation& tls = *address.seen.tls;
      tls.version = tls.cipher = tls.detail = text;
      tls.status = TlsStatus::name_mismatch;
      tls.chain =
          std::make_shared<const std::vector<Certificate>>(1, Certificate{text, text, {}, {}, {text}});
      address.seen.http->request_id = address.seen.http->server = text;
    }
  }
  report.endpoints.front().addresses.front().seen.tls->status = TlsStatus::ok;
  Finding finding = report.findings.front();
  finding.title = finding.observed = finding.endpoint = text;
  finding.covers = finding.addresses = finding.ecs_errors = {text, text};
  finding.causes = {{text, text}, {text, text}};
  finding.evidence = {{"seen", text}, {"list", std::vector<std::string>{text, text}}};
  finding.fix = {{text, "aws ec2 describe-vpcs --filters '" + text + "'", true}, {text, text, false}};
  report.findings.front() = finding;
  finding.severity = Severity::warning;
  report.findings.push_back(finding);
  finding.severity = Severity::note;
  report.findings.push_back(finding);
  report.sinks = {{text, 1, 1, text}};
  return report;
}

std::string hostile_text() {
  using namespace std::string_literals;
  return "a\x1b[31mred\x1b]0;title\x07 b\rc\n\nd\te\0f"s +
         "\x7f \xc2\x9b"
         "2J \xff\xfe\xc0\xaf \xed\xa0\x80 " +
         "\xe2\x80\xae"
         "moc.live \xe2\x80\x8b\xef\xbb\xbf \"quoted\\\" \xe6\x97\xa5\xe6\x9c\xac e\xcc\x81 " +
         "\xf3\xa0\x81\x81 \xf4\x90\x80\x80 " + std::string(150, 'x') + " end";
}

}  // namespace vpcprobe::samples
