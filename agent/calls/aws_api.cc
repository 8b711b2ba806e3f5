#include "agent/calls/aws_api.h"

#include <algorithm>
#include <array>

#include "agent/aws/catalog.h"
#include "agent/base/bounded_json.h"
#include "agent/base/json_text.h"
#include "agent/base/percent.h"

namespace vpcprobe {
namespace {

using enum ApiProtocol;

// Hosts: AWS General Reference, "Service endpoints and quotas".
constexpr std::array kApis = std::to_array<AwsApi>({
    {.id = "ec2", .protocol = query, .version = "2016-11-15", .host = "ec2.{region}.{suffix}"},
    {.id = "ecs",
     .protocol = json,
     .version = "AmazonEC2ContainerServiceV20141113",
     .host = "ecs.{region}.{suffix}",
     .paging = "nextToken"},
    {.id = "events", .protocol = json, .version = "AWSEvents", .host = "events.{region}.{suffix}"},
    {.id = "iam", .protocol = query, .version = "2010-05-08", .host = "iam.{suffix}", .is_global = true},
    {.id = "lambda",
     .protocol = rest_json,
     .version = "",
     .host = "lambda.{region}.{suffix}",
     .paging = "NextMarker",
     .page_parameter = "Marker"},
    {.id = "route53",
     .protocol = rest_xml,
     .version = "",
     .host = "route53.{suffix}",
     .is_global = true,
     .page_parameter = "nexttoken"},
    {.id = "route53resolver",
     .protocol = json,
     .version = "Route53Resolver",
     .host = "route53resolver.{region}.{suffix}",
     .paging = "NextToken"},
    {.id = "s3", .protocol = rest_xml, .version = "", .host = "s3.{region}.{suffix}"},
    {.id = "sns", .protocol = query, .version = "2010-03-31", .host = "sns.{region}.{suffix}"},
    {.id = "ssm", .protocol = json, .version = "AmazonSSM", .host = "ssm.{region}.{suffix}"},
    {.id = "sts", .protocol = query, .version = "2011-06-15", .host = "sts.{region}.{suffix}"},
});

/// Where a partition's global services are, and for which region their calls are signed (botocore's endpoint
/// rules).
struct GlobalPlace {
  std::string_view api;  ///< empty for all
  std::string_view partition;
  std::string_view signed_for;
  std::string_view host;  ///< empty: the API's template
};
constexpr std::array<GlobalPlace, 5> kGlobalPlaces{
    {{"", "aws", "us-east-1", ""},
     {"route53", "aws-cn", "cn-northwest-1", ""},
     {"route53", "aws-us-gov", "us-gov-west-1", "route53.us-gov.amazonaws.com"},
     {"iam", "aws-cn", "cn-north-1", "iam.cn-north-1.amazonaws.com.cn"},
     {"iam", "aws-us-gov", "us-gov-west-1", "iam.us-gov.amazonaws.com"}}};

const GlobalPlace& global_place(const AwsApi& api, const Partition& partition) {
  const auto found = std::find_if(kGlobalPlaces.begin(), kGlobalPlaces.end(), [&](const GlobalPlace& place) {
    return place.partition == partition.id && (place.api.empty() || place.api == api.id);
  });
  return found == kGlobalPlaces.end() ? kGlobalPlaces.front() : *found;
}

std::string host_of(const AwsApi& api, const Partition& partition, const std::string& region) {
  const GlobalPlace& place = global_place(api, partition);
  if (api.is_global && !place.host.empty()) return std::string(place.host);
  HostValues values;
  values.region = region;
  return expand(api.host, partition, values);
}

std::string form_of(const ApiCallRequest& call) {
  std::string form = "Action=" + call.action + "&Version=" + std::string(call.api->version);
  if (!call.body.empty()) form += "&" + call.body;
  if (!call.next_token.empty()) form += "&NextToken=" + percent_encoded(call.next_token);
  return form;
}

/// The canonical form wants the query sorted.
std::string path_of(const ApiCallRequest& call) {
  const std::size_t query_at = call.path.find('?');
  if (call.next_token.empty() || query_at == std::string::npos) return call.path;
  return call.path.substr(0, query_at + 1) + std::string(call.api->page_parameter) + "=" +
         percent_encoded(call.next_token) + "&" + call.path.substr(query_at + 1);
}

std::string json_of(const ApiCallRequest& call) {
  if (call.next_token.empty()) return call.body.empty() ? "{}" : call.body;
  nlohmann::json body = nlohmann::json::parse(call.body.empty() ? "{}" : call.body);
  body[std::string(call.api->paging)] = call.next_token;
  return json_text(body);
}

std::string content_type_of(const ApiCallRequest& call) {
  if (!call.content_type.empty()) return call.content_type;
  return call.api->protocol == rest_json ? "application/json" : "application/xml";
}

Result<AnswerDocument> read_json_answer(const ApiCallRequest& call, std::string_view body) {
  auto document = parse_bounded_json(body, kLongestAnswer);
  if (!document) return document.error();
  nlohmann::json& object = document.value();
  if (!object.is_object()) return UsageError{"no JSON object"};
  AnswerDocument answer;
  const std::string paging(call.api->paging);
  if (const auto token = object.find(paging); !paging.empty() && token != object.end()) {
    if (token->is_string()) answer.next_token = token->get<std::string>();
    object.erase(token);
  }
  answer.json = json_text(object);
  return answer;
}

}  // namespace

const AwsApi* find_api(std::string_view id) {
  const auto found =
      std::find_if(kApis.begin(), kApis.end(), [&](const AwsApi& row) { return row.id == id; });
  return found == kApis.end() ? nullptr : &*found;
}

HttpRequest http_request_of(const ApiCallRequest& call, const std::string& client_region,
                            const AwsKeys& keys) {
  const AwsApi& api = *call.api;
  const std::string& region = call.region.empty() ? client_region : call.region;
  const Partition& partition = *find_partition(region);
  HttpRequest request;
  request.method = call.method;
  request.max_body = kLongestAnswer;
  const std::string signed_for =
      api.is_global ? std::string(global_place(api, partition).signed_for) : region;
  request.signing = Signing{keys, signed_for, std::string(api.id)};
  request.url = "https://" + call.host_prefix + host_of(api, partition, region) + path_of(call);
  request.headers = call.headers;
  switch (api.protocol) {
    case query:
      request.headers.emplace_back("Content-Type: application/x-www-form-urlencoded; charset=utf-8");
      request.body = form_of(call);
      break;
    case json:
      request.headers.emplace_back("Content-Type: application/x-amz-json-1.1");
      request.headers.push_back("X-Amz-Target: " + std::string(api.version) + "." + call.action);
      request.body = json_of(call);
      break;
    case rest_xml:
    case rest_json:
      if (!call.body.empty()) request.headers.push_back("Content-Type: " + content_type_of(call));
      request.body = call.body;
      break;
  }
  return request;
}

Result<AnswerDocument> read_answer(const ApiCallRequest& call, std::string_view body) {
  const bool is_xml = call.api->protocol == query || call.api->protocol == rest_xml;
  const bool may_be_empty =
      call.api->protocol == rest_json || (call.api->protocol == rest_xml && call.method == "PUT");
  if (may_be_empty && body.empty()) return AnswerDocument{"{}", ""};
  return is_xml ? read_xml_answer(call.action, body) : read_json_answer(call, body);
}

}  // namespace vpcprobe
