#pragma once
// Whom a message is about: the service or host that was asked, as far as its text tells.
#include <string>
#include <string_view>
#include <vector>

#include "agent/aws/ecs_messages.h"
#include "agent/explain/evidence.h"
#include "agent/plan/plan.h"

namespace vpcprobe {

struct ExplainSubject {
  const Service* service = nullptr;  ///< null where none is known, or the host is outside AWS
  const Partition* partition = nullptr;
  std::string host;  ///< empty where the text names none
  std::uint16_t port = 443;
  std::string region;   ///< of the endpoint; empty where nothing tells
  std::string account;  ///< of a registry
  HostForm form;
  bool other_region = false;              ///< not the task's own region
  bool endpoint_serves = true;            ///< false: a form of the name that no endpoint answers
  const NamedAddress* address = nullptr;  ///< what did not answer; points into the evidence
  bool unowned = false;                   ///< the address looks public, and is in no range that AWS publishes
};

/// The host that was asked goes before what the row expects, the row before what is merely mentioned.
/// `region` is the task's own, empty where unknown.
ExplainSubject find_subject(const MessageEvidence& evidence, const EcsMessage* row, std::string_view region);

/// What offers a way to it without the internet.
EndpointType expected_endpoint(const ExplainSubject& subject);
/// A host that no policy or endpoint of AWS stands before.
bool is_elsewhere(const ExplainSubject& subject);
/// The name that an endpoint answers, in place of one that none does.
std::string plain_host(const ExplainSubject& subject);

/// An address in ranges that AWS publishes for one service alone tells more than the name: a registry sends a
/// pull on to S3, and the message may still name the registry.
void follow_address(ExplainSubject& subject, const MessageEvidence& evidence);

/// What it is that nobody answers, by the kind of endpoint and by where the address lies.
std::vector<std::string_view> silence_codes(const ExplainSubject& subject);

/// A plan of this one endpoint, so that the rules' texts can be filled; of the usual services where no
/// subject is known. Where no region is known it is "<region>".
Plan plan_of(const ExplainSubject& subject);

}  // namespace vpcprobe
