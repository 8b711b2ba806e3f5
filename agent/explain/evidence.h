#pragma once
// What an error text gives away besides its words: hosts, addresses, HTTP statuses, counts, ARNs, a denial.
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
  bool asked = false;  ///< a URL or a lookup: what the failed request went to, not merely an image's name
  bool aws = false;    ///< below a DNS suffix of AWS, whether the catalog knows it or not
  const Service* service = nullptr;  ///< null where the catalog does not know it
  const Partition* partition = nullptr;
  std::string region;   ///< empty where the name has none
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
  std::uint16_t port = 0;  ///< 0 where none is written
  AddressRole role = AddressRole::mentioned;
  Scope scope = Scope::public_;
  std::string owner;    ///< "S3 eu-west-1"; empty where AWS's ranges do not hold it
  std::string service;  ///< catalog id of the owner, where AWS publishes ranges of this service alone
};

/// At most 16 hosts, 16 addresses, 8 ARNs and 8 statuses: no message of ECS has more. Every text in it is
/// made of the characters that hosts, ARNs and actions consist of, so it may stand in a command.
struct MessageEvidence {
  std::vector<NamedHost> hosts;         ///< in their order, each once
  std::vector<NamedAddress> addresses;  ///< in their order, each once
  std::vector<int> http_statuses;       ///< 0 is the SDK's "no answer"
  std::optional<int> attempts;
  std::vector<std::string> arns;
  std::optional<Denial> denial;
};

/// Reads a text that stands on one line. Linear in it, whatever its bytes.
MessageEvidence read_evidence(std::string_view line, const NetworkRanges& ranges);

/// The host that the failed request went to, or null: the last one asked, else the last one named.
const NamedHost* asked_host(const MessageEvidence& evidence);
/// The address that did not answer, or null.
const NamedAddress* remote_address(const MessageEvidence& evidence);

}  // namespace vpcprobe
