#pragma once
// A VPC as the probes would see it, to break in one line: observation in, codes out.
#include <initializer_list>
#include <string>
#include <vector>

#include "agent/diagnosis/report.h"

namespace vpcprobe::scenarios {

/// Starts healthy: a task in 10.0.1.0/24 with the five default services, interface endpoints in three zones,
/// S3 behind a gateway endpoint, no path to the internet.
class World {
 public:
  World();
  World(const World&) = delete;

  Options options;
  TaskContext context;
  Plan plan;
  Observation seen;
  PullObservation pulls;

  // The task's needs
  void only(std::initializer_list<const char*> ids);  ///< drops all other endpoints
  void add_service(const char* id, std::initializer_list<const char*> addresses);
  void add_target(const char* host, std::uint16_t port, std::initializer_list<const char*> addresses);
  void optional(const char* id);

  // What names lead to; every address of an answer works until it is broken
  void resolves(const char* id, std::initializer_list<const char*> addresses);
  void all_public();  ///< every interface endpoint's name gives public addresses
  void name_fails(const char* id, DnsStatus status);
  void only_resolver(const char* address);  ///< gives all answers so far
  void resolver(const char* address);       ///< one more, that says what the others say
  void resolver_says(const char* address, const char* id, DnsStatus status,
                     std::initializer_list<const char*> addresses = {});

  // What addresses do. "*" is every endpoint; no address is all of them
  void silent(const char* id, const char* address = "");
  void refused(const char* id, const char* address = "");
  void unreachable(const char* id, int error, const char* address = "");
  void tls(const char* id, TlsStatus status, const char* address = "");
  void issued_by(const char* id, const char* issuer);  ///< a certificate that is not trusted
  void http(const char* id, HttpStatus status, int code = 0, const char* address = "");
  void round_trip(const char* id, std::chrono::microseconds time);
  void nat();  ///< the control connects

  // What signed calls come to; `object` is one of the task's own
  CallObservation& call(const char* id, const char* operation, const char* object = "");
  void answers(const char* id, const char* operation, int code, const char* error, const char* message,
               const char* object = "");
  /// AWS's sentence: " because no VPC endpoint policy allows the … action", " with an explicit deny in …"
  void denies(const char* id, const char* operation, const std::string& because, const char* object = "");

  // Rehearsed pulls; each goes well until it is broken
  void pull(const char* registry, const char* image, const char* layer_host);
  /// The last pull's first hop of this step (its last for a layer: at the layers' host) ends so; no later
  /// one.
  void pull_ends(PullStep step, HopEnd end, int status = 0, const char* error = "", const char* message = "");
  void pull_offers(const char* platform);  ///< and nothing else, where linux/amd64 is wanted
  EndpointObservation& layer_host(std::initializer_list<const char*> addresses);

  AddressObservation& at(const char* id, const char* address);
  EndpointObservation& endpoint(const char* id);
  Report report() const;

 private:
  template <typename Change>
  void each(const char* id, const char* address, Change change);
  std::size_t index_of(const std::string& id) const;
};

/// "error no-private-names [ecr.api ecr.dkr]", "warning packet-loss logs", "note internet-egress-open".
std::string line_of(const Finding& finding);

}  // namespace vpcprobe::scenarios
