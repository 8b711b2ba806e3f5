// The report as one line of JSON: the contract's section 3, plus fields that only add to it.
#include <cstring>

#include "agent/base/json_array.h"
#include "agent/diagnosis/history.h"
#include "agent/render/finding.h"
#include "agent/render/images.h"
#include "agent/render/render.h"

namespace vpcprobe {
namespace {

void write_addresses(JsonWriter& json, std::string_view name, const std::vector<IpAddress>& addresses) {
  write_array(json, name, addresses,
              [](JsonWriter& to, const IpAddress& address) { to.value(address.to_string()); });
}

void write_context(JsonWriter& json, const ReportContext& context) {
  json.begin_object();
  json.field("region", context.region);
  json.field("partition", context.partition);
  json.field("account", context.account);
  json.field("launch_type", context.launch_type);
  json.field("availability_zone", context.availability_zone);
  json.field("task_arn", context.task_arn);
  json.field("subnet_cidr", context.subnet_cidrs.empty() ? std::string() : context.subnet_cidrs.front());
  json.field("subnet_cidrs", context.subnet_cidrs);
  json.field("source_addresses", context.source_addresses);
  json.field("resolvers", context.resolvers);
  json.field("credentials", context.credentials);
  json.field("credentials_status", context.credentials_status);
  json.field("role", context.role);
  json.field("role_arn", context.role_arn);
  json.end_object();
}

void write_resolver(JsonWriter& json, const ResolverAnswer& answer) {
  json.begin_object();
  json.field("address", answer.resolver.address.to_string());
  json.field("port", int{answer.resolver.port});
  json.field("status", to_string(answer.status));
  json.field("elapsed_ms", answer.elapsed);
  json.field("cnames", answer.cnames);
  write_addresses(json, "addresses", answer.addresses);
  json.key("ttl_s");
  if (answer.ttl) {
    json.value(*answer.ttl);
  } else {
    json.null();
  }
  json.end_object();
}

void write_dns(JsonWriter& json, const DnsObservation& dns) {
  json.begin_object();
  json.field("status", to_string(dns.status));
  json.field("elapsed_ms", dns.elapsed);
  json.field("cnames", dns.cnames);
  write_addresses(json, "addresses", dns.addresses);
  write_array(json, "resolvers", dns.resolvers, write_resolver);
  json.end_object();
}

std::string errno_name(int error) {
  if (error == 0) return {};
  const char* name = strerrorname_np(error);
  return name != nullptr ? name : "errno " + std::to_string(error);
}

void write_tcp(JsonWriter& json, const TcpObservation& tcp) {
  json.begin_object();
  json.field("status", to_string(tcp.status));
  json.field("elapsed_ms", tcp.elapsed);
  json.field("rtt_us", tcp.rtt_us);
  json.field("errno", errno_name(tcp.error));
  json.field("syn_retransmits", tcp.syn_retransmits);
  json.key("icmp");
  if (tcp.icmp) {
    json.begin_object();
    json.field("type", int{tcp.icmp->type});
    json.field("code", int{tcp.icmp->code});
    json.field("from", tcp.icmp->from);
    json.end_object();
  } else {
    json.null();
  }
  json.end_object();
}

void write_chain(JsonWriter& json, const TlsObservation& tls) {
  json.begin_array();
  if (tls.chain) {
    bool leaf = true;
    for (const Certificate& certificate : *tls.chain) {
      json.begin_object();
      json.field("subject", certificate.subject);
      json.field("issuer", certificate.issuer);
      json.field("not_before", certificate.not_before);
      json.field("not_after", certificate.not_after);
      // Up to 32 names for each address: shown only where they are what is wrong.
      if (leaf && tls.status == TlsStatus::name_mismatch) json.field("dns_names", certificate.dns_names);
      json.end_object();
      leaf = false;
    }
  }
  json.end_array();
}

void write_tls(JsonWriter& json, const TlsObservation& tls) {
  json.begin_object();
  json.field("status", to_string(tls.status));
  json.field("elapsed_ms", tls.elapsed);
  json.field("version", tls.version);
  json.field("cipher", tls.cipher);
  json.key("alert");
  if (tls.alert >= 0) {
    json.value(tls.alert);
  } else {
    json.null();
  }
  json.field("bytes_in", static_cast<std::int64_t>(tls.bytes_in));
  json.field("detail", tls.detail);
  json.key("chain");
  write_chain(json, tls);
  json.end_object();
}

void write_offset(JsonWriter& json, const std::optional<std::chrono::seconds>& offset) {
  json.key("clock_offset_s");
  if (offset) {
    json.value(std::int64_t{offset->count()});
  } else {
    json.null();
  }
}

void write_http(JsonWriter& json, const HttpObservation& http) {
  json.begin_object();
  json.field("status", to_string(http.status));
  json.field("elapsed_ms", http.elapsed);
  json.field("code", http.code);
  json.field("request_id", http.request_id);
  json.field("server", http.server);
  write_offset(json, http.clock_offset);
  json.end_object();
}

void write_call(JsonWriter& json, const CallObservation& call) {
  json.begin_object();
  json.field("operation", call.operation);
  json.field("object", call.object);
  json.field("address", call.peer.address.to_string());
  json.field("port", int{call.peer.port});
  json.field("status", to_string(call.status));
  json.field("elapsed_ms", call.elapsed);
  json.field("code", call.code);
  json.field("allowed", call.allowed);
  json.field("presence", to_string(call.presence));
  json.field("error", call.error);
  json.field("message", call.message);
  json.field("request_id", call.request_id);
  write_offset(json, call.clock_offset);
  json.end_object();
}

/// A stage that was not attempted is null.
template <typename Stage, typename Write>
void write_stage(JsonWriter& json, std::string_view name, const std::optional<Stage>& stage, Write write) {
  json.key(name);
  if (stage) {
    write(json, *stage);
  } else {
    json.null();
  }
}

void write_address(JsonWriter& json, const AddressReport& address) {
  json.begin_object();
  json.field("address", address.seen.address.to_string());
  json.field("scope", to_string(address.scope));
  json.field_or_null("owner", address.owner);
  write_stage(json, "tcp", address.seen.tcp, write_tcp);
  write_stage(json, "tls", address.seen.tls, write_tls);
  write_stage(json, "http", address.seen.http, write_http);
  json.end_object();
}

void write_endpoint(JsonWriter& json, const EndpointReport& endpoint) {
  json.begin_object();
  json.field("id", endpoint.id);
  json.field_or_null("service", endpoint.service);
  json.field("host", endpoint.host);
  json.field("port", int{endpoint.port});
  json.field("required", endpoint.required);
  json.field("required_by", endpoint.required_by);
  json.field("expects", endpoint.expects);
  json.field("path", to_string(endpoint.path));
  json.field("path_evidence", endpoint.path_evidence);
  write_stage(json, "dns", endpoint.dns, write_dns);
  write_array(json, "addresses", endpoint.addresses, write_address);
  write_array(json, "calls", endpoint.calls, write_call);
  json.end_object();
}

void write_endpoints(JsonWriter& json, std::string_view name, const std::vector<EndpointReport>& endpoints) {
  write_array(json, name, endpoints, write_endpoint);
}

void write_previous(JsonWriter& json, const PreviousState& previous) {
  json.begin_object();
  json.field("verdict", to_string(previous.verdict));
  json.field("exit_code", previous.exit_code);
  json.field("state", previous.state);
  json.field("since", previous.since);
  json.end_object();
}

void write_history(JsonWriter& json, const History& history) {
  json.key("history");
  json.begin_object();
  json.field("round", history.round);
  json.field("state", history.state);
  json.field("since", history.since);
  json.field("changed", history.changed);
  json.field("change", change_words(history));
  write_stage(json, "previous", history.previous, write_previous);
  json.field("stability", to_string(history.stability));
  json.field("last", history.last);
  json.end_object();
}

void write_sinks(JsonWriter& json, const std::vector<SinkNote>& sinks) {
  json.key("sinks");
  json.begin_array();
  for (const SinkNote& note : sinks) {
    json.begin_object();
    json.field("sink", note.sink);
    json.field("waiting", note.waiting);
    json.field("lost", note.lost);
    json.field("problem", note.problem);
    json.end_object();
  }
  json.end_array();
}

/// Room for the whole line, so that it never moves while it grows: pages that stay unused cost nothing.
std::size_t room_for(const Report& report) {
  std::size_t addresses = 0;
  for (const EndpointReport& endpoint : report.endpoints) addresses += endpoint.addresses.size();
  constexpr std::size_t per_address = 1600;
  constexpr std::size_t per_finding = 2048;
  return 4096 + addresses * per_address + report.findings.size() * per_finding;
}

}  // namespace

std::string render_json(const Report& report, const Style&) {
  std::string line;
  line.reserve(room_for(report));
  JsonWriter json(line);
  json.begin_object();
  json.field("schema", "vpc-probe/report/2");
  json.field("version", report.version);
  json.field("started_at", report.started_at);
  json.field("duration_ms", report.duration);
  json.field("verdict", to_string(report.verdict));
  json.field("exit_code", report.exit_code);
  json.field("summary", report.summary);
  json.field("depth", report.depth);
  if (report.history) write_history(json, *report.history);
  if (!report.sinks.empty()) write_sinks(json, report.sinks);
  json.key("context");
  write_context(json, report.context);
  write_endpoints(json, "endpoints", report.endpoints);
  write_endpoints(json, "controls", report.controls);
  if (report.depth == "image") {
    json.key("images");
    write_images(json, report.images);
    write_endpoints(json, "image_hosts", report.image_hosts);
  }
  write_array(json, "findings", report.findings, write_finding);
  json.end_object();
  line += '\n';
  return line;
}

}  // namespace vpcprobe
