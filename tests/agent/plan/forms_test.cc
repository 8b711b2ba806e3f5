// Task definitions in every form that people have them in: one task gives one plan, realistic files give
// golden plans.
#include <algorithm>
#include <filesystem>
#include <sstream>

#include "agent/plan/sheet.h"
#include "agent/render/plan.h"
#include "catch.h"
#include "golden.h"

using namespace vpcprobe;

namespace {

constexpr Style kPlain{false, true};

std::vector<std::string> files_of(const std::string& folder) {
  std::vector<std::string> names;
  for (const auto& entry : std::filesystem::directory_iterator(in_tree("tests/agent/task/" + folder)))
    names.push_back(entry.path().filename());
  std::sort(names.begin(), names.end());
  return names;
}

TaskDefinition definition(const std::string& path, const std::vector<std::string>& families = {}) {
  Result<TaskDefinition> read =
      parse_task_definition(read_file(in_tree("tests/agent/task/" + path)), families);
  INFO(path << ": " << (read ? "" : read.error().message));
  REQUIRE(read);
  return read.value();
}

struct Planned {
  TaskContext context;
  Options options;
  Plan plan;
};

Planned plan_of(TaskDefinition task, bool probe_mentioned = false) {
  Planned planned;
  planned.options.region = "eu-west-1";
  planned.options.mentioned = probe_mentioned;
  planned.context.account = "111122223333";
  planned.context.definition = std::move(task);
  Result<Plan> made = make_plan(planned.options, planned.context);
  INFO((made ? "" : made.error().message));
  REQUIRE(made);
  planned.plan = std::move(made.value());
  return planned;
}

std::string text_of(const Planned& planned) {
  const Infrastructure infrastructure = infrastructure_for(planned.plan, planned.options, planned.context);
  return plan_text(sheet_of(planned.plan, infrastructure, planned.options, planned.context), kPlain);
}

/// What must be reached and why, and what is mentioned: "ID HOST:PORT (REASON; …)", a line each.
std::string needs_of(const Plan& plan) {
  std::ostringstream out;
  for (const PlannedEndpoint& row : plan.endpoints) {
    out << row.id << ' ' << row.target.host << ':' << row.target.port << " (";
    for (const std::string& reason : row.required_by) out << reason << "; ";
    out << ")\n";
  }
  for (const Mention& mention : plan.mentioned)
    out << mention.host << ':' << mention.port << ' ' << mention.mentioned_by.front() << '\n';
  return out.str();
}

}  // namespace

TEST_CASE("the same task gives the same plan in every form") {
  const std::string wanted =
      "ecr.api api.ecr.eu-west-1.amazonaws.com:443 (image of container web; )\n"
      "ecr.dkr 111122223333.dkr.ecr.eu-west-1.amazonaws.com:443 (image of container web; )\n"
      "s3 s3.eu-west-1.amazonaws.com:443 (image layers of container web; )\n"
      "secretsmanager secretsmanager.eu-west-1.amazonaws.com:443 (secret DB of container web; )\n"
      "logs logs.eu-west-1.amazonaws.com:443 (logs of container web; )\n"
      "cache.internal.example.com:6380 CACHE_URL of container web\n";
  const auto files = files_of("same-task");
  CHECK(files.size() >= 14);
  for (const std::string& file : files) {
    INFO(file);
    CHECK(needs_of(plan_of(definition("same-task/" + file)).plan) == wanted);
  }
}

TEST_CASE("realistic files of every form and their plans") {
  for (const std::string& file : files_of("forms")) {
    INFO(file);
    const std::string name = std::filesystem::path(file).stem();
    check_golden("plan.form." + name + ".txt", text_of(plan_of(definition("forms/" + file))));
  }
}

TEST_CASE("option --family takes some of the definitions of a file") {
  const std::string file = "forms/terraform-plan-modules.json";
  CHECK(definition(file).family == "api, jobs");
  CHECK(definition(file).containers.at(0).container.name == "api/api");
  const TaskDefinition jobs = definition(file, {"jobs"});
  CHECK(jobs.family == "jobs");
  CHECK(jobs.containers.at(0).container.name == "jobs");
  const auto wrong = parse_task_definition(read_file(in_tree("tests/agent/task/" + file)), {"job"});
  REQUIRE_FALSE(wrong);
  CHECK(wrong.error().message == "no task definition of the family \"job\"; did you mean \"jobs\"?");
}

TEST_CASE("option --mentioned probes what is mentioned, and nothing of it is required") {
  const Plan plan = plan_of(definition("forms/sidecars-observability.json"), true).plan;
  CHECK(plan.mentioned.empty());
  const auto row = [&](std::string_view host) {
    return std::find_if(plan.endpoints.begin(), plan.endpoints.end(),
                        [&](const PlannedEndpoint& endpoint) { return endpoint.target.host == host; });
  };
  const auto database = row("db.cluster-abc.eu-west-1.rds.amazonaws.com");
  REQUIRE(database != plan.endpoints.end());
  CHECK(database->target.port == 5432);
  CHECK(database->target.until == Until::tcp);
  CHECK_FALSE(database->required);
  const auto queue = row("sqs.eu-west-1.amazonaws.com");
  REQUIRE(queue != plan.endpoints.end());
  CHECK(queue->target.until == Until::http);
  CHECK_FALSE(queue->required);
  CHECK(row("xray.eu-west-1.amazonaws.com")->required);
}

TEST_CASE("no user name and no password of an environment comes out") {
  for (const std::string& file : files_of("forms")) {
    INFO(file);
    const Planned planned = plan_of(definition("forms/" + file));
    const std::string text = text_of(planned);
    for (const char* secret :
         {"hunter2", "loader", "worker:pw", "not-shown", "0123456789abcdef\"", "eu01xx"}) {
      INFO(secret);
      CHECK(text.find(secret) == std::string::npos);
    }
  }
}
