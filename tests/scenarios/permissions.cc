// Whose refusal it is, and what follows from it for the task: each scenario is one answer of AWS's.
#include "scenarios/scenario.h"

namespace vpcprobe::scenarios {
namespace {

constexpr const char* kLogin = "ecr:GetAuthorizationToken";
constexpr const char* kSecret = "secretsmanager:GetSecretValue";
constexpr const char* kLogs = "logs:PutLogEvents";
constexpr const char* kArn = "arn:aws:secretsmanager:eu-west-1:111122223333:secret:app/db-AbCdEf";

std::string none_allows(const char* policy, const char* action) {
  return std::string(" because no ") + policy + " allows the " + action + " action";
}
std::string denied_in(const char* policy) { return std::string(" with an explicit deny in ") + policy; }

void no_credentials(World& w, CredentialsStatus status, const char* source) {
  w.options.depth = Depth::api;
  w.context.credentials.status = status;
  w.context.credentials.source = source;
  w.context.credentials.problem = "there are none";
}

const std::vector<Scenario> credentials = {
    {"no credentials",
     [](World& w) { no_credentials(w, CredentialsStatus::missing, "none"); },
     50,
     {"error credentials-missing"}},
    {"half a key in the environment",
     [](World& w) { no_credentials(w, CredentialsStatus::unusable, "environment"); },
     50,
     {"error credentials-missing"}},
    {"half an answer of the container endpoint",
     [](World& w) { no_credentials(w, CredentialsStatus::unusable, "task-role"); },
     50,
     {"error credentials-unreachable"}},
    {"container endpoint silent",
     [](World& w) { no_credentials(w, CredentialsStatus::unreachable, "task-role"); },
     50,
     {"error credentials-unreachable"}},
    {"container endpoint refuses",
     [](World& w) { no_credentials(w, CredentialsStatus::refused, "container"); },
     50,
     {"error credentials-unreachable"}},
    {"credentials over",
     [](World& w) { no_credentials(w, CredentialsStatus::expired, "environment"); },
     50,
     {"error credentials-expired"}},
    {"AWS says that the credentials are over",
     [](World& w) {
       w.answers("logs", kLogs, 400, "ExpiredTokenException", "The token is expired", "/ecs/app");
     },
     50,
     {"error credentials-expired"}},
    {"no credentials, and nothing of AWS's to ask",
     [](World& w) {
       w.only({});
       w.add_target("db.internal", 443, {"10.0.1.50"});
       no_credentials(w, CredentialsStatus::missing, "none");
     },
     0,
     {}},
    {"no credentials, and only secrets that are a guess to ask for",
     [](World& w) {
       w.only({"secretsmanager"});
       w.plan.endpoints.front().guessed = true;
       no_credentials(w, CredentialsStatus::missing, "none");
     },
     0,
     {"note credentials-missing"}},
    {"no credentials and no path to S3",
     [](World& w) {
       w.silent("s3");
       no_credentials(w, CredentialsStatus::missing, "none");
     },
     23,
     {"error gateway-route-missing s3", "error credentials-missing"}},
    {"the time of a signed request rejected",
     [](World& w) {
       w.answers("logs", kLogs, 403, "InvalidSignatureException",
                 "Signature expired: 1 is now earlier than 2");
       w.answers("ecr.api", kLogin, 400, "ExpiredTokenException", "The token is expired");
       w.answers("secretsmanager", kSecret, 403, "SignatureDoesNotMatch", "It does not match");
     },
     50,
     {"error clock-skewed"},
     {"credentials-expired < clock-skewed", "signature-rejected < clock-skewed"}},
    {"key unknown everywhere",
     [](World& w) {
       w.answers("ecr.api", kLogin, 400, "UnrecognizedClientException", "The token is invalid.");
       w.answers("logs", kLogs, 400, "UnrecognizedClientException", "The token is invalid.");
     },
     59,
     {"error signature-rejected [ecr.api logs]"}},
};

const std::vector<Scenario> refusals = {
    {"endpoint policy refuses the task role what the execution role does",
     [](World& w) { w.denies("ecr.api", kLogin, none_allows("VPC endpoint policy", kLogin)); },
     51,
     {"error denied-endpoint-policy ecr.api"}},
    {"endpoint policy denies a made-up name",
     [](World& w) { w.denies("secretsmanager", kSecret, denied_in("a VPC endpoint policy")); },
     0,
     {"note denied-endpoint-policy secretsmanager"}},
    {"endpoint policy denies the task's own secret",
     [](World& w) { w.denies("secretsmanager", kSecret, denied_in("a VPC endpoint policy"), kArn); },
     55,
     {"error denied-endpoint-policy secretsmanager"}},
    {"resource policy denies a made-up name",
     [](World& w) { w.denies("secretsmanager", kSecret, denied_in("a resource-based policy")); },
     0,
     {"note denied-resource-policy secretsmanager"}},
    {"service control policy denies a made-up name",
     [](World& w) { w.denies("secretsmanager", kSecret, denied_in("a service control policy")); },
     0,
     {"warning denied-scp secretsmanager"}},
    {"resource control policy denies a made-up name",
     [](World& w) { w.denies("secretsmanager", kSecret, denied_in("a resource control policy")); },
     0,
     {"warning denied-rcp secretsmanager"}},
    {"endpoint policy refuses what is not needed",
     [](World& w) {
       w.optional("logs");
       w.denies("logs", kLogs, none_allows("VPC endpoint policy", kLogs), "/ecs/app");
     },
     0,
     {"note denied-endpoint-policy logs"}},
    {"endpoint policy refuses an action that is only a sample",
     [](World& w) {
       w.add_service("kms", {"10.0.1.16"});
       w.denies("kms", "kms:ListAliases", none_allows("VPC endpoint policy", "kms:ListAliases"));
     },
     0,
     {"warning denied-endpoint-policy kms", "warning single-zone-endpoint kms"}},
    {"identity policy of the task role",
     [](World& w) { w.denies("ecr.api", kLogin, none_allows("identity-based policy", kLogin)); },
     0,
     {"note denied-identity-policy ecr.api"}},
    {"identity policy of the execution role",
     [](World& w) {
       w.options.role = Role::execution;
       w.denies("ecr.api", kLogin, none_allows("identity-based policy", kLogin));
     },
     51,
     {"error denied-identity-policy ecr.api"}},
    {"identity policy of the task role, on what the task role itself does",
     [](World& w) {
       w.denies("logs", kLogs, none_allows("identity-based policy", kLogs), "/app");
       w.plan.endpoints[3].objects.front().role = Role::task;
     },
     54,
     {"error denied-identity-policy logs"}},
    {"identity policy of the execution role, on a made-up name",
     [](World& w) {
       w.options.role = Role::execution;
       w.denies("secretsmanager", kSecret, none_allows("identity-based policy", kSecret));
     },
     0,
     {"note denied-identity-policy secretsmanager"}},
    {"identity policy lacks everything: one fault for each policy that fixes it",
     [](World& w) {
       w.options.role = Role::execution;
       w.denies("ecr.api", kLogin, none_allows("identity-based policy", kLogin));
       w.denies("logs", kLogs, none_allows("identity-based policy", kLogs), "/ecs/app");
       w.denies("secretsmanager", kSecret, none_allows("identity-based policy", kSecret), kArn);
     },
     59,
     {"error denied-identity-policy [ecr.api logs]", "error denied-identity-policy secretsmanager"}},
    {"resource policy refuses the task role what the execution role does",
     [](World& w) { w.denies("secretsmanager", kSecret, denied_in("a resource-based policy"), kArn); },
     0,
     {"note denied-resource-policy secretsmanager"}},
    {"resource policy refuses the execution role",
     [](World& w) {
       w.options.role = Role::execution;
       w.denies("secretsmanager", kSecret, denied_in("a resource-based policy"), kArn);
     },
     55,
     {"error denied-resource-policy secretsmanager"}},
    {"service control policy: one for all",
     [](World& w) {
       w.denies("ecr.api", kLogin, denied_in("a service control policy"));
       w.denies("logs", kLogs, denied_in("a service control policy"), "/ecs/app");
     },
     59,
     {"error denied-scp [ecr.api logs]"}},
    {"resource control policy",
     [](World& w) { w.denies("secretsmanager", kSecret, denied_in("a resource control policy"), kArn); },
     55,
     {"error denied-rcp secretsmanager"}},
    {"permissions boundary of the task role",
     [](World& w) { w.denies("ecr.api", kLogin, none_allows("permissions boundary", kLogin)); },
     0,
     {"note denied-boundary ecr.api"}},
    {"permissions boundary of the execution role",
     [](World& w) {
       w.options.role = Role::execution;
       w.denies("ecr.api", kLogin, none_allows("permissions boundary", kLogin));
     },
     51,
     {"error denied-boundary ecr.api"}},
    {"session policy of the task role",
     [](World& w) { w.denies("ecr.api", kLogin, none_allows("session policy", kLogin)); },
     0,
     {"note denied-session-policy ecr.api"}},
    {"session policy of the execution role",
     [](World& w) {
       w.options.role = Role::execution;
       w.denies("ecr.api", kLogin, denied_in("a session policy"));
     },
     51,
     {"error denied-session-policy ecr.api"}},
    {"a refusal without a policy's name, of the task role",
     [](World& w) { w.answers("ecr.api", kLogin, 403, "AccessDenied", "Access Denied"); },
     0,
     {"note denied-unspecified ecr.api"}},
    {"a refusal without a policy's name, of the execution role",
     [](World& w) {
       w.options.role = Role::execution;
       w.answers("ecr.api", kLogin, 403, "AccessDenied", "Access Denied");
     },
     51,
     {"error denied-unspecified ecr.api"}},
    {"an error of another kind",
     [](World& w) {
       w.options.role = Role::execution;
       w.answers("logs", kLogs, 400, "InvalidParameterException", "no such name", "/ecs/app");
     },
     0,
     {"warning api-error-unknown logs"}},
    {"an error whose name says that it is a refusal",
     [](World& w) {
       w.options.role = Role::execution;
       w.answers("logs", kLogs, 400, "NotAuthorized", "no", "/ecs/app");
     },
     54,
     {"error denied-unspecified logs"}},
    {"two policies of two endpoints",
     [](World& w) {
       w.denies("ecr.api", kLogin, none_allows("VPC endpoint policy", kLogin));
       w.denies("logs", kLogs, none_allows("VPC endpoint policy", kLogs), "/ecs/app");
     },
     59,
     {"error denied-endpoint-policy ecr.api", "error denied-endpoint-policy logs"}},
};

const std::vector<Scenario> answers_and_objects = {
    {"everything let through",
     [](World& w) {
       w.call("ecr.api", kLogin);
       w.call("logs", kLogs, "/ecs/app").presence = Presence::there;
     },
     0,
     {}},
    {"too many requests",
     [](World& w) { w.answers("ecr.api", kLogin, 400, "ThrottlingException", "Rate exceeded"); },
     0,
     {"warning throttled ecr.api"}},
    {"an error of AWS's own",
     [](World& w) { w.answers("logs", kLogs, 500, "InternalFailure", "", "/ecs/app"); },
     0,
     {"warning throttled logs"}},
    {"a signed call without an answer",
     [](World& w) {
       w.answers("logs", kLogs, 0, "", "", "/ecs/app");
       w.endpoint("logs").calls.front().status = CallStatus::timeout;
     },
     44,
     {"error http-silent logs"}},
    {"the deadline came before a call's answer",
     [](World& w) {
       w.answers("logs", kLogs, 0, "", "", "/ecs/app");
       w.endpoint("logs").calls.front().status = CallStatus::cancelled;
       w.seen.asked_complete = false;
     },
     3,
     {}},
    {"an error of the network stands, though the time was over before all was asked",
     [](World& w) {
       w.silent("logs");
       w.seen.asked_complete = false;
     },
     24,
     {"error endpoint-filtered logs"}},
    {"a secret is missing, another is there",
     [](World& w) {
       w.call("secretsmanager", kSecret, "app/other").presence = Presence::there;
       w.call("secretsmanager", kSecret, kArn).presence = Presence::missing;
     },
     65,
     {"error secret-not-found secretsmanager"}},
    {"a parameter is missing",
     [](World& w) {
       w.add_service("ssm", {"10.0.1.14", "10.0.2.14"});
       w.call("ssm", "ssm:GetParameters", "/app/gone").presence = Presence::missing;
     },
     66,
     {"error parameter-not-found ssm"}},
    {"a log group is missing",
     [](World& w) { w.call("logs", kLogs, "/ecs/gone").presence = Presence::missing; },
     64,
     {"error log-group-not-found logs"}},
    {"an environment file is missing",
     [](World& w) {
       w.answers("s3", "s3:GetObject", 404, "NoSuchKey", "The specified key does not exist.");
       CallObservation& call = w.endpoint("s3").calls.front();
       call.object = "arn:aws:s3:::cfg/app.env";
       call.allowed = true;
       call.presence = Presence::missing;
     },
     63,
     {"error environment-file-not-found s3"}},
    {"a refusal goes before a missing object",
     [](World& w) {
       w.call("logs", kLogs, "/ecs/gone").presence = Presence::missing;
       w.denies("ecr.api", kLogin, none_allows("VPC endpoint policy", kLogin));
     },
     51,
     {"error denied-endpoint-policy ecr.api", "error log-group-not-found logs"}},
};

}  // namespace

const std::vector<Scenario>& permissions() {
  static const std::vector<Scenario> all = [] {
    std::vector<Scenario> joined = credentials;
    joined.insert(joined.end(), refusals.begin(), refusals.end());
    joined.insert(joined.end(), answers_and_objects.begin(), answers_and_objects.end());
    return joined;
  }();
  return all;
}

}  // namespace vpcprobe::scenarios
