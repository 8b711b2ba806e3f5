// Stage 6: secrets, parameters, log groups and files that a task names.
#include "agent/calls/api_calls.h"
#include "agent/calls/call_verdict.h"
#include "agent/diagnosis/call_findings.h"
#include "agent/diagnosis/findings.h"
#include "agent/diagnosis/texts.h"
#include "agent/diagnosis/words.h"

namespace vpcprobe {
namespace {

Findings check_objects(const Case& scene, const Rule& rule) {
  Findings findings;
  for (const Subject& subject : subjects_of(scene)) {
    const Calls calls = calls_with(subject, [&](const CallObservation& call) {
      const ApiCall* row = find_api_call(call.operation);
      return call.presence == Presence::missing && row != nullptr && row->missing_code == rule.code;
    });
    if (!calls.empty()) findings.push_back(finding_of(scene, rule, subject, calls));
  }
  return findings;
}

constexpr Rule kRows[] = {
    {
        .code = "secret-not-found",
        .meaning = "Secrets Manager has no such secret",
        .title = "{name} has no such secret in {service_region}, in this account",
        .stage = 6,
        .check = check_objects,
        .blame = Blame::missing,
        .ecs_reason = "{message}",
        .causes = {{{"secret-arn-wrong",
                     "the ARN is of another region or account, or its six random characters are wrong"},
                    {"secret-deleted", "the secret is deleted, or marked for it"},
                    {"secret-without-value", "it has no value yet, or no version with this stage"}}},
        .fix = {{{"Check whether it exists",
                  "aws secretsmanager describe-secret --region {service_region} --secret-id {secret}", true},
                 {"Take it back, if it is marked for deletion",
                  "aws secretsmanager restore-secret --region {service_region} --secret-id {secret}"}}},
    },
    {
        .code = "parameter-not-found",
        .meaning = "Parameter Store has no such parameter",
        .title = "{name} has no such parameter in {service_region}, in this account",
        .stage = 6,
        .check = check_objects,
        .blame = Blame::missing,
        .ecs_reason = "{parameter}",
        .causes = {{{"parameter-name-wrong", "the name is misspelt, or lacks its leading slash or path"},
                    {"parameter-in-another-region",
                     "it is in another region or account; a bare name means the task's own region"}}},
        .fix = {{{"Check whether it exists",
                  "aws ssm describe-parameters --region {service_region} --parameter-filters "
                  "Key=Name,Option=Contains,Values=<name>",
                  true}}},
    },
    {
        .code = "log-group-not-found",
        .meaning = "CloudWatch Logs has no such log group",
        .title = "{name} has no such log group in {service_region}, in this account",
        .stage = 6,
        .check = check_objects,
        .blame = Blame::missing,
        .ecs_reason = "ResourceNotFoundException: The specified log group does not exist.",
        .causes = {{{"log-group-never-created",
                     "the group was never created: awslogs does that only with awslogs-create-group"},
                    {"awslogs-region-differs", "awslogs-region names another region than the group's"},
                    {"log-group-misspelt", "the name is misspelt"}}},
        .fix =
            {{{"List the log groups",
               "aws logs describe-log-groups --region {service_region} --log-group-name-prefix {log_group}",
               true},
              {"Create it",
               "aws logs create-log-group --region {service_region} --log-group-name {log_group}"}}},
    },
    {
        .code = "environment-file-not-found",
        .meaning = "S3 has no such environment file or FireLens configuration, or no such bucket",
        .title = "{name} has no such environment file or FireLens configuration",
        .stage = 6,
        .check = check_objects,
        .blame = Blame::missing,
        .ecs_reason = "{error}: {message}",
        .causes = {{{"file-never-uploaded",
                     "the file was never uploaded, or its key is misspelt: capital letters count in a key"},
                    {"file-in-another-bucket", "the ARN names another bucket"},
                    {"file-or-bucket-deleted", "the file is deleted, or the bucket is"}}},
        .fix = {{{"List the files", "aws s3api list-objects-v2 --bucket <bucket> --prefix <prefix>", true},
                 {"Upload it", "aws s3api put-object --bucket <bucket> --key <key> --body <file>"},
                 {"Or correct the ARN in the task definition", show_task_definition, true}}},
    },
};
static_assert(conditions_exist(kRows, {}), "a cause or fix names a condition that no check sets");
static_assert(rows_are_complete(kRows), "a row lacks a code, a text, a cause or a fix");

}  // namespace

std::span<const Rule> objects_rules() { return kRows; }

}  // namespace vpcprobe
