#pragma once
// What a task needs, as it is gathered from each source, before it is merged into a plan.
#include <optional>
#include <string>
#include <vector>

#include "agent/aws/catalog.h"
#include "agent/task/context.h"
#include "agent/task/options.h"
#include "agent/task/traffic.h"

namespace vpcprobe {

/// One reason to reach one endpoint. Several needs may name the same endpoint; the plan merges them.
struct Need {
  const Service* service = nullptr;  ///< null for a host outside the catalog: then `host` and `port` say it
  HostForm form;
  HostValues values;
  std::string host;
  std::uint16_t port = 443;
  Until until = Until::http;  ///< of a host outside the catalog
  std::string reason;
  Traffic traffic;
  bool guessed = false;   ///< secrets, which cannot be seen from inside a task
  std::string image;      ///< the image that the host is the registry of, as written; empty for none
  std::string s3_object;  ///< ARN of what is read from S3 for this; empty where that is not known
  std::string object;     ///< the secret, parameter or log group, as the task names it; empty for none
  bool required = true;   ///< false for a host that is only mentioned
};

/// A host that environment variables or commands speak of.
struct Mention {
  std::string host;
  std::uint16_t port = 443;
  std::optional<KnownHost> known;         ///< a service of AWS
  std::vector<std::string> mentioned_by;  ///< "DATABASE_URL of container app"
};

/// The place the task is in: what fills the names of its services unless the source says otherwise.
struct Home {
  std::string region;
  std::string account;
  HostForm form;
};

/// Where and how the task runs, as far as that decides which network interface its traffic uses.
struct Platform {
  bool fargate = true;
  bool windows = false;
  bool outside_vpc = false;       ///< EXTERNAL, an instance of ECS Anywhere: taken for EC2 in the VPC
  bool has_own_interface = true;  ///< false: EC2 with a network mode other than awsvpc
  /// Fargate for Linux before 1.4.0: the platform itself logs in to ECR and fetches secrets.
  bool platform_helps = false;
  std::string version;  ///< as given; empty for the latest
};
Platform platform_of(const Options& options, const TaskContext& context);

struct Needs {
  std::vector<Need> needs;
  std::vector<Need> spared;          ///< what the platform does through its own interface
  std::vector<std::string> remarks;  ///< what a source leaves open or gets wrong, a sentence each
  std::vector<Mention> mentioned;    ///< hosts that no need names
};

/// Everything the options, the task definition (or else the task metadata) or a saved report ask for, in the
/// order of the sources. An image, secret or log region that is none is the only error.
Result<Needs> gather_needs(const Options& options, const TaskContext& context, const Home& home,
                           const Platform& platform);

}  // namespace vpcprobe
