#pragma once
// What a message is about: the service or host that was called, as far as its text says.
#include <string>
#include <string_view>
#include <vector>

#include "agent/aws/ecs_messages.h"
#include "agent/explain/evidence.h"
#include "agent/plan/plan.h"

namespace vpcprobe {

struct ExplainSubject {
  const Service* service = nullptr;  ///< null if none is known, or the host is outside AWS
  const Partition* partition = nullptr;
  std::string host;  ///< empty if the text names none
  std::uint16_t port = 443;
  std::string region;   ///< of the endpoint; empty if unknown
  std::string account;  ///< of a registry
  HostForm form;
  bool other_region = false;              ///< not the task's own region
  bool endpoint_serves = true;            ///< false: a form of the name that no endpoint answers
  const NamedAddress* address = nullptr;  ///< what did not answer; points into the evidence
  bool unowned = false;                   ///< the address is public, but in no range that AWS publishes

  bool known() const { return service != nullptr || !host.empty() || address != nullptr; }
};

/// The host that was called goes before what the row expects, the row before a host that is only named.
/// `region` is the task's own, empty if unknown.
ExplainSubject find_subject(const MessageEvidence& evidence, const EcsMessage* row, std::string_view region);

/// The endpoint type that reaches it without the internet.
EndpointType expected_endpoint(const ExplainSubject& subject);
/// A host outside AWS, or one that has no endpoint: no policy of AWS applies to it.
bool is_elsewhere(const ExplainSubject& subject);
/// The name that an endpoint answers, to use instead of one that none does.
std::string plain_host(const ExplainSubject& subject);

/// An address in a range of one service alone says more than the name: a registry redirects a pull to S3, and
/// the message may still name the registry.
void follow_address(ExplainSubject& subject, const MessageEvidence& evidence);

/// The finding codes of silence, by endpoint type and scope of the address.
std::vector<std::string_view> silence_codes(const ExplainSubject& subject);

/// A plan of this one endpoint, to fill the rules' texts; of the default services if no subject is known. An
/// unknown Region is "<region>".
Plan plan_of(const ExplainSubject& subject);

}  // namespace vpcprobe
