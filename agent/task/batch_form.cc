// Job definitions of AWS Batch: a job runs as a task of ECS, on Fargate or on instances that join a cluster.
// Source: the Batch API reference (ContainerProperties, EcsProperties, NodeProperties), and the Batch guide
// on its log drivers.
#include "agent/base/json_node.h"
#include "agent/task/forms.h"

namespace vpcprobe {
namespace {

using Json = nlohmann::json;

constexpr std::size_t kMost = 256;

/// To CloudWatch Logs where a job names no driver, in the job's own Region where it names none.
void log_as_batch_does(Json& container) {
  Json& logging = container["logConfiguration"];
  if (logging.is_null()) logging = {{"logDriver", "awslogs"}};
  if (!logging.is_object() || logging.value("logDriver", Json()) != "awslogs") return;
  Json& options = logging["options"];
  if (options.is_null()) options = Json::object();
  if (options.is_object() && !options.contains("awslogs-region")) options["awslogs-region"] = "${AWS.Region}";
}

/// The reader of task definitions says where a container lacks its image.
void add_container(const JsonNode& properties, const char* name, Json& definition) {
  Json container = *properties.object().value;
  if (!container.contains("name")) container["name"] = name;
  log_as_batch_does(container);
  for (const char* key : {"volumes", "runtimePlatform"}) {
    const auto found = container.find(key);
    if (found != container.end() && !found->is_null()) definition[key] = std::move(*found);
  }
  definition["containerDefinitions"].push_back(std::move(container));
}

void add_tasks(const JsonNode& ecs, Json& definition) {
  if (ecs.is_absent()) return;
  for (const JsonNode& task : ecs.object().at("taskProperties").items(kMost)) {
    for (const JsonNode& container : task.object().at("containers").items(kMost))
      add_container(container, "default", definition);
    for (const char* key : {"volumes", "runtimePlatform"}) {
      if (const JsonNode member = task.at(key); !member.is_absent()) definition[key] = *member.value;
    }
  }
}

}  // namespace

void read_job_definition(const Json& job, TaskForms& out) {
  const JsonNode node{&job, "jobDefinition"};
  Json kinds = Json::array();
  for (const JsonNode& kind : node.object().at("platformCapabilities").items(kMost))
    kinds.push_back(kind.text());
  if (kinds.empty()) kinds.push_back("EC2");
  const bool fargate = kinds.front() == "FARGATE";
  const std::string name = node.at("jobDefinitionName").text();
  Json definition{{"family", name.empty() ? node.at("jobName").text() : name},
                  {"taskDefinitionArn", node.at("jobDefinitionArn").text()},
                  {"networkMode", fargate ? "awsvpc" : "host"},
                  {"requiresCompatibilities", std::move(kinds)},
                  {"containerDefinitions", Json::array()}};
  for (const char* key : {"containerProperties", "container"}) {
    if (const JsonNode properties = node.at(key); !properties.is_absent())
      add_container(properties, "default", definition);
  }
  add_tasks(node.at("ecsProperties"), definition);
  if (const JsonNode nodes = node.at("nodeProperties"); !nodes.is_absent()) {
    for (const JsonNode& range : nodes.object().at("nodeRangeProperties").items(kMost)) {
      if (const JsonNode container = range.object().at("container"); !container.is_absent())
        add_container(container, "default", definition);
      add_tasks(range.at("ecsProperties"), definition);
    }
  }
  if (definition["containerDefinitions"].empty())
    throw WrongDocument{"no task definition: the job definition has no containers that run on ECS"};
  out.definitions.push_back(std::move(definition));
}

void read_described_jobs(const Json& document, TaskForms& out) {
  const JsonNode root{&document, ""};
  for (const char* key : {"jobDefinitions", "jobs"}) {
    for (const JsonNode& job : root.at(key).items(kMost)) read_job_definition(*job.object().value, out);
  }
  if (out.definitions.empty()) throw WrongDocument{"no task definition: the list of jobs is empty"};
}

}  // namespace vpcprobe
