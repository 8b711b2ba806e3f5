// Stage 5: signed calls that AWS refuses, and whose policy it is.
#include "agent/calls/api_calls.h"
#include "agent/calls/call_verdict.h"
#include "agent/diagnosis/call_findings.h"
#include "agent/diagnosis/findings.h"
#include "agent/diagnosis/texts.h"
#include "agent/diagnosis/words.h"

namespace vpcprobe {
namespace {

constexpr const char* list_role_policies = "aws iam list-attached-role-policies --role-name {role_name}";
constexpr const char* list_inline_policies = "aws iam list-role-policies --role-name {role_name}";
constexpr const char* show_role = "aws iam get-role --role-name {role_name}";
constexpr const char* asked_as_another_role =
    "the probe asked as another role than the task's own call is made by: this says nothing of that one; run "
    "it as that role (--role execution)";
constexpr const char* refused_without_weight =
    "{name}: refused to the {asked_as} role, which asked; that does not settle the task's own call";
constexpr const char* only_other_principals =
    "the policy names principals: then the role that makes the task's own call may pass where this one does "
    "not; run it as that role to be sure (--role execution)";
constexpr const char* ecs_asks_itself =
    "ECS asks by its own service-linked role, AWSServiceRoleForECS: it is missing, or a policy of the "
    "organization refuses it";
constexpr const char* only_other_names =
    "the policy goes by names, and the probe asked about one that does not exist: name yours with --secret, "
    "--parameter or --log-group";
constexpr const char* not_listed =
    "the object is not there: S3 names {action} to whoever may not list the bucket, and says no more";

constexpr const char* run_again = "Then run again: other policies may refuse next, a denial names only one";

// What the conditions below name, besides what an endpoint is.
constexpr std::string_view kEvidence[] = {
    "assumes_role",    "beyond_managed_policy", "by_ecs",     "elsewhere",  "explicit_deny",
    "made_up",         "other_action",          "other_role", "unreadable", "wants_deny_gone",
    "wants_own_policy"};

constexpr Rule kRows[] = {
    {
        .code = "signature-rejected",
        .meaning = "AWS does not accept the request's signature or its key",
        .title = "{name}: the request's signature is not accepted",
        .stage = 5,
        .check = check_calls,
        .one_fault_if_same = "error",
        .blame = Blame::permission,
        .ecs_reason = "{error}",
        .causes = {{{"access-key-invalid",
                     "the access key is wrong, deleted, or belongs to another partition or to a region not "
                     "enabled"},
                    {"clock-wrong", "the clock here is wrong"},
                    {"proxy-changes-request", "a proxy on the path changes the request"}}},
        .fix = {{{compare_clocks},
                 {"Show whose credentials these are", "aws sts get-caller-identity", true}}},
        .masked_by = {"clock-skewed"},
    },
    {
        .code = "throttled",
        .meaning = "the other side refuses for now: too many requests, or an error of its own (5xx)",
        .title = "{name} refuses for now: too many requests, or an error of its own",
        .stage = 5,
        .severity = Severity::warning,
        .check = check_calls,
        .causes = {{{"many-tasks-at-once", "many tasks start at once and pull or ask at the same time"},
                    {"registry-limit-per-address",
                     "a public registry counts by address: all tasks behind one NAT gateway share its limit"},
                    {"service-answers-5xx",
                     "the service itself is disturbed (an answer 5xx): see the AWS Health Dashboard"}}},
        .fix = {{{"Run again: what was refused was not checked"},
                 {"Start fewer tasks at once, or let them retry"},
                 {"Keep public images in ECR (a pull-through cache), or log in to the registry",
                  "aws ecr describe-pull-through-cache-rules --region {service_region}", true}}},
    },
    {
        .code = "api-error-unknown",
        .meaning = "a signed call gets an error that speaks of no policy: what the policies say is not known",
        .title = "{name} refuses a signed call but speaks of no policy: whether it lets the task's call "
                 "through is not known",
        .stage = 5,
        .severity = Severity::warning,
        .check = check_calls,
        .causes = {{{"proxy-changes-answers",
                     "what answers there is not AWS's API alone: a proxy on the path changes its answers",
                     "unreadable"},
                    {"name-not-accepted", "the name that was asked about is not one that the service takes"},
                    {"call-form-unknown",
                     "the service wants this call in another way than the probe makes it, in this region or "
                     "by this endpoint"}}},
        .fix = {{{"Compare the name with the one in the task definition", show_task_definition, true},
                 {"Make the same call with the AWS CLI, and read its error"}}},
    },
    {
        .code = "denied-endpoint-policy",
        .meaning = "the policy of the VPC endpoint does not allow the call, whoever makes it; a note where "
                   "the probe asked for a name of its own",
        .title = "{name}: reached, and the policy of its VPC endpoint refuses",
        .stage = 5,
        .check = check_calls,
        .refuses = Refuses::anyone,
        .blame = Blame::permission,
        .ecs_reason = "{error}: {message}",
        .causes =
            {{{"only-other-names-allowed", only_other_names, "made_up"},
              {"object-does-not-exist", not_listed, "other_action"},
              {"endpoint-policy-lacks-allow",
               "the endpoint's policy does not allow {action} for this role, account or resource",
               "!explicit_deny"},
              {"endpoint-policy-denies",
               "a statement of the endpoint's policy denies {action} for this role, account or resource",
               "explicit_deny"},
              {"policy-names-principals", only_other_principals, "other_role"}}},
        .fix = {{{"Show the endpoint's policy", show_endpoint_policy, true},
                 {"Allow the call there, and take out or narrow a Deny that fits it; other policies may "
                  "refuse next: a denial names only one",
                  set_endpoint_policy, false, "!made_up"}}},
    },
    {
        .code = "denied-identity-policy",
        .meaning = "no policy of the role allows the call, or one denies it; a note where the task makes the "
                   "call as another role",
        .title_of_note = refused_without_weight,
        .title = "{name}: reached, and the role's own policy refuses",
        .stage = 5,
        .check = check_calls,
        .one_fault_if_same = "principal other_role beyond_managed_policy explicit_deny",
        .refuses = Refuses::role,
        .blame = Blame::permission,
        .ecs_reason = "{error}: {message}",
        .causes = {{{"asked-as-another-role", asked_as_another_role, "other_role"},
                    {"only-other-names-allowed", only_other_names, "made_up"},
                    {"object-does-not-exist", not_listed, "other_action"},
                    {"role-policies-lack-allow",
                     "the role's policies do not allow {actions} on this resource", "!explicit_deny"},
                    {"role-policy-denies",
                     "a statement in a policy of the role denies {actions}: a Deny wins over whatever else "
                     "allows it",
                     "explicit_deny"},
                    {"another-role-than-expected",
                     "it is another role than you think: pull, secrets and awslogs use the execution role, "
                     "the program in the container the task role"}}},
        .fix = {{{"List the role's managed policies", list_role_policies, true},
                 {"List its inline policies", list_inline_policies, true},
                 {"Give the execution role what ECS needs; other policies may refuse next: a denial names "
                  "only one",
                  "aws iam attach-role-policy --role-name {role_name} --policy-arn "
                  "arn:{partition}:iam::aws:policy/service-role/AmazonECSTaskExecutionRolePolicy",
                  false, "!beyond_managed_policy"},
                 {"Allow {actions} in a policy of the role (AWS's own execution role policy does not); other "
                  "policies may refuse next: a denial names only one",
                  "aws iam put-role-policy --role-name {role_name} --policy-name <policy-name> "
                  "--policy-document file://<policy.json>",
                  false, "wants_own_policy"},
                 {"Find the Deny statement that fits {actions} and take it out or narrow it; other policies "
                  "may refuse next: a denial names only one",
                  "", false, "wants_deny_gone"}}},
    },
    {
        .code = "denied-resource-policy",
        .meaning = "the policy on the resource, or the trust policy of a role, does not allow the call; a "
                   "note where the task makes the call as another role",
        .title_of_note = refused_without_weight,
        .title = "{name}: the policy on the resource, or the role's trust policy, refuses",
        .stage = 5,
        .check = check_calls,
        .refuses = Refuses::role,
        .blame = Blame::permission,
        .ecs_reason = "{error}: {message}",
        .causes = {{{"only-other-names-allowed", only_other_names, "made_up"},
                    {"asked-as-another-role", asked_as_another_role, "other_role"},
                    {"resource-policy-lacks-allow",
                     "the resource's own policy (repository, secret, bucket, key) does not allow this role "
                     "or account",
                     "!explicit_deny !assumes_role"},
                    {"resource-policy-denies",
                     "a statement in the resource's own policy (repository, secret, bucket, key) denies this "
                     "role or account",
                     "explicit_deny"},
                    {"trust-policy-excludes-ecs",
                     "the trust policy of the role does not name ecs-tasks.amazonaws.com, or its conditions "
                     "(account, source ARN) do not hold"},
                    {"role-does-not-exist", "the role is gone, or the task definition misspells it",
                     "assumes_role"}}},
        .fix = {{{"Show the secret's policy, where a secret is refused",
                  "aws secretsmanager get-resource-policy --region {service_region} --secret-id {secret}",
                  true, "!assumes_role"},
                 {"Show the repository's policy, where an image is refused",
                  "aws ecr get-repository-policy --region {service_region} --repository-name <repository>",
                  true, "!assumes_role"},
                 {"Show the role's trust policy", show_role, true},
                 {"Allow the call there; other policies may refuse next: a denial names only one"}}},
    },
    {
        .code = "denied-scp",
        .meaning = "a service control policy of the organization refuses, whichever role of the account asks",
        .title = "{name}: reached, and a service control policy refuses",
        .stage = 5,
        .check = check_calls,
        .one_fault_if_same = "explicit_deny",
        .refuses = Refuses::account,
        .blame = Blame::permission,
        .ecs_reason = "{error}: {message}",
        .causes = {{{"only-other-names-allowed", only_other_names, "made_up"},
                    {"scp-lacks-allow", "the organization does not allow {actions} in this account or region",
                     "!explicit_deny"},
                    {"scp-denies",
                     "a statement in a policy of the organization denies {actions} in this account or region",
                     "explicit_deny"},
                    {"policy-names-principals", only_other_principals, "other_role"}}},
        .fix = {{{"Ask those who run the organization; they see it with",
                  "aws organizations list-policies-for-target --target-id {account} --filter "
                  "SERVICE_CONTROL_POLICY",
                  true},
                 {run_again}}},
    },
    {
        .code = "denied-rcp",
        .meaning = "a resource control policy of the organization refuses, whichever role asks",
        .title = "{name}: reached, and a resource control policy refuses",
        .stage = 5,
        .check = check_calls,
        .one_fault_if_same = "explicit_deny",
        .refuses = Refuses::account,
        .blame = Blame::permission,
        .ecs_reason = "{error}: {message}",
        .causes = {{{"only-other-names-allowed", only_other_names, "made_up"},
                    {"rcp-lacks-allow",
                     "the organization that owns the resource does not allow {actions} for this role",
                     "!explicit_deny"},
                    {"rcp-denies",
                     "a policy of the organization that owns the resource denies {actions} for this role",
                     "explicit_deny"},
                    {"policy-names-principals", only_other_principals, "other_role"}}},
        .fix = {{{"Ask those who run the organization that owns the resource: only they see its policies"},
                 {run_again}}},
    },
    {
        .code = "denied-boundary",
        .meaning =
            "the role's permissions boundary refuses; a note where the task makes the call as another role",
        .title_of_note = refused_without_weight,
        .title = "{name}: reached, and the role's permissions boundary refuses",
        .stage = 5,
        .check = check_calls,
        .one_fault_if_same = "principal other_role explicit_deny",
        .refuses = Refuses::role,
        .blame = Blame::permission,
        .ecs_reason = "{error}: {message}",
        .causes = {{{"asked-as-another-role", asked_as_another_role, "other_role"},
                    {"only-other-names-allowed", only_other_names, "made_up"},
                    {"boundary-lacks-allow",
                     "the boundary of the role does not hold {actions}, whatever its policies allow",
                     "!explicit_deny"},
                    {"boundary-denies",
                     "a statement in the boundary of the role denies {actions}, whatever its policies allow",
                     "explicit_deny"}}},
        .fix = {{{"Show the role's permissions boundary", show_role, true}, {run_again}}},
    },
    {
        .code = "denied-session-policy",
        .meaning = "the policy of the session refuses; a note where the task makes the call as another role",
        .title_of_note = refused_without_weight,
        .title = "{name}: reached, and the session's policy refuses",
        .stage = 5,
        .check = check_calls,
        .one_fault_if_same = "principal other_role explicit_deny",
        .refuses = Refuses::role,
        .blame = Blame::permission,
        .ecs_reason = "{error}: {message}",
        .causes =
            {{{"asked-as-another-role", asked_as_another_role, "other_role"},
              {"only-other-names-allowed", only_other_names, "made_up"},
              {"session-policy-lacks-allow",
               "whoever took on the role gave the session a policy of its own, which does not hold {actions}",
               "!explicit_deny"},
              {"session-policy-denies",
               "whoever took on the role gave the session a policy of its own, which denies {actions}",
               "explicit_deny"}}},
        .fix = {{{"Look for the AssumeRole call in CloudTrail and its policy",
                  "aws cloudtrail lookup-events --region {region} --lookup-attributes "
                  "AttributeKey=EventName,AttributeValue=AssumeRole",
                  true},
                 {run_again}}},
    },
    {
        .code = "denied-unspecified",
        .meaning = "the call is refused, and the answer does not say by which policy; a note where the task "
                   "makes the call as another role",
        .title_of_note = refused_without_weight,
        .title = "{name}: reached, and refuses without naming the policy",
        .stage = 5,
        .check = check_calls,
        .refuses = Refuses::role,
        .blame = Blame::permission,
        .ecs_reason = "{error}: {message}",
        .causes = {{{"asked-as-another-role", asked_as_another_role, "other_role"},
                    {"only-other-names-allowed", only_other_names, "made_up"},
                    {"service-linked-role", ecs_asks_itself, "by_ecs"},
                    {"role-may-lack-allow", "the role's policies do not allow the call",
                     "!elsewhere !by_ecs"},
                    {"endpoint-policy-may-deny", "the VPC endpoint's policy does not allow it",
                     "!elsewhere !by_ecs"},
                    {"resource-or-key-policy-may-deny",
                     "the resource's own policy, or its KMS key's, does not", "!elsewhere !by_ecs"},
                    {"image-private", private_image, "elsewhere"},
                    {"repository-may-not-exist", hidden_repository, "elsewhere"}}},
        .fix = {{{has_repository_credentials, show_task_definition, true, "elsewhere"},
                 {"Show the role of ECS itself", "aws iam get-role --role-name AWSServiceRoleForECS", true,
                  "by_ecs"},
                 {"Make it, if it is missing",
                  "aws iam create-service-linked-role --aws-service-name ecs.amazonaws.com", false, "by_ecs"},
                 {"List the role's managed policies", list_role_policies, true, "!elsewhere !by_ecs"},
                 {"Show the endpoint's policy", show_endpoint_policy, true, "!elsewhere !by_ecs"},
                 {"Look for the call in CloudTrail: its error often says more",
                  "aws cloudtrail lookup-events --region {region} --lookup-attributes "
                  "AttributeKey=Username,AttributeValue=<session-name>",
                  true, "!elsewhere"}}},
    },
};
static_assert(conditions_exist(kRows, kEvidence), "a cause or fix names a condition that no check sets");
static_assert(rows_are_complete(kRows), "a row lacks a code, a text, a cause or a fix");

}  // namespace

std::span<const Rule> refusals_rules() { return kRows; }

}  // namespace vpcprobe
