#include "agent/diagnosis/read_report.h"

#include <array>
#include <cstring>

#include "agent/base/bounded_json.h"
#include "agent/base/json_node.h"
#include "agent/base/parse_time.h"
#include "agent/diagnosis/read_images.h"
#include "agent/diagnosis/report_values.h"
#include "probes/take_line.h"

namespace vpcprobe {
namespace {

using Node = JsonNode;
using Wrong = WrongDocument;

constexpr std::size_t kLongestText = 64U << 20;

bool read_bool(const Node& node) { return node.truth(); }

WallTime read_time(const Node& node) {
  const std::string text = node.text();
  if (text.empty()) return {};
  const auto time = parse_time(text);
  if (!time) throw Wrong{node.path + " must be a time such as 2026-11-02T09:30:00.250Z"};
  return *time;
}

std::vector<IpAddress> read_addresses(const Node& node) {
  std::vector<IpAddress> addresses;
  for (const Node& item : node.items()) addresses.push_back(read_address(item));
  return addresses;
}

int read_errno(const Node& node) {
  constexpr int most = 133;  // EHWPOISON, the last of Linux
  const std::string name = node.text();
  if (name.empty()) return 0;
  for (int error = 1; error <= most; ++error) {
    const char* known = strerrorname_np(error);
    if (known != nullptr && name == known) return error;
  }
  throw Wrong{node.path + " must be the name of an error"};
}

ResolverAnswer read_answer(const Node& node) {
  ResolverAnswer answer;
  answer.resolver = {read_address(node.object().at("address")), read_port(node.at("port"))};
  answer.status = read_word<DnsStatus, 10>(node.at("status"));
  answer.elapsed = read_elapsed(node.at("elapsed_ms"));
  answer.cnames = read_texts(node.at("cnames"));
  answer.addresses = read_addresses(node.at("addresses"));
  const Node ttl = node.at("ttl_s");
  if (!ttl.is_absent()) answer.ttl = static_cast<std::uint32_t>(read_integer(ttl, 0, UINT32_MAX));
  return answer;
}

DnsObservation read_dns(const Node& node) {
  DnsObservation dns;
  dns.status = read_word<DnsStatus, 10>(node.object().at("status"));
  dns.elapsed = read_elapsed(node.at("elapsed_ms"));
  dns.cnames = read_texts(node.at("cnames"));
  dns.addresses = read_addresses(node.at("addresses"));
  for (const Node& answer : node.at("resolvers").items()) dns.resolvers.push_back(read_answer(answer));
  return dns;
}

TcpObservation read_tcp(const Node& node) {
  TcpObservation tcp;
  tcp.status = read_word<TcpStatus, 6>(node.object().at("status"));
  tcp.elapsed = read_elapsed(node.at("elapsed_ms"));
  tcp.rtt_us = static_cast<std::uint32_t>(read_integer(node.at("rtt_us"), 0, UINT32_MAX));
  tcp.error = read_errno(node.at("errno"));
  tcp.syn_retransmits = static_cast<std::uint32_t>(read_integer(node.at("syn_retransmits"), 0, UINT32_MAX));
  const Node icmp = node.at("icmp");
  if (!icmp.is_absent()) {
    tcp.icmp =
        IcmpError{static_cast<std::uint8_t>(read_integer(icmp.object().at("type"), 0, 255)),
                  static_cast<std::uint8_t>(read_integer(icmp.at("code"), 0, 255)), icmp.at("from").text()};
  }
  return tcp;
}

Chain read_chain(const Node& node) {
  std::vector<Certificate> chain;
  for (const Node& item : node.items()) {
    chain.push_back({item.object().at("subject").text(), item.at("issuer").text(),
                     read_time(item.at("not_before")), read_time(item.at("not_after")),
                     read_texts(item.at("dns_names"))});
  }
  return std::make_shared<const std::vector<Certificate>>(std::move(chain));
}

TlsObservation read_tls(const Node& node) {
  TlsObservation tls;
  tls.status = read_word<TlsStatus, 13>(node.object().at("status"));
  tls.elapsed = read_elapsed(node.at("elapsed_ms"));
  tls.version = node.at("version").text();
  tls.cipher = node.at("cipher").text();
  if (!node.at("alert").is_absent()) tls.alert = static_cast<int>(read_integer(node.at("alert"), 0, 255));
  tls.bytes_in = static_cast<std::uint64_t>(read_integer(node.at("bytes_in"), 0, INT64_MAX));
  tls.detail = node.at("detail").text();
  tls.chain = read_chain(node.at("chain"));
  return tls;
}

std::optional<std::chrono::seconds> read_offset(const Node& node) {
  constexpr std::int64_t most = 1'000'000'000'000;
  if (node.is_absent()) return std::nullopt;
  return std::chrono::seconds(read_integer(node, -most, most));
}

HttpObservation read_http(const Node& node) {
  HttpObservation http;
  http.status = read_word<HttpStatus, 9>(node.object().at("status"));
  http.elapsed = read_elapsed(node.at("elapsed_ms"));
  http.code = read_http_code(node.at("code"));
  http.request_id = node.at("request_id").text();
  http.server = node.at("server").text();
  http.clock_offset = read_offset(node.at("clock_offset_s"));
  return http;
}

CallObservation read_call(const Node& node) {
  CallObservation call;
  call.operation = node.object().at("operation").text();
  call.object = node.at("object").text();
  call.peer = {read_address(node.at("address")), read_port(node.at("port"))};
  call.status = read_word<CallStatus, 5>(node.at("status"));
  call.elapsed = read_elapsed(node.at("elapsed_ms"));
  call.code = read_http_code(node.at("code"));
  call.allowed = read_bool(node.at("allowed"));
  call.presence = read_word<Presence, 3>(node.at("presence"));
  call.error = node.at("error").text();
  call.message = node.at("message").text();
  call.request_id = node.at("request_id").text();
  call.clock_offset = read_offset(node.at("clock_offset_s"));
  return call;
}

template <typename Stage>
std::optional<Stage> read_stage(const Node& node, Stage (*read)(const Node&)) {
  if (node.is_absent()) return std::nullopt;
  return read(node);
}

AddressReport read_address_report(const Node& node) {
  AddressReport report;
  report.seen.address = read_address(node.object().at("address"));
  report.scope = read_word<Scope, 6>(node.at("scope"));
  report.owner = node.at("owner").text();
  report.seen.tcp = read_stage(node.at("tcp"), read_tcp);
  report.seen.tls = read_stage(node.at("tls"), read_tls);
  report.seen.http = read_stage(node.at("http"), read_http);
  return report;
}

EndpointReport read_endpoint(const Node& node) {
  EndpointReport endpoint;
  endpoint.id = node.object().at("id").text();
  endpoint.service = node.at("service").text();
  endpoint.host = node.at("host").text();
  endpoint.port = read_port(node.at("port"));
  endpoint.required = read_bool(node.at("required"));
  endpoint.required_by = read_texts(node.at("required_by"));
  endpoint.expects = node.at("expects").text();
  endpoint.path = read_word<Path, 6>(node.at("path"));
  endpoint.path_evidence = node.at("path_evidence").text();
  endpoint.dns = read_stage(node.at("dns"), read_dns);
  for (const Node& address : node.at("addresses").items())
    endpoint.addresses.push_back(read_address_report(address));
  for (const Node& call : node.at("calls").items()) endpoint.calls.push_back(read_call(call));
  return endpoint;
}

std::vector<Evidence> read_evidence(const Node& node) {
  std::vector<Evidence> evidence;
  if (node.is_absent()) return evidence;
  for (const auto& [key, value] : node.object().value->items()) {
    const Node item{&value, node.path + "." + key};
    if (value.is_string()) {
      evidence.push_back({key, item.text()});
    } else if (value.is_boolean()) {
      evidence.push_back({key, read_bool(item)});
    } else if (value.is_number_integer()) {
      evidence.push_back({key, read_integer(item, INT64_MIN, INT64_MAX)});
    } else if (value.is_number()) {
      evidence.push_back({key, value.get<double>()});
    } else if (!value.is_null()) {
      evidence.push_back({key, read_texts(item)});
    }
  }
  return evidence;
}

Finding read_finding(const Node& node) {
  Finding finding;
  finding.code = node.object().at("code").text();
  finding.stage = static_cast<int>(read_integer(node.at("stage"), 0, 6));
  finding.severity = read_word<Severity, 3>(node.at("severity"));
  finding.endpoint = node.at("endpoint").text();
  finding.covers = read_texts(node.at("covers"));
  finding.addresses = read_texts(node.at("addresses"));
  finding.title = node.at("title").text();
  finding.observed = node.at("observed").text();
  finding.evidence = read_evidence(node.at("evidence"));
  for (const Node& cause : node.at("causes").items())
    finding.causes.push_back({cause.object().at("id").text(), cause.at("text").text()});
  for (const bool is_check : {true, false}) {
    for (const Node& fix : node.at(is_check ? "checks" : "fixes").items())
      finding.fix.push_back({fix.object().at("text").text(), fix.at("command").text(), is_check});
  }
  finding.ecs_errors = read_texts(node.at("ecs_errors"));
  finding.masked_by = node.at("masked_by").text();
  return finding;
}

ReportContext read_context(const Node& node) {
  ReportContext context;
  if (node.is_absent()) return context;
  context.region = node.object().at("region").text();
  context.partition = node.at("partition").text();
  context.account = node.at("account").text();
  context.launch_type = node.at("launch_type").text();
  context.availability_zone = node.at("availability_zone").text();
  context.task_arn = node.at("task_arn").text();
  context.subnet_cidrs = read_texts(node.at("subnet_cidrs"));
  context.source_addresses = read_texts(node.at("source_addresses"));
  context.resolvers = read_texts(node.at("resolvers"));
  context.credentials = node.at("credentials").text();
  if (!node.at("credentials_status").is_absent())
    context.credentials_status = node.at("credentials_status").text();
  if (!node.at("role").is_absent()) context.role = node.at("role").text();
  context.role_arn = node.at("role_arn").text();
  return context;
}

int read_exit_code(const Node& node) { return static_cast<int>(read_integer(node, 0, 99)); }

PreviousState read_previous(const Node& node) {
  return {read_word<Verdict, 4>(node.object().at("verdict")), read_exit_code(node.at("exit_code")),
          node.at("state").text(), read_time(node.at("since"))};
}

History read_history(const Node& node) {
  History history;
  history.round = read_integer(node.object().at("round"), 0, INT64_MAX);
  history.state = node.at("state").text();
  history.since = read_time(node.at("since"));
  history.changed = read_bool(node.at("changed"));
  history.last = read_bool(node.at("last"));
  history.previous = read_stage(node.at("previous"), read_previous);
  history.stability = read_word<Stability, 3>(node.at("stability"));
  return history;
}

SinkNote read_sink_note(const Node& node) {
  return {node.object().at("sink").text(), read_integer(node.at("waiting"), 0, INT64_MAX),
          read_integer(node.at("lost"), 0, INT64_MAX), node.at("problem").text()};
}

Report read_document(const Node& node) {
  Report report;
  if (node.object().at("schema").text() != "vpc-probe/report/2")
    throw Wrong{"schema must be \"vpc-probe/report/2\""};
  report.version = node.at("version").text();
  report.started_at = read_time(node.at("started_at"));
  report.duration = read_elapsed(node.at("duration_ms"));
  report.verdict = read_word<Verdict, 4>(node.at("verdict"));
  report.exit_code = read_exit_code(node.at("exit_code"));
  report.summary = node.at("summary").text();
  report.depth = node.at("depth").text();
  report.context = read_context(node.at("context"));
  for (const Node& endpoint : node.at("endpoints").items())
    report.endpoints.push_back(read_endpoint(endpoint));
  for (const Node& control : node.at("controls").items()) report.controls.push_back(read_endpoint(control));
  for (const Node& image : node.at("images").items()) report.images.push_back(read_image(image));
  for (const Node& host : node.at("image_hosts").items()) report.image_hosts.push_back(read_endpoint(host));
  for (const Node& finding : node.at("findings").items()) report.findings.push_back(read_finding(finding));
  for (const Node& note : node.at("sinks").items()) report.sinks.push_back(read_sink_note(note));
  report.history = read_stage(node.at("history"), read_history);
  return report;
}

void read_line(std::string_view line, SavedReports& saved) {
  constexpr std::size_t most_reports = 1000;
  constexpr std::size_t most_named = 10;
  const std::size_t brace = line.find('{');
  const bool holds_one =
      brace != std::string_view::npos && line.find("\"vpc-probe/report/", brace) != std::string_view::npos;
  if (!holds_one || saved.reports.size() >= most_reports) {
    if (line.find_first_not_of(" \t\r") != std::string_view::npos) ++saved.other_lines;
    return;
  }
  auto report = read_report(line.substr(brace));
  if (report) {
    saved.reports.push_back(std::move(report.value()));
  } else if (saved.wrong.size() < most_named) {
    saved.wrong.push_back(report.error().message);
  }
}

void read_lines(std::string_view text, SavedReports& saved) {
  while (!text.empty()) read_line(take_line(text), saved);
}

/// What `aws logs filter-log-events` and `get-log-events` print.
void read_events(const nlohmann::json& document, SavedReports& saved) {
  for (const auto& event : document) {
    const auto message = event.is_object() ? event.find("message") : event.end();
    if (event.is_object() && message != event.end() && message->is_string()) {
      read_lines(message->get_ref<const std::string&>(), saved);
    } else {
      ++saved.other_lines;
    }
  }
}

}  // namespace

Result<Report> read_report(std::string_view text) {
  const auto document = parse_bounded_json(text, kLongestText);
  if (!document) return document.error();
  try {
    return read_document(Node{&document.value(), ""});
  } catch (const Wrong& wrong) {
    return UsageError{wrong.what};
  }
}

SavedReports read_reports(std::string_view text) {
  SavedReports saved;
  // A report that somebody formatted, or what the AWS CLI prints. Lines after a first one are no document.
  const std::size_t first = text.find_first_not_of(" \t\r\n");
  const bool one_document = first != std::string_view::npos && (text[first] == '{' || text[first] == '[');
  const auto document =
      one_document ? parse_bounded_json(text, kLongestText) : Result<nlohmann::json>(UsageError{});
  if (document && document.value().contains("schema")) {
    auto report = read_report(text);
    if (report) {
      saved.reports.push_back(std::move(report.value()));
    } else {
      saved.wrong.push_back(report.error().message);
    }
    return saved;
  }
  if (document && document.value().contains("events")) {
    read_events(document.value()["events"], saved);
    return saved;
  }
  // Its messages alone: --query 'events[].message'.
  if (document && document.value().is_array()) {
    for (const nlohmann::json& line : document.value())
      read_lines(line.is_string() ? line.get_ref<const std::string&>() : line.dump(), saved);
    return saved;
  }
  read_lines(text, saved);
  return saved;
}

}  // namespace vpcprobe
