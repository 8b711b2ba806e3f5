#include "agent/render/stage_view.h"

#include <algorithm>

#include "agent/diagnosis/reach.h"
#include "agent/render/endpoint_path.h"

namespace vpcprobe {
namespace {

constexpr std::string_view kStages[] = {"name", "connect", "tls", "http"};

bool is_well(const EndpointReport&, const TcpObservation& tcp) { return tcp.status == TcpStatus::ok; }
bool is_well(const EndpointReport&, const TlsObservation& tls) { return tls.status == TlsStatus::ok; }
bool is_well(const EndpointReport& endpoint, const HttpObservation& http) {
  return answers_rightly(endpoint, http);
}

template <typename Observation>
std::optional<StageView> view_of(std::string_view name, const EndpointReport& endpoint,
                                 std::optional<Observation> AddressObservation::*stage) {
  StageView view{name};
  bool attempted = false;
  for (const AddressReport& address : endpoint.addresses) {
    const std::optional<Observation>& seen = address.seen.*stage;
    if (!seen || seen->status == decltype(seen->status)::cancelled || family_missing(address.seen)) continue;
    attempted = true;
    if (is_well(endpoint, *seen)) {
      view.times.push_back(seen->elapsed);
    } else {
      view.up = false;
    }
  }
  return attempted ? std::optional(view) : std::nullopt;
}

}  // namespace

std::vector<std::string_view> stage_names() { return {std::begin(kStages), std::end(kStages)}; }

std::vector<StageView> stages_of(const EndpointReport& endpoint) {
  std::vector<StageView> views;
  if (endpoint.dns && endpoint.dns->status != DnsStatus::cancelled) {
    StageView name{kStages[0], endpoint.dns->status == DnsStatus::ok};
    if (name.up) name.times.push_back(endpoint.dns->elapsed);
    views.push_back(std::move(name));
  }
  for (auto& view : {view_of(kStages[1], endpoint, &AddressObservation::tcp),
                     view_of(kStages[2], endpoint, &AddressObservation::tls),
                     view_of(kStages[3], endpoint, &AddressObservation::http)}) {
    if (view) views.push_back(*view);
  }
  return views;
}

bool is_up(const Report& report, const EndpointReport& endpoint) {
  const auto speaks_against = [&](const Finding& finding) {
    return finding.severity == Severity::error && is_about(finding, endpoint);
  };
  const std::vector<StageView> stages = stages_of(endpoint);
  return !stages.empty() && !endpoint.addresses.empty() && !stages.back().times.empty() &&
         std::none_of(report.findings.begin(), report.findings.end(), speaks_against);
}

std::optional<WallTime> certificate_end(const EndpointReport& endpoint) {
  std::optional<WallTime> first;
  for (const AddressReport& address : endpoint.addresses) {
    if (!address.seen.tls || !address.seen.tls->chain) continue;
    for (const Certificate& certificate : *address.seen.tls->chain)
      first = first ? std::min(*first, certificate.not_after) : certificate.not_after;
  }
  return first;
}

}  // namespace vpcprobe
