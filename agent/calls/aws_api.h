#pragma once
// The APIs that are called with the caller's credentials, and how a call and its answer look in each
// protocol.
#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "agent/base/result.h"
#include "agent/calls/xml_answer.h"
#include "probes/http.h"

namespace vpcprobe {

/// AWS's protocols (Smithy's names: ec2Query and awsQuery, awsJson1_1, restXml, restJson1).
enum class ApiProtocol : std::uint8_t { query, json, rest_xml, rest_json };

struct AwsApi {
  std::string_view id;  ///< as policies name it: "ec2"
  ApiProtocol protocol;
  /// query: the version; json: the prefix of X-Amz-Target; REST: empty, paths have the version.
  std::string_view version;
  std::string_view host;      ///< template of the catalog's: "ec2.{region}.{suffix}"
  bool is_global = false;     ///< one host for a partition, signed for its main region
  std::string_view paging{};  ///< json, rest_json: the member for the next page: "NextToken"; empty for none
  /// REST: the parameter of the query for the next page. Of the names in use it is the first in the order of
  /// their bytes.
  std::string_view page_parameter{};
};

/// Null for an id without a row.
const AwsApi* find_api(std::string_view id);

/// One call. What it says must be free of secrets: its action goes into the log.
struct ApiCallRequest {
  const AwsApi* api = nullptr;
  std::string action;  ///< "DescribeVpcs"
  /// query: the other parameters, encoded: "VpcId.1=vpc-…"; json: an object; REST: the body.
  std::string body{};
  std::string path = "/";  ///< REST: path and query, encoded as in AWS's canonical form, the query sorted
  std::string method = "POST";
  /// False for a call that must not be made twice: it is not tried again where its answer was lost.
  bool is_repeatable = true;
  std::string next_token{};            ///< where the page begins; empty for the first one
  std::string region{};                ///< where the API is; empty: the client's
  std::string host_prefix{};           ///< before the API's host: "reports." for a bucket of S3's
  std::string content_type{};          ///< of a REST API's body; empty: the protocol's
  std::vector<std::string> headers{};  ///< "Name: value", signed
  /// How long one try may take; empty: as long as the client grants every call.
  std::optional<std::chrono::milliseconds> patience{};
};

/// The request as it is signed and sent, without timeout and trust. `region`, and the call's own where it has
/// one, must be of a known partition.
HttpRequest http_request_of(const ApiCallRequest& call, const std::string& region, const AwsKeys& keys);

/// A good answer as a JSON document, without the token of the next page; "{}" where the API answers without a
/// body.
Result<AnswerDocument> read_answer(const ApiCallRequest& call, std::string_view body);

}  // namespace vpcprobe
