#pragma once
#include <string>
#include <vector>

#include "agent/aws/catalog.h"
#include "agent/plan/needs.h"
#include "agent/task/context.h"
#include "agent/task/image_reference.h"
#include "agent/task/options.h"
#include "probes/endpoint.h"

namespace vpcprobe {

/// What the task names at a service, and so can be asked about exactly: a secret, parameter, log group.
struct NamedObject {
  std::string name;  ///< as the task names it: a name or an ARN
  Role role = Role::execution;

  bool operator==(const NamedObject&) const = default;
};

/// One thing this task needs to reach, why, and how to probe it.
struct PlannedEndpoint {
  std::string id;  ///< the service's id; with a host behind it where two rows share a service
  const Service* service = nullptr;  ///< null for a custom --target
  EndpointType expects = EndpointType::interface;
  Target target;
  bool required = true;
  bool guessed = false;                  ///< by all of `required_by`: Need::guessed
  std::vector<std::string> required_by;  ///< "image of container app", "asked for by --also"
  std::vector<Traffic> traffic;          ///< whose role and interface; one for each of `required_by`
  std::string region;                    ///< of the service; empty for a host outside the catalog
  HostForm form;                         ///< which of the service's names
  std::vector<NamedObject> objects;
  std::vector<std::string> images;      ///< those it is the registry of, as written
  std::vector<std::string> s3_objects;  ///< ARNs of all that is read from S3; empty where not all is known
};

/// An image that the task pulls.
struct PlannedImage {
  std::string written;  ///< as the task names it
  ImageName name;
  std::size_t endpoint = 0;  ///< its registry's place in Plan::endpoints
};

/// What will be probed and with which settings: a pure function of options and context.
struct Plan {
  std::string region;
  const Partition* partition = nullptr;
  Platform platform;
  std::vector<PlannedEndpoint> spared;  ///< needed, but the platform does it through its own interface
  std::vector<std::string> remarks;     ///< what a source leaves open or gets wrong, a sentence each
  std::vector<PlannedEndpoint> endpoints;
  std::vector<Mention> mentioned;    ///< not among the endpoints; with --mentioned they are, and not required
  std::vector<PlannedImage> images;  ///< each once
  std::vector<Target> controls;  ///< a name outside any gateway endpoint's prefix list: S3 of another region
  ProbeSettings settings;
};

/// Decides what the task needs. Wrong input (an unknown service, a region that is none) is the only failure.
Result<Plan> make_plan(const Options& options, const TaskContext& context);

/// PrivateLink's name of the endpoint to make for a row; empty where none can be made.
std::string endpoint_name(const PlannedEndpoint& row, const Plan& plan);

}  // namespace vpcprobe
