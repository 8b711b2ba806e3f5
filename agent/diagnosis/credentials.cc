// Stage 5: the credentials that calls are signed with.
#include <algorithm>
#include <array>
#include <optional>

#include "agent/calls/api_calls.h"
#include "agent/calls/call_verdict.h"
#include "agent/diagnosis/call_findings.h"
#include "agent/diagnosis/findings.h"
#include "agent/diagnosis/texts.h"
#include "agent/diagnosis/words.h"

namespace vpcprobe {
namespace {

// ── Credentials

/// How much missing credentials matter: not at all where nothing would be asked with a signature, a note
/// where only a guess would.
std::optional<Severity> severity_of_unsigned(const Case& scene, const Rule& rule) {
  std::optional<Severity> severity;
  for (const PlannedEndpoint& planned : scene.plan.endpoints) {
    if (!expects_aws_answer(planned)) continue;
    if (!planned.guessed) return rule.severity;
    severity = Severity::note;
  }
  return severity;
}

struct CredentialsFault {
  CredentialsStatus status;
  bool in_environment;  ///< found there; else at the container endpoint, or nowhere
  const char* code;
};

constexpr std::array kCredentialsFaults{
    CredentialsFault{CredentialsStatus::missing, false, "credentials-missing"},
    CredentialsFault{CredentialsStatus::unusable, true, "credentials-missing"},
    CredentialsFault{CredentialsStatus::unusable, false, "credentials-unreachable"},
    CredentialsFault{CredentialsStatus::unreachable, false, "credentials-unreachable"},
    CredentialsFault{CredentialsStatus::refused, false, "credentials-unreachable"},
    CredentialsFault{CredentialsStatus::expired, false, "credentials-expired"},
    CredentialsFault{CredentialsStatus::expired, true, "credentials-expired"},
};

Findings check_credentials(const Case& scene, const Rule& rule) {
  const CredentialsView& view = scene.context.credentials;
  const bool in_environment = view.source == "environment";
  const bool fits = std::any_of(kCredentialsFaults.begin(), kCredentialsFaults.end(), [&](const auto& row) {
    return row.status == view.status && row.in_environment == in_environment &&
           std::string_view(row.code) == rule.code;
  });
  const std::optional<Severity> severity = severity_of_unsigned(scene, rule);
  if (!fits || !severity) return {};
  Finding finding = about_all(rule, {}, {}, "credentials from " + view.source + ": " + view.problem);
  finding.severity = *severity;
  add_evidence(finding, "source", view.source);
  add_evidence(finding, "status", std::string(to_string(view.status)));
  add_evidence(finding, "problem", view.problem);
  add_evidence(finding, "role_arn", view.role_arn);
  add_evidence(finding, "in_environment", in_environment);
  add_evidence(finding, "asked_directly", true);  // by this program: no proxy, no instance metadata
  add_evidence(finding, "answered", view.status == CredentialsStatus::refused);
  return {finding};
}

Findings check_credentials_expired(const Case& scene, const Rule& rule) {
  Findings findings = check_credentials(scene, rule);
  if (!findings.empty()) return findings;
  Findings by_call = check_calls(scene, rule);
  if (by_call.empty()) return {};
  by_call.resize(1);
  by_call.front().endpoint.clear();
  return by_call;
}

// What the conditions below name, besides what an endpoint is.
constexpr std::string_view kEvidence[] = {"answered", "asked_directly", "in_environment"};

constexpr Rule kRows[] = {
    {
        .code = "credentials-missing",
        .meaning = "there are no credentials to sign a call with: permissions could not be checked; a note "
                   "where nothing that is known of the task needs any",
        .title = "There are no credentials to sign a call with",
        .stage = 5,
        .task_wide = true,
        .check = check_credentials,
        .causes = {{{"access-key-incomplete",
                     "AWS_ACCESS_KEY_ID is set, and the rest of the key is missing or malformed",
                     "in_environment"},
                    {"no-role-in-task-definition",
                     "the task definition names no role for this (executionRoleArn, taskRoleArn; a container "
                     "gets the credentials of taskRoleArn alone)"},
                    {"instance-without-role",
                     "on EC2: the instance has no role, or its metadata cannot be reached from the container",
                     "!asked_directly"}}},
        .fix = {{{"Show which roles the task definition names", show_task_definition, true},
                 {"Give the task definition the role that is missing, and register it again"},
                 {"Or check as the execution role: run the task once with it as its task role, and --role "
                  "execution",
                  "aws ecs run-task --region {region} --cluster <cluster> --task-definition <family> "
                  "--launch-type FARGATE --network-configuration "
                  "'awsvpcConfiguration={subnets=[<subnet-id>],securityGroups=[<task-sg-id>]}' --overrides "
                  "'{\"taskRoleArn\":\"<execution-role-arn>\"}'"}}},
    },
    {
        .code = "credentials-unreachable",
        .meaning = "the place where the role's credentials come from does not answer, or with an error",
        .title = "The role's credentials cannot be fetched: their address does not answer as it should",
        .stage = 5,
        .task_wide = true,
        .check = check_credentials,
        .causes =
            {{{"agent-has-no-credentials",
               "the agent has no credentials for this id (yet): the role is new, gone, or its trust policy "
               "does not name ecs-tasks.amazonaws.com",
               "answered"},
              {"proxy-takes-credentials-request",
               "a proxy variable sends the request to a proxy: 169.254.170.2 is missing in NO_PROXY",
               "!asked_directly"},
              {"no-route-to-credentials-endpoint",
               "this container has no route to 169.254.170.2: something in it changes routes or iptables, as "
               "a "
               "service mesh does",
               "asked_directly"},
              {"ecs-agent-unreachable",
               "on EC2: the agent is down, or iptables on the instance does not let the container through"},
              {"metadata-hop-limit",
               "the hop limit of the instance metadata is 1 and the container is one hop further",
               "!asked_directly"}}},
        .fix = {{{"Put 169.254.170.2 and 169.254.169.254 into NO_PROXY", "", false, "!asked_directly"},
                 {"Show which roles the task definition names", show_task_definition, true},
                 {"On EC2, show the role and the metadata options of the instance",
                  "aws ec2 describe-instances --region {region} --instance-ids <instance-id> --query "
                  "'Reservations[].Instances[].[IamInstanceProfile,MetadataOptions]'",
                  true}}},
    },
    {
        .code = "credentials-expired",
        .meaning = "the credentials are over",
        .title = "The credentials have expired",
        .stage = 5,
        .task_wide = true,
        .check = check_credentials_expired,
        .ecs_reason = "ExpiredTokenException",
        .causes = {{{"fixed-credentials-in-environment",
                     "fixed credentials in the task's environment go before the role's"},
                    {"program-does-not-renew-credentials",
                     "the program keeps credentials and does not renew them"},
                    {"clock-wrong", "the clock here is wrong"}}},
        .fix = {{{"Take fixed credentials out of the task definition's environment", show_task_definition,
                  true},
                 {"Start the task again: it gets new ones"}}},
        .masked_by = {"clock-skewed"},
    },
};
static_assert(conditions_exist(kRows, kEvidence), "a cause or fix names a condition that no check sets");
static_assert(rows_are_complete(kRows), "a row lacks a code, a text, a cause or a fix");

}  // namespace

std::span<const Rule> credentials_rules() { return kRows; }

}  // namespace vpcprobe
