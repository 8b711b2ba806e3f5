// Findings that a message can name and no probe makes: texts, causes and fixes without a check.
#include "agent/explain_rules.h"

namespace vpcprobe {
namespace {

constexpr const char* show_endpoint_policy =
    "aws ec2 describe-vpc-endpoints --region {region} --filters Name=vpc-id,Values=<vpc-id> "
    "Name=service-name,Values={service_names} --query 'VpcEndpoints[].[VpcEndpointId,PolicyDocument]'";
constexpr const char* set_endpoint_policy =
    "aws ec2 modify-vpc-endpoint --region {region} --vpc-endpoint-id <vpce-id> --policy-document "
    "file://<policy.json>";
constexpr const char* list_role_policies = "aws iam list-attached-role-policies --role-name <role-name>";
constexpr const char* list_inline_policies = "aws iam list-role-policies --role-name <role-name>";
constexpr const char* show_role = "aws iam get-role --role-name <role-name>";
constexpr const char* show_task_definition =
    "aws ecs describe-task-definition --region {region} --task-definition <family>";

constexpr Rule table[] = {
    // ── Credentials and the signature
    {.code = "credentials-missing",
     .meaning = "the call was made without any credentials",
     .title = "{name} was asked without credentials",
     .stage = 5,
     .task_wide = true,
     .causes = {{{"the task definition names no role for this (executionRoleArn, taskRoleArn)"},
                 {"on EC2: the instance has no role, or its metadata cannot be reached from the container"}}},
     .fix = {{{"See which roles the task definition names", show_task_definition, true},
              {"Give the task definition the role that is missing, and register it again"}}}},
    {.code = "credentials-unreachable",
     .meaning = "the place where the role's credentials come from does not answer",
     .title = "The role's credentials cannot be fetched: their address does not answer",
     .stage = 5,
     .task_wide = true,
     .causes =
         {{{"a proxy variable sends the request to a proxy: 169.254.170.2 is missing in NO_PROXY"},
           {"on EC2: the agent is down, or iptables on the instance does not let the container through"},
           {"the hop limit of the instance metadata is 1 and the container is one hop further"}}},
     .fix = {{{"Put 169.254.170.2 and 169.254.169.254 into NO_PROXY"},
              {"See the role and the metadata options of the instance",
               "aws ec2 describe-instances --region {region} --instance-ids <instance-id> --query "
               "'Reservations[].Instances[].[IamInstanceProfile,MetadataOptions]'",
               true}}}},
    {.code = "credentials-expired",
     .meaning = "the credentials are over",
     .title = "{name} was asked with credentials that have expired",
     .stage = 5,
     .task_wide = true,
     .causes = {{{"fixed credentials in the task's environment go before the role's"},
                 {"the program keeps credentials and does not renew them"},
                 {"the clock here is wrong"}}},
     .fix = {{{"Take fixed credentials out of the task definition's environment", show_task_definition, true},
              {"Start the task again: it gets new ones"}}}},
    {.code = "signature-rejected",
     .meaning = "AWS does not accept the request's signature or its key",
     .title = "{name} does not accept the request's signature",
     .stage = 5,
     .causes =
         {{{"the access key is wrong, deleted, or belongs to another partition or to a region not enabled"},
           {"the clock here is wrong"},
           {"a proxy on the way changes the request"}}},
     .fix = {{{"Compare `date -u` in the task with a clock you trust"},
              {"See whose credentials these are", "aws sts get-caller-identity", true}}}},
    {.code = "throttled",
     .meaning = "the other side refuses for now: too many requests",
     .title = "{name} refuses for now: too many requests",
     .stage = 5,
     .causes = {{{"many tasks start at once and pull or ask at the same time"},
                 {"a public registry counts by address: all tasks behind one NAT gateway share its limit"}}},
     .fix = {{{"Start fewer tasks at once, or let them retry"},
              {"Keep public images in ECR (a pull-through cache), or log in to the registry",
               "aws ecr describe-pull-through-cache-rules --region {region}", true}}}},

    // ── Refusals
    {.code = "denied-endpoint-policy",
     .meaning = "the policy of the VPC endpoint does not allow the call",
     .title = "{name} is reached, and the policy of its VPC endpoint refuses",
     .stage = 5,
     .causes = {{{"the endpoint's policy does not allow {action} for this role, account or resource"}}},
     .fix = {{{"See the endpoint's policy", show_endpoint_policy, true},
              {"Allow the call there; other policies may refuse next: a denial names only one",
               set_endpoint_policy}}}},
    {.code = "denied-identity-policy",
     .meaning = "no policy of the role allows the call, or one denies it",
     .title = "{name} is reached, and the role's own policy refuses",
     .stage = 5,
     .causes = {{{"the role's policies do not allow {action} on this resource"},
                 {"it is another role than you think: pull, secrets and awslogs use the execution role, the "
                  "program in the container the task role"}}},
     .fix = {{{"See the role's managed policies", list_role_policies, true},
              {"See its inline policies", list_inline_policies, true},
              {"Give the execution role what ECS needs",
               "aws iam attach-role-policy --role-name <role-name> --policy-arn "
               "arn:aws:iam::aws:policy/service-role/AmazonECSTaskExecutionRolePolicy"}}}},
    {.code = "denied-resource-policy",
     .meaning = "the policy on the resource, or the trust policy of a role, does not allow the call",
     .title = "{name}: the policy on the resource, or the role's trust policy, refuses",
     .stage = 5,
     .causes = {{{"the trust policy of the role does not name ecs-tasks.amazonaws.com, or its conditions "
                  "(account, source ARN) do not hold"},
                 {"the resource's own policy (repository, secret, bucket, key) does not allow this role or "
                  "account"}}},
     .fix = {{{"See the role's trust policy", show_role, true},
              {"See the repository's policy, where an image is refused",
               "aws ecr get-repository-policy --region {region} --repository-name <repository>", true},
              {"See the secret's policy, where a secret is refused",
               "aws secretsmanager get-resource-policy --region {region} --secret-id <secret>", true}}}},
    {.code = "denied-scp",
     .meaning = "a service control policy of the organization refuses",
     .title = "{name} is reached, and a service control policy refuses",
     .stage = 5,
     .causes = {{{"the organization does not allow {action} in this account or region"}}},
     .fix = {{{"Ask those who run the organization; they see it with",
               "aws organizations list-policies-for-target --target-id <account> --filter "
               "SERVICE_CONTROL_POLICY",
               true}}}},
    {.code = "denied-rcp",
     .meaning = "a resource control policy of the organization refuses",
     .title = "{name} is reached, and a resource control policy refuses",
     .stage = 5,
     .causes = {{{"the organization that owns the resource does not allow {action} for this role"}}},
     .fix = {{{"Ask those who run the organization that owns the resource: only they see its policies"}}}},
    {.code = "denied-boundary",
     .meaning = "the role's permissions boundary refuses",
     .title = "{name} is reached, and the role's permissions boundary refuses",
     .stage = 5,
     .causes = {{{"the boundary of the role does not hold {action}, whatever its policies allow"}}},
     .fix = {{{"See which boundary the role has", show_role, true}}}},
    {.code = "denied-session-policy",
     .meaning = "the policy of the session refuses",
     .title = "{name} is reached, and the session's policy refuses",
     .stage = 5,
     .causes =
         {{{"whoever took on the role gave the session a policy of its own, which does not hold {action}"}}},
     .fix = {{{"Look for the AssumeRole call in CloudTrail and its policy",
               "aws cloudtrail lookup-events --region {region} --lookup-attributes "
               "AttributeKey=EventName,AttributeValue=AssumeRole",
               true}}}},
    {.code = "denied-unspecified",
     .meaning = "the call is refused, and the answer does not say by which policy",
     .title = "{name} is reached, and refuses without naming the policy",
     .stage = 5,
     .causes = {{{"the role's policies do not allow the call"},
                 {"the VPC endpoint's policy does not allow it"},
                 {"the resource's own policy, or its KMS key's, does not"}}},
     .fix = {{{"See the role's managed policies", list_role_policies, true},
              {"See the endpoint's policy", show_endpoint_policy, true},
              {"Look for the call in CloudTrail: its error often says more",
               "aws cloudtrail lookup-events --region {region} --lookup-attributes "
               "AttributeKey=Username,AttributeValue=<session-name>",
               true}}}},

    // ── Objects
    {.code = "secret-not-found",
     .meaning = "Secrets Manager has no such secret",
     .title = "{name} has no such secret in this region and account",
     .stage = 6,
     .causes = {{{"the ARN is of another region or account, or its six random characters are wrong"},
                 {"the secret is deleted, or marked for it"},
                 {"it has no value yet, or no version with this stage"}}},
     .fix = {{{"See whether it is there",
               "aws secretsmanager describe-secret --region {region} --secret-id <secret>", true},
              {"Take it back, if it is marked for deletion",
               "aws secretsmanager restore-secret --region {region} --secret-id <secret>"}}}},
    {.code = "parameter-not-found",
     .meaning = "Parameter Store has no such parameter",
     .title = "{name} has no such parameter in this region and account",
     .stage = 6,
     .causes = {{{"the name is misspelt, or lacks its leading slash or path"},
                 {"it is in another region or account; a bare name means the task's own region"}}},
     .fix = {{{"See whether it is there",
               "aws ssm describe-parameters --region {region} --parameter-filters "
               "Key=Name,Option=Contains,Values=<name>",
               true}}}},
    {.code = "log-group-not-found",
     .meaning = "CloudWatch Logs has no such log group",
     .title = "{name} has no such log group in this region and account",
     .stage = 6,
     .causes = {{{"the group was never created: awslogs does that only with awslogs-create-group"},
                 {"awslogs-region names another region than the group's"},
                 {"the name is misspelt"}}},
     .fix = {{{"See which groups there are",
               "aws logs describe-log-groups --region {region} --log-group-name-prefix <log-group>", true},
              {"Create it", "aws logs create-log-group --region {region} --log-group-name <log-group>"}}}},
};

}  // namespace

const Rule* find_explained(std::string_view code) {
  if (const Rule* rule = find_rule(code)) return rule;
  for (const Rule& rule : table) {
    if (code == rule.code) return &rule;
  }
  return nullptr;
}

}  // namespace vpcprobe
