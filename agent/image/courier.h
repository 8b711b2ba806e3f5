#pragma once
// Requests to hosts that were probed: pinned to addresses that answered, redirected within bounds.
#include <atomic>
#include <chrono>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "agent/image/pull.h"
#include "agent/image/web_address.h"
#include "agent/plan/plan.h"
#include "probes/endpoint.h"
#include "probes/http.h"

namespace vpcprobe {

/// One thing to fetch.
struct Errand {
  PullStep step = PullStep::manifest;
  WebAddress to;
  std::string blob;                  ///< see Hop::blob
  std::vector<std::string> headers;  ///< sent to every host on the path
  std::string authorization;  ///< "Basic …": only for the first host, never for where it redirects to
  std::string method = "GET";
  std::string body;
  std::optional<Signing> signing;
  std::size_t max_body = 4U << 20;  ///< bytes
  std::size_t enough = 0;           ///< see HttpRequest::enough
  bool keep_body = true;            ///< see HttpRequest::keep_body
  bool patient = false;             ///< may take until the deadline, not just the time of a stage
};

/// How it went: every hop, and the last answer.
struct Delivery {
  std::vector<Hop> hops;
  HttpReply reply;
  bool ok() const;  ///< a status below 400 and as much of the body as was wanted
  int status() const { return hops.empty() ? 0 : hops.back().status; }
};

class Courier {
 public:
  using TimePoint = std::chrono::steady_clock::time_point;

  /// Knows the plan's endpoints and what was seen of them. `settings` and `stop` must outlive it.
  Courier(const Plan& plan, const Observation& seen, const ProbeSettings& settings, TimePoint deadline,
          const std::atomic<bool>& stop);

  /// Sends all, a few at a time. Hosts that are not known yet are probed first. Follows at most four
  /// redirects, only to https.
  std::vector<Delivery> send(const std::vector<Errand>& errands);

  bool is_over() const;  ///< the deadline has come, or a signal
  /// Hands over the hosts that were probed here.
  void take_hosts(PullObservation& out);

 private:
  struct Host {
    EndpointObservation seen;
    std::vector<SocketAddress> working;
    std::size_t next = 0;
    std::size_t silences = 0;  ///< requests without an answer, since the last that had one
  };
  struct Trip;

  void probe_unknown(const std::vector<Trip*>& trips);
  void advance(std::vector<Trip*>& trips);
  void conclude(Trip& trip, HttpReply& reply);
  void send_some(const std::vector<Trip*>& trips);
  HttpRequest request_for(Trip& trip, const SocketAddress& peer);
  std::chrono::milliseconds left() const;

  const ProbeSettings& settings_;
  TimePoint deadline_;
  const std::atomic<bool>& stop_;
  TlsContext tls_;
  std::map<std::string, Host> hosts_;    ///< by "HOST:PORT"
  std::vector<PlannedEndpoint> probed_;  ///< the hosts that were not in the plan
};

}  // namespace vpcprobe
