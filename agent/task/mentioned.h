#pragma once
// Hosts that a container's environment and command speak of: databases, queues, brokers, APIs. The task may
// or may not connect to them, so they are offered, never required.
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace vpcprobe {

struct MentionedHost {
  std::string host;  ///< a name with a dot, or an address; never loopback, link-local or a placeholder
  std::uint16_t port = 443;
  std::string where;  ///< "DATABASE_URL", "command": never a value

  bool operator==(const MentionedHost&) const = default;
};

/// Reads URLs of any scheme, `jdbc:…`, `HOST:PORT` lists and, under names like DB_HOST, bare hosts, whose
/// port is then in the sibling DB_PORT or known from the host's domain. User names and passwords are dropped,
/// variables that hold secrets are not read. Bounded: 4096 bytes of a value, 16 hosts of a container.
std::vector<MentionedHost> hosts_in_environment(const std::map<std::string, std::string>& environment);
/// The same of a process: `NAME=VALUE` each, a null at the end, as environ(7) has them. Options of vpc-probe
/// are left out.
std::vector<MentionedHost> hosts_in_process(const char* const* variables);
std::vector<MentionedHost> hosts_in_command(const std::vector<std::string>& command);

}  // namespace vpcprobe
