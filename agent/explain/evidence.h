#pragma once
// The facts in an error text: hosts, addresses, HTTP statuses, counts, ARNs, a platform, a denial.
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "agent/aws/catalog.h"
#include "agent/calls/denial.h"
#include "probes/address.h"

namespace vpcprobe {

/// A host name in a text.
struct NamedHost {
  std::string host;
  std::uint16_t port = 443;
  bool asked =
      false;         ///< in a URL or a lookup: the failed request went there; else only named, as in an image
  bool aws = false;  ///< below a DNS suffix of AWS, in the catalog or not
  const Service* service = nullptr;  ///< null if the catalog does not have it
  const Partition* partition = nullptr;
  std::string region;   ///< empty if the name has none
  std::string account;  ///< of a registry; else empty
  HostForm form;
};

enum class AddressRole : std::uint8_t {
  remote,    ///< what was connected to
  local,     ///< the task's own side ("10.0.1.23:40312->…")
  resolver,  ///< port 53
  mentioned  ///< written without a port
};
std::string_view to_string(AddressRole role);

struct NamedAddress {
  IpAddress address;
  std::uint16_t port = 0;  ///< 0 if none is written
  AddressRole role = AddressRole::mentioned;
  Scope scope = Scope::public_;
  std::string owner;    ///< "S3 eu-west-1"; empty if it is not in AWS's ranges
  std::string service;  ///< catalog id of the owner, if AWS publishes ranges of this service alone
};

/// At most 16 hosts, 16 addresses, 8 ARNs and 8 statuses: no message of ECS has more. Every text
/// consists of characters of hosts, ARNs and actions only, so it is safe in a command.
struct MessageEvidence {
  std::vector<NamedHost> hosts;         ///< in their order, each once
  std::vector<NamedAddress> addresses;  ///< in their order, each once
  std::vector<int> http_statuses;       ///< 0 is the SDK's "no answer"
  std::optional<int> attempts;
  std::vector<std::string> arns;
  std::string platform;  ///< "linux/arm64"; empty if the text names none
  std::optional<Denial> denial;
  const Service* called = nullptr;  ///< by "operation error NAME: …" of an AWS SDK; null for none
};

/// Reads a text of one line, any bytes, in linear time.
MessageEvidence read_evidence(std::string_view line, const NetworkRanges& ranges);

/// The host that the failed request went to, or null: the last in a URL or lookup, else the last one named.
const NamedHost* asked_host(const MessageEvidence& evidence);
/// The address that did not answer, or null.
const NamedAddress* remote_address(const MessageEvidence& evidence);

}  // namespace vpcprobe
