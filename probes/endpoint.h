#pragma once
#include <atomic>
#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

#include "probes/address.h"
#include "probes/observation.h"

namespace vpcprobe {

/// How far a target is probed.
enum class Until : std::uint8_t { tcp, tls, http };

/// One thing to probe: a name (or address literal) and a port, and the harmless question asked there.
struct Target {
  std::string host;
  std::uint16_t port = 443;
  Until until = Until::http;
  std::string method = "GET";
  std::string path = "/";
};

/// Everything a run of probes needs besides the targets. Plain values; no AWS knowledge.
struct ProbeSettings {
  std::vector<SocketAddress> resolvers;  ///< asked separately, all of them
  bool ipv4 = true;
  bool ipv6 = true;
  std::chrono::milliseconds stage_timeout{3000};    ///< each of DNS, TCP, TLS, HTTP
  std::chrono::milliseconds control_timeout{1500};  ///< TCP of a control, where no target answers
  bool await_controls = true;  ///< false: where every target answers, controls are cut when the last one has
  std::chrono::milliseconds deadline{20000};  ///< the whole run, kept to 100 ms
  std::string more_roots;                     ///< PEM; trusted besides the system's or built-in roots
  NetworkRanges ranges;                       ///< to tell public answers, which start the controls
  unsigned max_in_flight = 256;  ///< addresses being worked on at once; silent ones do not count after 50 ms
};

/// Probes every target at once: its name at each resolver, then every address TCP → TLS → HTTP. The only
/// function that sends packets to endpoints. Network failures are in the result; throws std::system_error
/// where this machine is broken. `stop` set (by a signal handler) ends the run within 100 ms.
/// Controls are probed (name and TCP only) once a target's name has given a public address, and cut where no
/// public address connects or stays silent: what they say matters beside those only. What was cut is
/// `cancelled`, and the observation is complete all the same.
Observation run_probes(const std::vector<Target>& targets, const std::vector<Target>& controls,
                       const ProbeSettings& settings, const std::atomic<bool>& stop);

}  // namespace vpcprobe
