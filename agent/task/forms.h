#pragma once
// The forms in which people have a task definition, each recognised by its content and brought into the one
// that register-task-definition takes. To add a form, add a row to kForms in forms.cc.
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

namespace vpcprobe {

/// What the documents of a file say together.
struct TaskForms {
  std::vector<nlohmann::json>
      definitions;  ///< as register-task-definition takes them, placeholders as `${NAME}`
  std::vector<nlohmann::json> log_configurations;  ///< of Service Connect's own logs
  std::vector<std::string> remarks;                ///< what a form leaves open, a sentence each
  std::string region;                              ///< where a form says it; else empty
  std::string account;
  std::string launch_type;  ///< of a described service or task
  std::string platform_version;
  std::string described;  ///< "service web", "task 0123…": described, perhaps without its definition
  bool execute_command = false;
  bool service_connect = false;
};

/// Reads each document by its form. Throws WrongDocument where one is none of them.
TaskForms read_forms(const std::vector<nlohmann::json>& documents);

// The readers, a file each. All throw WrongDocument for wrong types.

/// A template of CloudFormation, SAM or the CDK: each AWS::ECS::TaskDefinition and AWS::ECS::Service.
void read_cloudformation(const nlohmann::json& document, TaskForms& out);
/// `terraform show -json` of a plan or state, or a state file: aws_ecs_task_definition and aws_ecs_service,
/// also in modules.
void read_terraform(const nlohmann::json& document, TaskForms& out);
/// A Compose file: each service is a container.
void read_compose(const nlohmann::json& document, TaskForms& out);
/// What describe-services and describe-tasks print, and the input of create-service.
void read_described_services(const nlohmann::json& document, TaskForms& out);
void read_described_tasks(const nlohmann::json& document, TaskForms& out);

/// A job definition of AWS Batch, with the keys of the API; what describe-job-definitions and describe-jobs
/// print.
void read_job_definition(const nlohmann::json& job, TaskForms& out);
void read_described_jobs(const nlohmann::json& document, TaskForms& out);

/// A service of ECS Express Mode: the input that creates it, or what describes it.
void read_express_service(const nlohmann::json& service, TaskForms& out);

/// A service's own members, however they were written: `enableExecuteCommand`, `launchType`, Service Connect.
void read_service(const nlohmann::json& service, TaskForms& out);

/// The keys of CloudFormation as the API writes them: "ContainerDefinitions" becomes "containerDefinitions".
nlohmann::json with_api_keys(const nlohmann::json& value);

}  // namespace vpcprobe
