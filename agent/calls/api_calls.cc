#include "agent/calls/api_calls.h"

#include <algorithm>

#include "agent/base/json_text.h"
#include "agent/base/percent.h"

namespace vpcprobe {
namespace {

constexpr std::string_view kJson10 = "Content-Type: application/x-amz-json-1.0";
constexpr std::string_view kJson11 = "Content-Type: application/x-amz-json-1.1";
constexpr std::string_view kForm = "Content-Type: application/x-www-form-urlencoded";
// SHA-256 of nothing: S3 wants the body's digest in a header.
constexpr std::string_view kNoBody =
    "X-Amz-Content-Sha256: e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

// Sources: botocore's service models (2026-08) for protocols; AWS's API references for errors. The first four
// are what ECS itself calls, so that a refusal is the task's own.
//  - GetSecretValue asks for a version stage that no secret has, so no value comes back.
//  - GetParameters does not decrypt; what comes back is read for names only.
//  - PutLogEvents names a stream that does not exist, and an event of 1970, which no stream takes (older than
//    14 days): AWS proposes this call to test an endpoint ("Using CloudWatch Logs with interface VPC
//    endpoints"). awslogs needs the action itself; Describe… actions the execution role need not have.
//  - GetObject of S3 has a condition that no object fulfils, so that not a byte of it comes back.
constexpr ApiCall kCalls[] = {
    {.service = "ecr.api",
     .action = "ecr:GetAuthorizationToken",
     .signing = "ecr",
     .headers = {kJson11, "X-Amz-Target: AmazonEC2ContainerRegistry_V20150921.GetAuthorizationToken"},
     .body = "{}",
     .in_managed_policy = true},
    {.service = "secretsmanager",
     .action = "secretsmanager:GetSecretValue",
     .signing = "secretsmanager",
     .headers = {kJson11, "X-Amz-Target: secretsmanager.GetSecretValue"},
     .body = R"({"SecretId":{object},"VersionStage":"vpc-probe-wants-no-value"})",
     .kind = "secret",
     .made_up = "vpc-probe-no-such-secret",
     .proves = {"ResourceNotFoundException", "InvalidRequestException"},
     .there = "find the specified secret value",
     .missing = {"find the specified secret.", "marked for deletion"},
     .missing_code = "secret-not-found"},
    {.service = "ssm",
     .action = "ssm:GetParameters",
     .signing = "ssm",
     .headers = {kJson11, "X-Amz-Target: AmazonSSM.GetParameters"},
     .body = R"({"Names":[{object}],"WithDecryption":false})",
     .kind = "parameter",
     .made_up = "vpc-probe-no-such-parameter",
     .there_list = "Parameters",
     .missing_list = "InvalidParameters",
     .missing_code = "parameter-not-found"},
    {.service = "logs",
     .action = "logs:PutLogEvents",
     .signing = "logs",
     .headers = {kJson11, "X-Amz-Target: Logs_20140328.PutLogEvents"},
     .body = R"({"logGroupName":{object},"logStreamName":"vpc-probe-writes-nothing",)"
             R"("logEvents":[{"timestamp":0,"message":"vpc-probe"}]})",
     .kind = "log_group",
     .made_up = "vpc-probe-no-such-log-group",
     .in_managed_policy = true,
     .proves = {"ResourceNotFoundException"},
     .there = "log stream does not exist",
     .missing = {"log group does not exist"},
     .missing_code = "log-group-not-found"},
    {.service = "s3",
     .action = "s3:GetObject",
     .signing = "s3",
     .method = "GET",
     .path = "/{object}",
     .headers = {"If-Match: \"vpc-probe\"", kNoBody},
     .proves = {"PreconditionFailed", "NoSuchKey", "NoSuchBucket"},
     .there = "pre-conditions",
     .missing = {"does not exist"},
     .missing_code = "environment-file-not-found"},

    {.service = "kms",
     .action = "kms:ListAliases",
     .signing = "kms",
     .headers = {kJson11, "X-Amz-Target: TrentService.ListAliases"},
     .body = R"({"Limit":1})",
     .sample = true},
    {.service = "sts",
     .action = "sts:GetCallerIdentity",
     .signing = "sts",
     .headers = {kForm},
     .body = "Action=GetCallerIdentity&Version=2011-06-15",
     .sample = true},
    {.service = "monitoring",
     .action = "cloudwatch:ListMetrics",
     .signing = "monitoring",
     .headers = {kForm},
     .body = "Action=ListMetrics&Namespace=vpc-probe&Version=2010-08-01",
     .sample = true},
    {.service = "xray",
     .action = "xray:GetSamplingRules",
     .signing = "xray",
     .path = "/GetSamplingRules",
     .headers = {"Content-Type: application/json"},
     .body = "{}",
     .sample = true},
    {.service = "ecs",
     .action = "ecs:ListClusters",
     .signing = "ecs",
     .headers = {kJson11, "X-Amz-Target: AmazonEC2ContainerServiceV20141113.ListClusters"},
     .body = R"({"maxResults":1})",
     .sample = true},
    {.service = "sqs",
     .action = "sqs:ListQueues",
     .signing = "sqs",
     .headers = {kForm},
     .body = "Action=ListQueues&QueueNamePrefix=vpc-probe&Version=2012-11-05",
     .sample = true},
    {.service = "sns",
     .action = "sns:ListTopics",
     .signing = "sns",
     .headers = {kForm},
     .body = "Action=ListTopics&Version=2010-03-31",
     .sample = true},
    {.service = "dynamodb",
     .action = "dynamodb:ListTables",
     .signing = "dynamodb",
     .headers = {kJson10, "X-Amz-Target: DynamoDB_20120810.ListTables"},
     .body = R"({"Limit":1})",
     .sample = true},
    {.service = "elasticfilesystem",
     .action = "elasticfilesystem:DescribeFileSystems",
     .signing = "elasticfilesystem",
     .method = "GET",
     .path = "/2015-02-01/file-systems?MaxItems=1",
     .sample = true},
    {.service = "events",
     .action = "events:ListEventBuses",
     .signing = "events",
     .headers = {kJson11, "X-Amz-Target: AWSEvents.ListEventBuses"},
     .body = R"({"Limit":1})",
     .sample = true},
    {.service = "lambda",
     .action = "lambda:ListLayers",
     .signing = "lambda",
     .method = "GET",
     .path = "/2018-10-31/layers?MaxItems=1",
     .sample = true},
    {.service = "states",
     .action = "states:ListStateMachines",
     .signing = "states",
     .headers = {kJson10, "X-Amz-Target: AWSStepFunctions.ListStateMachines"},
     .body = R"({"maxResults":1})",
     .sample = true},
    {.service = "kinesis-streams",
     .action = "kinesis:ListStreams",
     .signing = "kinesis",
     .headers = {kJson11, "X-Amz-Target: Kinesis_20131202.ListStreams"},
     .body = R"({"Limit":1})",
     .sample = true},
    {.service = "kinesis-firehose",
     .action = "firehose:ListDeliveryStreams",
     .signing = "firehose",
     .headers = {kJson11, "X-Amz-Target: Firehose_20150804.ListDeliveryStreams"},
     .body = R"({"Limit":1})",
     .sample = true},
    {.service = "servicediscovery",
     .action = "servicediscovery:ListNamespaces",
     .signing = "servicediscovery",
     .headers = {kJson11, "X-Amz-Target: Route53AutoNaming_v20170314.ListNamespaces"},
     .body = R"({"MaxResults":1})",
     .sample = true},
};

constexpr std::string_view kObject = "{object}";

/// Bucket and key of an S3 ARN, which may hold characters that no other ARN has.
std::string path_of(std::string_view arn) {
  constexpr std::string_view before_bucket = ":::";
  const std::size_t at = arn.find(before_bucket);
  return percent_encoded(at == std::string_view::npos ? arn : arn.substr(at + before_bucket.size()), "/");
}

std::string filled(std::string_view text, const std::string& value) {
  const std::size_t at = text.find(kObject);
  if (at == std::string_view::npos) return std::string(text);
  return std::string(text.substr(0, at)) + value + std::string(text.substr(at + kObject.size()));
}

HttpRequest request_for(const ApiCall& row, const Target& target, const std::string& object) {
  const bool usual_port = target.port == 443;
  HttpRequest request;
  request.url = "https://" + target.host + (usual_port ? "" : ":" + std::to_string(target.port)) +
                filled(row.path, path_of(object));
  request.method = row.method;
  request.body = filled(row.body, ascii_json_text(object));
  for (const std::string_view header : row.headers) {
    if (!header.empty()) request.headers.emplace_back(header);
  }
  // The longest of these answers is a token of 3 KiB; errors are shorter still.
  request.enough = 64 * 1024;
  return request;
}

bool asks_about_something(const ApiCall& row) {
  return row.path.find(kObject) != std::string_view::npos || row.body.find(kObject) != std::string_view::npos;
}

/// What of the task's own the row asks about: objects of an API, or files that ECS reads from S3.
std::vector<std::string> objects_of(const ApiCall& row, const PlannedEndpoint& endpoint) {
  std::vector<std::string> objects;
  if (!asks_about_something(row)) return objects;
  for (const NamedObject& object : endpoint.objects) objects.push_back(object.name);
  for (const std::string& arn : endpoint.s3_objects) {
    if (arn.find('*') == std::string::npos) objects.push_back(arn);
  }
  constexpr std::size_t most = 100;  // as many as a call each is worth
  objects.resize(std::min(objects.size(), most));
  return objects;
}

}  // namespace

std::span<const ApiCall> api_calls() { return kCalls; }

const ApiCall* find_api_call(std::string_view action) {
  const auto found = std::find_if(std::begin(kCalls), std::end(kCalls),
                                  [&](const ApiCall& row) { return row.action == action; });
  return found == std::end(kCalls) ? nullptr : &*found;
}

std::vector<PlannedCall> calls_for(const PlannedEndpoint& endpoint) {
  std::vector<PlannedCall> calls;
  for (const ApiCall& row : kCalls) {
    if (endpoint.service == nullptr || row.service != endpoint.service->id) continue;
    for (const std::string& object : objects_of(row, endpoint))
      calls.push_back({&row, object, request_for(row, endpoint.target, object)});
    const bool about_nothing = !asks_about_something(row) || !row.made_up.empty();
    if (calls.empty() && about_nothing)
      calls.push_back({&row, "", request_for(row, endpoint.target, std::string(row.made_up))});
  }
  return calls;
}

bool is_made_up(const CallObservation& call) {
  const ApiCall* row = find_api_call(call.operation);
  return call.object.empty() && row != nullptr && asks_about_something(*row);
}

}  // namespace vpcprobe
