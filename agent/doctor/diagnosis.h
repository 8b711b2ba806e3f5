#pragma once
// What `doctor` found, as a value: everything that its renderers need.
#include <optional>
#include <string>
#include <vector>

#include "agent/diagnosis/report.h"
#include "agent/doctor/hops.h"
#include "agent/doctor/who.h"
#include "agent/explain/explain.h"

namespace vpcprobe {

/// One change that is enough for its culprit, unless its text says "step".
struct Change {
  std::string text;
  std::string command;  ///< AWS CLI with real ids; a <placeholder> only for what was not seen; may be empty
};

struct ResourceName {
  std::string type;  ///< "security-group", "network-acl", "route-table" …
  std::string id;
  std::string name;  ///< empty where it has none
};
/// "security group sg-0abc (endpoints)".
std::string resource_words(const ResourceName& resource);

/// The resource at fault for a finding.
struct Culprit {
  std::string finding;                 ///< code
  std::string endpoint;                ///< id; empty where the finding is task-wide
  std::vector<std::string> endpoints;  ///< all that it stops
  ResourceName resource;
  std::string rule;           ///< what denies: "no ingress rule for tcp 443 from sg-… or 10.0.1.0/24"
  std::string why;            ///< what is there and what is missing
  std::vector<Change> fixes;  ///< the least change first
  bool is_part = false;       ///< it stops a part of the connections only
};

/// What the configuration says of a path (the words of Google's Connectivity Tests).
enum class Reachability : std::uint8_t { reachable, unreachable, ambiguous, undetermined };
std::string_view to_string(Reachability reachability);
/// `unreachable` if a hop denies, else `undetermined` if one is unknown, else `ambiguous` if a part is
/// denied.
Reachability reachability_of(const std::vector<PathHop>& hops);

struct JudgedPath {
  std::string endpoint;
  std::string subnet;   ///< of the task; empty where it is not known
  std::string address;  ///< or a range, or "public addresses", where no address is known; empty without one
  Reachability reach = Reachability::undetermined;
  std::string measured;  ///< "connects", "silent", "refused", "unreachable"; empty where it was not measured
  std::vector<PathHop> hops;
};

/// Configuration and packets say different things: `configuration-allows` or `configuration-denies`.
struct Contradiction {
  std::string code;
  std::string finding;  ///< empty for configuration-denies
  std::string endpoint;
  std::vector<std::string> addresses;
  std::string why;  ///< what would explain it
};

/// A finding that the configuration, as far as it was seen, does not explain.
struct Unexplained {
  std::string finding;
  std::string endpoint;
  std::string why;
  bool is_unseen = false;  ///< for want of configuration; false: no configuration that is read causes it
};

struct Diagnosis {
  Verdict verdict = Verdict::incomplete;
  int exit_code = 3;
  std::string summary;
  bool measured = false;  ///< false: a prediction from the configuration
  Who who;
  std::vector<Culprit> culprits;
  std::vector<JudgedPath> paths;
  std::vector<Contradiction> disagreements;
  std::vector<Unexplained> unexplained;
  std::vector<NotSeen> not_seen;
  std::optional<Explanation> explanation{};  ///< of a stopped task's message
  /// The message alone says that the task fails: the configuration, all of which was seen, allows it.
  bool is_message_only = false;
  double stopped_at = 0;           ///< when that task stopped, in seconds since 1970; 0: not known
  std::optional<Report> report{};  ///< only where doctor itself measured
};

/// Joins what was measured with what is configured. Pure. `report` without any observation
/// (unmeasured_report) gives a prediction: set `measured` to false.
Diagnosis reason(const Configuration& configuration, const Report& report, const Who& who, bool measured);

/// The exit code of errors about the report's endpoints: the earliest stage, and where. `findings` is not
/// empty.
int exit_code_of(const Report& report, const std::vector<Finding>& findings);

/// One line: the first resource at fault, else what else is to say.
std::string summary_of(const Diagnosis& diagnosis);

/// The endpoints of a plan as a report that saw nothing yet.
Report unmeasured_report(const Plan& plan, const TaskContext& context);

}  // namespace vpcprobe
