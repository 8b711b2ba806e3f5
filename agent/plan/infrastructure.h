#pragma once
// What has to be made so that a task reaches what it needs, and the code that makes it.
#include <string>
#include <vector>

#include "agent/plan/plan.h"
#include "agent/task/options.h"

namespace vpcprobe {

/// One endpoint of the VPC, whichever rows of the plan it serves.
struct EndpointToCreate {
  const Service* service = nullptr;
  EndpointType type = EndpointType::interface;  ///< interface or gateway
  std::string name;                             ///< "com.amazonaws.eu-west-1.ecr.api"
  std::string_view id;                          ///< "ecr.api", "logs-fips": the end of its name
  std::vector<std::string> reasons;
  /// What the policy of an S3 gateway has to let through, as ARNs of objects; empty: no policy, so
  /// everything.
  std::vector<std::string> s3_objects;
  std::vector<std::string> unsure;  ///< names that are needed, and that it is not known to answer for
};

/// Everything to create, and the task that it allows.
struct Infrastructure {
  std::string region;
  std::vector<EndpointToCreate> endpoints;
  std::string vpc_id;  ///< empty, as all below, where it was not given
  std::vector<std::string> subnet_ids;
  std::vector<std::string> route_table_ids;
  std::string task_group;               ///< security group that the endpoints allow
  std::string_view group_is;            ///< whose that is: "task's security group"
  std::vector<std::string> task_cidrs;  ///< allowed where no group was given
  std::vector<std::string> remarks;     ///< of the plan: what is assumed or left open
  bool has_interfaces = false;
  bool has_gateways = false;
};
Infrastructure infrastructure_for(const Plan& plan, const Options& options, const TaskContext& context);

/// The policy as one line of JSON: s3:GetObject on the objects, and for those of a task's own buckets
/// s3:GetBucketLocation on the bucket.
std::string s3_policy(const EndpointToCreate& endpoint);

/// What the endpoint is and why it is made, as lines that each start with "#" behind the indent.
std::string comments(const EndpointToCreate& endpoint, std::string_view indent = "");

/// What is assumed or left open, as comments; empty where nothing is.
std::string remarks_as_comments(const Infrastructure& infrastructure);

/// A script for a POSIX shell with the AWS CLI. What was not given is a <placeholder>, and the script refuses
/// to run while one is left.
std::string aws_cli_script(const Infrastructure& infrastructure);
/// HashiCorp's language; what was not given is a variable without a default.
std::string terraform_module(const Infrastructure& infrastructure);
/// A template in YAML; what was not given is a parameter without a default.
std::string cloudformation_template(const Infrastructure& infrastructure);

}  // namespace vpcprobe
