#include "agent/render/endpoint_path.h"

#include <algorithm>

#include "agent/base/add_once.h"
#include "agent/base/words.h"
#include "agent/diagnosis/words.h"

namespace vpcprobe {
namespace {

template <typename Stage, typename Status>
StepState step_state(const std::optional<Stage>& stage, Status good, Status cancelled) {
  if (!stage || stage->status == cancelled) return StepState::beyond;
  return stage->status == good ? StepState::open : StepState::closed;
}

Step resolver_step(const Report& report, const EndpointReport& endpoint) {
  Step step;
  step.what = "Resolver";
  if (!report.context.resolvers.empty()) step.what += " " + enumerate(report.context.resolvers, 2);
  if (!endpoint.dns) {
    step.detail = endpoint.addresses.empty() ? "not asked" : "not needed: an address was given";
    step.state = endpoint.addresses.empty() ? StepState::beyond : StepState::open;
    return step;
  }
  step.state = step_state(endpoint.dns, DnsStatus::ok, DnsStatus::cancelled);
  const std::string time = duration_words(endpoint.dns->elapsed);
  step.detail = step.state == StepState::open
                    ? count_words(endpoint.dns->addresses.size(), "address") + " in " + time
                    : spaced(to_string(endpoint.dns->status)) + " after " + time;
  return step;
}

std::string place_of(const AddressReport& address) {
  if (!address.owner.empty()) return address.owner;
  return address.scope == Scope::subnet ? "own subnet" : spaced(to_string(address.scope));
}

Step address_step(const AddressReport& address) {
  Step step;
  step.what = address.seen.address.to_string();
  step.state = step_state(address.seen.tcp, TcpStatus::ok, TcpStatus::cancelled);
  step.detail = place_of(address) + ", ";
  if (step.state == StepState::beyond) {
    step.detail += "not tried to the end";
  } else if (step.state == StepState::open) {
    step.detail += "connected in " + duration_words(address.seen.tcp->elapsed);
  } else {
    const bool silent = address.seen.tcp->status == TcpStatus::timeout;
    step.detail += (silent ? "silent for " : spaced(to_string(address.seen.tcp->status)) + " after ") +
                   duration_words(address.seen.tcp->elapsed);
  }
  return step;
}

Step tls_step(const AddressReport& address) {
  Step step;
  step.what = "TLS";
  step.state = step_state(address.seen.tls, TlsStatus::ok, TlsStatus::cancelled);
  if (step.state == StepState::beyond) {
    step.detail = "not reached";
  } else if (step.state == StepState::open) {
    step.detail = address.seen.tls->version + " in " + duration_words(address.seen.tls->elapsed);
  } else {
    step.detail =
        spaced(to_string(address.seen.tls->status)) + " after " + duration_words(address.seen.tls->elapsed);
  }
  return step;
}

Step service_step(const EndpointReport& endpoint, const AddressReport& address) {
  Step step;
  step.what = endpoint.id;
  step.state = step_state(address.seen.http, HttpStatus::aws, HttpStatus::cancelled);
  if (step.state == StepState::beyond) {
    step.detail = "not reached";
    return step;
  }
  const HttpObservation& http = *address.seen.http;
  if (answers_rightly(endpoint, http)) step.state = StepState::open;
  const bool answered = http.status == HttpStatus::aws || http.status == HttpStatus::not_aws;
  step.detail =
      answered ? "answers " + std::to_string(http.code) + " in " : spaced(to_string(http.status)) + " after ";
  step.detail += duration_words(http.elapsed);
  if (http.status == HttpStatus::not_aws) step.detail += ", not by AWS";
  return step;
}

StepState worst(const std::vector<Step>& branch) {
  StepState state = StepState::open;
  for (const Step& step : branch) {
    if (step.state == StepState::closed) return StepState::closed;
    if (step.state == StepState::beyond) state = StepState::beyond;
  }
  return state;
}

}  // namespace

bool answers_rightly(const EndpointReport& endpoint, const HttpObservation& http) {
  return http.status == HttpStatus::aws || (http.status == HttpStatus::not_aws && endpoint.service.empty());
}

EndpointPath path_of(const Report& report, const EndpointReport& endpoint, std::size_t most) {
  EndpointPath path;
  path.task = {StepState::open, "Task", enumerate(report.context.source_addresses, 2)};
  path.resolver = resolver_step(report, endpoint);
  for (const AddressReport& address : endpoint.addresses) {
    std::vector<Step> branch{address_step(address), tls_step(address)};
    branch.push_back(service_step(endpoint, address));
    // A target that is probed no further than it was asked to be has no step beyond.
    if (branch.back().state == StepState::beyond && branch[1].state == StepState::open && !endpoint.required)
      branch.pop_back();
    path.branches.push_back(std::move(branch));
  }
  if (path.branches.empty()) {
    path.branches = {{{StepState::beyond, "Address", "none known"},
                      {StepState::beyond, "TLS", "not reached"},
                      {StepState::beyond, endpoint.id, "not reached"}}};
  }
  std::vector<Step> whole{path.resolver};
  for (const auto& branch : path.branches) whole.insert(whole.end(), branch.begin(), branch.end());
  path.state = worst(whole);
  if (path.branches.size() > most) {
    std::stable_sort(path.branches.begin(), path.branches.end(), [](const auto& a, const auto& b) {
      return (worst(a) == StepState::closed) > (worst(b) == StepState::closed);
    });
    path.left_out = path.branches.size() - most;
    path.branches.resize(most);
  }
  return path;
}

bool is_about(const Finding& finding, const EndpointReport& endpoint) {
  return finding.endpoint == endpoint.id ||
         std::find(finding.covers.begin(), finding.covers.end(), endpoint.id) != finding.covers.end();
}

StepState state_of(const Report& report, const EndpointReport& endpoint) {
  for (const Finding& finding : report.findings)
    if (finding.severity == Severity::error && is_about(finding, endpoint)) return StepState::closed;
  return path_of(report, endpoint, endpoint.addresses.size() + 1).state;
}

std::vector<std::string> endpoint_ids(const std::vector<Report>& reports) {
  std::vector<std::string> ids;
  for (const Report& report : reports)
    for (const EndpointReport& endpoint : report.endpoints) add_once(ids, {endpoint.id});
  return ids;
}

}  // namespace vpcprobe
