#pragma once
// The report as a value: everything a renderer needs, nothing that a renderer must look up.
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "agent/image/report.h"
#include "agent/plan/plan.h"
#include "agent/task/context.h"
#include "probes/observation.h"

namespace vpcprobe {

enum class Severity : std::uint8_t { note, warning, error };
enum class Verdict : std::uint8_t { pass, warn, fail, incomplete };
/// The path the traffic takes, as far as it can be told from inside.
enum class Path : std::uint8_t { interface_endpoint, gateway_endpoint, public_, mixed, none, unknown };

std::string_view to_string(Severity severity);
std::string_view to_string(Verdict verdict);
std::string_view to_string(Path path);

/// One fact behind a finding, under a stable key.
struct Evidence {
  std::string key;
  std::variant<std::string, double, std::int64_t, bool, std::vector<std::string>> value;
};

/// What can be behind a finding.
struct Cause {
  std::string id;  ///< stable, kebab-case
  std::string text;
};

struct Fix {
  std::string text;
  std::string command;    ///< real ids where known, <placeholders> where not; may be empty
  bool is_check = false;  ///< true: the command shows which cause it is; false: it fixes
};

/// The texts alone, in their order.
std::vector<std::string> texts_of(const std::vector<Cause>& causes);

/// Something wrong or worth knowing. One finding per code and subject.
struct Finding {
  std::string code;
  int stage = 0;  ///< 1 name … 6 object; 0 for none (resilience and notes)
  Severity severity = Severity::note;
  std::string endpoint;                ///< id of the endpoint; empty for a task-wide finding
  std::vector<std::string> covers;     ///< ids of the endpoints a task-wide finding speaks for
  std::vector<std::string> addresses;  ///< those that show it
  std::string title;                   ///< a sentence with the endpoint's name in it
  std::string observed;                ///< what was seen, in one or two sentences with addresses and times
  std::vector<Evidence> evidence;
  std::vector<Cause> causes;  ///< in the order of likelihood
  std::vector<Fix> fix;
  std::vector<std::string> ecs_errors;  ///< what ECS will say
  std::string masked_by;                ///< code of the root finding; empty for a root
};

struct AddressReport {
  AddressObservation seen;
  Scope scope = Scope::public_;
  std::string owner;  ///< "S3 eu-west-1"; empty where AWS's ranges do not hold it, or it is not public
};

struct EndpointReport {
  std::string id;
  std::string service;  ///< empty for a custom target
  std::string host;
  std::uint16_t port = 443;
  bool required = true;
  std::vector<std::string> required_by;
  std::string expects;  ///< "interface", "gateway", "mount_target", "none"
  Path path = Path::unknown;
  std::string path_evidence;  ///< one sentence: why this path
  std::optional<DnsObservation> dns;
  std::vector<AddressReport> addresses;
  std::vector<CallObservation> calls;
};

struct ReportContext {
  std::string region, partition, account, launch_type, availability_zone, task_arn;
  std::string credentials;  ///< where they come from: "task-role", "environment", "container", "none"
  std::vector<std::string> subnet_cidrs, source_addresses, resolvers;
  std::string credentials_status = "not_asked";  ///< "ok", "missing" …
  std::string role = "task";                     ///< whose they are said to be: "task" or "execution"
  std::string role_arn{};                        ///< as the container endpoint names it
};

/// A state that is over: a verdict and its reasons, for as long as they stayed the same.
struct PreviousState {
  Verdict verdict = Verdict::incomplete;
  int exit_code = 3;
  std::string state;  ///< as History::state
  WallTime since;
};

/// How failing goes on: `outage` lasts, `flapping` came and went changed at least three times within ten
/// rounds.
enum class Stability : std::uint8_t { steady, outage, flapping };
std::string_view to_string(Stability stability);

/// How a report stands to those before it, where one process probes again and again.
struct History {
  std::int64_t round = 1;
  std::string state;                      ///< "pass", or the codes that keep it from passing
  WallTime since;                         ///< when this state was first seen
  bool changed = false;                   ///< the round before was in another state
  bool last = false;                      ///< the process ends with this report
  std::optional<PreviousState> previous;  ///< the state before this one; empty if there was none
  Stability stability = Stability::steady;
};

/// A sink that did not take every report: what has become of those before this one.
struct SinkNote {
  std::string sink;          ///< as --sink was given
  std::int64_t waiting = 0;  ///< reports that are still tried
  std::int64_t lost = 0;     ///< reports that were given up, since the process began
  std::string problem;       ///< one line: why
};

struct Report {
  std::string version;
  WallTime started_at;
  Elapsed duration{};
  Verdict verdict = Verdict::incomplete;
  int exit_code = 3;
  std::string summary;            ///< one sentence a person can act on
  std::string depth = "network";  ///< "network", "api", "image"; below "api" no permission was checked
  ReportContext context;
  std::vector<EndpointReport> endpoints;
  std::vector<EndpointReport> controls;
  std::vector<ImageReport> images;          ///< only at depth "image"
  std::vector<EndpointReport> image_hosts;  ///< where pulls led to, beside `endpoints`
  std::vector<Finding> findings;            ///< roots first: errors, warnings, notes; then what they mask
  std::optional<History> history;           ///< only where rounds repeat
  std::vector<SinkNote> sinks;              ///< only those with something to say
};

}  // namespace vpcprobe
