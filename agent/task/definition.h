#pragma once
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "agent/base/result.h"
#include "agent/task/container.h"
#include "agent/task/mentioned.h"

namespace vpcprobe {

/// A name in the container (a variable, a log option) and where its value comes from: an ARN or a bare name.
struct SecretReference {
  std::string name;
  std::string value_from;
};

/// Where the credential spec that joins a container to an Active Directory domain is read from.
struct CredentialSpec {
  std::string arn;          ///< of a parameter or an S3 object
  bool domainless = false;  ///< the login is in a secret, which only the spec itself names
};

/// A container definition, as far as it says what the task must reach.
struct DefinedContainer {
  ContainerContext container;
  std::string registry_login;  ///< repositoryCredentials: a Secrets Manager secret; empty if none
  std::vector<SecretReference> secrets;
  std::vector<SecretReference> log_secrets;
  std::vector<std::string> environment_files;    ///< ARNs of S3 objects
  std::vector<CredentialSpec> credential_specs;  ///< those that are not files of the machine
  bool routes_logs = false;                      ///< it has a firelensConfiguration
  std::string router_config_in_s3;               ///< ARN; empty where its configuration is not in S3
  bool router_config_is_file = false;            ///< outputs may stand in a file of the image, or in S3
  std::vector<MentionedHost> mentioned;          ///< hosts of its environment and command
  std::map<std::string, std::string> settings;   ///< variables that decide what a known sidecar calls
  std::vector<std::string> variables;            ///< names of all variables, values left out
};

struct DefinedVolume {
  std::string name;
  std::string file_system_id;     ///< EFS: "fs-…"; empty for other kinds
  bool iam = false;               ///< mounted with the task role
  bool is_windows_share = false;  ///< FSx for Windows
  std::string share_login;        ///< FSx for Windows: the ARN of its credentials
};

/// What a task needs by its definition, in whichever form that is (forms.h). Values that a template leaves
/// open hold placeholders (placeholder.h). Several definitions of one file are one: their containers
/// together.
struct TaskDefinition {
  std::string family;                        ///< of several: "web, worker"
  std::string region;                        ///< of an ARN in it; empty where it is not registered yet
  std::string account;                       ///< the same
  std::vector<std::string> compatibilities;  ///< "FARGATE", "EC2", "EXTERNAL", …
  std::string network_mode;                  ///< "awsvpc", "bridge", …
  std::string operating_system;              ///< runtimePlatform: "LINUX", "WINDOWS_SERVER_2022_CORE", …
  std::string architecture;                  ///< runtimePlatform: "X86_64", "ARM64"; empty where not said
  bool has_mesh_proxy = false;               ///< proxyConfiguration: App Mesh
  std::vector<DefinedContainer> containers;
  std::vector<DefinedVolume> volumes;

  // From what describes a service or task, alone or beside the definition:
  std::string described;         ///< "service web"; empty where nothing did
  bool is_partial = false;       ///< logging and secrets are not known: the definition itself is not there
  std::string launch_type;       ///< "FARGATE"
  std::string platform_version;  ///< "1.4.0"
  bool execute_command = false;  ///< ECS Exec is on
  bool service_connect = false;  ///< the Service Connect agent runs in the task
  std::vector<std::string> remarks;  ///< what the form leaves open, a sentence each
};

/// Any form that forms.h reads, as JSON or YAML. `families`: only those, if not empty. Lenient like the task
/// metadata: unknown fields are left out, wrong types are an error that names the field. Bounded: 16 MiB, 64
/// levels, 64 containers, 256 of anything in them.
Result<TaskDefinition> parse_task_definition(std::string_view text,
                                             const std::vector<std::string>& families = {});

}  // namespace vpcprobe
