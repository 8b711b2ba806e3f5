#include "agent/explain/subject.h"

#include <algorithm>
#include <array>

#include "agent/explain/stop_messages.h"

namespace vpcprobe {
namespace {

constexpr std::string_view kSomeRegion = "<region>";

/// Actions whose prefix is not the catalog id of the service that is called.
struct ActionService {
  std::string_view action;  ///< or its beginning
  std::string_view service;
};
constexpr ActionService kActions[] = {{"ecr:GetAuthorizationToken", "ecr.api"},
                                      {"ecr:", "ecr.dkr"},
                                      {"cloudwatch:", "monitoring"},
                                      {"kinesis:", "kinesis-streams"},
                                      {"firehose:", "kinesis-firehose"}};

const Service* service_of_action(std::string_view action) {
  for (const ActionService& row : kActions) {
    if (action.starts_with(row.action)) return find_service(row.service);
  }
  const Service* service = find_service(action.substr(0, action.find(':')));
  return service != nullptr && service->host.empty() ? nullptr : service;
}

enum class Lies : std::uint8_t { inside, outside, unowned, unknown };

struct Silence {
  EndpointType expects;
  Lies lies;
  std::array<const char*, 2> codes;
};
// No row: endpoint-filtered.
constexpr Silence kSilences[] = {
    {EndpointType::interface, Lies::outside, {"private-name-missing"}},
    {EndpointType::interface, Lies::unknown, {"private-name-missing", "endpoint-filtered"}},
    {EndpointType::gateway, Lies::outside, {"gateway-route-missing"}},
    {EndpointType::gateway, Lies::unknown, {"gateway-route-missing"}},
    {EndpointType::interface, Lies::unowned, {"endpoint-filtered", "private-name-missing"}},
    {EndpointType::gateway, Lies::unowned, {"endpoint-filtered", "gateway-route-missing"}},
};

std::string region_of_arns(const std::vector<std::string>& arns) {
  for (const std::string& arn : arns) {
    if (std::string region = region_of_arn(arn); !region.empty()) return region;
  }
  return {};
}

void take(ExplainSubject& subject, const NamedHost& host) {
  subject.service = host.service;
  subject.partition = host.partition;
  subject.host = host.host;
  subject.port = host.port;
  subject.region = host.region;
  subject.form = host.form;
  subject.account = host.account;
}

/// Takes the service that the row expects, with its host if the text names one.
void take(ExplainSubject& subject, const Service& service, const MessageEvidence& evidence) {
  subject.service = &service;
  subject.port = service.port;
  for (const NamedHost& host : evidence.hosts) {
    if (host.service == &service) take(subject, host);
  }
}

/// A log driver's own server or a database is not what the row expects.
bool asks_another_port(const Service& expected, const NamedAddress* address) {
  return address != nullptr && address->port != 0 && address->port != expected.port;
}

bool leads_outside(const NamedHost& host) {
  return !host.aws || (host.service != nullptr && host.service->expects == EndpointType::none);
}

}  // namespace

ExplainSubject find_subject(const MessageEvidence& evidence, const EcsMessage* row, std::string_view region) {
  ExplainSubject subject;
  const NamedHost* host = asked_host(evidence);
  // Only AWS names an action of AWS.
  const bool denied_by_aws = evidence.denial && !evidence.denial->action.empty();
  if (denied_by_aws && host != nullptr && !host->aws) host = nullptr;
  const Service* expected = row != nullptr ? find_service(row->service) : nullptr;
  subject.address = remote_address(evidence);
  if (expected != nullptr && asks_another_port(*expected, subject.address)) expected = nullptr;
  const bool all_outside =
      host != nullptr && std::all_of(evidence.hosts.begin(), evidence.hosts.end(), leads_outside);
  // What the row expects goes before a host that is only named.
  if (host != nullptr && (host->asked || all_outside || expected == nullptr)) {
    take(subject, *host);
  } else if (expected != nullptr) {
    take(subject, *expected, evidence);
  } else if (evidence.called != nullptr && (row == nullptr || row->outer || !row->decides)) {
    subject.service = evidence.called;
  } else if (evidence.denial) {
    subject.service = service_of_action(evidence.denial->action);
  }
  if (subject.region.empty()) subject.region = region_of_arns(evidence.arns);
  if (subject.region.empty()) subject.region = region;
  if (!subject.region.empty()) subject.partition = find_partition(subject.region);
  subject.other_region = !region.empty() && subject.region != region;
  subject.endpoint_serves =
      subject.service == nullptr || subject.partition == nullptr ||
      endpoint_serves(*subject.service, *subject.partition, subject.region, subject.form);
  subject.unowned = subject.service != nullptr && subject.address != nullptr &&
                    subject.address->scope == Scope::public_ && subject.address->owner.empty() &&
                    (subject.region.empty() || ranges_hold(subject.region));
  return subject;
}

EndpointType expected_endpoint(const ExplainSubject& subject) {
  return subject.service != nullptr && subject.endpoint_serves ? subject.service->expects
                                                               : EndpointType::none;
}

bool is_elsewhere(const ExplainSubject& subject) {
  if (subject.host.empty()) return false;
  return subject.service == nullptr || subject.service->expects == EndpointType::none;
}

std::string plain_host(const ExplainSubject& subject) {
  HostValues values;
  values.region = subject.region;
  values.account = subject.account;
  const HostForm plain{subject.form.fips, false};
  return expand(host_template(*subject.service, *subject.partition, subject.region, plain),
                *subject.partition, values);
}

void follow_address(ExplainSubject& subject, const MessageEvidence& evidence) {
  const NamedAddress* address = remote_address(evidence);
  const bool is_its_own = subject.service == nullptr ? !subject.host.empty()
                                                     : subject.service->expects != EndpointType::interface;
  // Only a registry redirects; another service's name says more than a range.
  const bool is_said =
      subject.service != nullptr && !subject.host.empty() && subject.service->id != "ecr.dkr";
  if (address == nullptr || address->service.empty() || is_its_own || is_said) return;
  subject.service = find_service(address->service);
  subject.host.clear();
}

std::vector<std::string_view> silence_codes(const ExplainSubject& subject) {
  if (subject.service == nullptr && subject.host.empty() && subject.address == nullptr)
    return {"no-private-names", "all-filtered"};
  const Lies lies = subject.address == nullptr          ? Lies::unknown
                    : is_inside(subject.address->scope) ? Lies::inside
                    : subject.unowned                   ? Lies::unowned
                                                        : Lies::outside;
  std::vector<std::string_view> codes;
  for (const Silence& row : kSilences) {
    const bool fits = expected_endpoint(subject) == row.expects && row.lies == lies;
    if (!fits || subject.other_region) continue;
    for (const char* code : row.codes) {
      if (code != nullptr) codes.emplace_back(code);
    }
  }
  if (codes.empty()) codes.emplace_back("endpoint-filtered");
  return codes;
}

Plan plan_of(const ExplainSubject& subject) {
  Plan plan;
  plan.region = subject.region.empty() ? kSomeRegion : std::string_view(subject.region);
  plan.partition = subject.partition != nullptr ? subject.partition : partitions().data();
  const auto add = [&](const Service* service, const std::string& host, std::uint16_t port) {
    PlannedEndpoint endpoint;
    endpoint.id = service != nullptr ? std::string(service->id) : host;
    endpoint.service = service;
    endpoint.expects = service == subject.service ? expected_endpoint(subject) : service->expects;
    endpoint.target.port = port;
    endpoint.form = subject.form;
    HostValues values;
    values.region = plan.region;
    values.account = "<account>";
    values.file_system_id = "<fs-id>";
    values.api_id = "<api-id>";
    endpoint.target.host =
        host.empty() && service != nullptr ? expand(service->host, *plan.partition, values) : host;
    plan.endpoints.push_back(std::move(endpoint));
  };
  if (subject.service != nullptr || !subject.host.empty()) {
    add(subject.service, subject.host, subject.port);
  } else if (subject.address != nullptr) {
    add(nullptr, subject.address->address.to_string(), subject.address->port);
  } else {
    for (const Service& service : services()) {
      if (service.default_set) add(&service, {}, service.port);
    }
  }
  return plan;
}

}  // namespace vpcprobe
