#include "agent/calls/message_api.h"

#include "agent/aws/arn.h"
#include "agent/base/bounded_json.h"
#include "agent/base/json_members.h"
#include "agent/base/json_text.h"
#include "agent/base/percent.h"
#include "agent/base/redact.h"
#include "probes/sha256.h"

namespace vpcprobe {
namespace {

using Json = nlohmann::json;

constexpr std::size_t kLongestReason = 400;

ApiCallRequest call_of(const char* api, const char* action) {
  ApiCallRequest call;
  call.api = find_api(api);
  call.action = action;
  return call;
}

/// The region in an ARN; empty for a name.
std::string region_in(const std::string& name) {
  const auto arn = parse_arn(name);
  return arn ? arn->region : std::string();
}

void add(std::string& form, const std::string& name, std::string_view value) {
  form += (form.empty() ? "" : "&") + name + "=" + percent_encoded(value);
}

}  // namespace

ApiCallRequest publish(const NewMessage& message) {
  ApiCallRequest call = call_of("sns", "Publish");
  call.region = region_in(message.topic);
  add(call.body, "TopicArn", message.topic);
  add(call.body, "Subject", message.subject);
  add(call.body, "Message", message.text);
  std::size_t number = 0;
  for (const MessageAttribute& attribute : message.attributes) {
    const std::string entry = "MessageAttributes.entry." + std::to_string(++number) + ".";
    add(call.body, entry + "Name", attribute.name);
    add(call.body, entry + "Value.DataType", "String");
    add(call.body, entry + "Value.StringValue", attribute.value);
  }
  return call;
}

ApiCallRequest put_event(const NewEvent& event) {
  ApiCallRequest call = call_of("events", "PutEvents");
  call.region = region_in(event.bus);
  const Json entry = {{"EventBusName", event.bus},
                      {"Source", event.source},
                      {"DetailType", event.detail_type},
                      {"Detail", event.detail},
                      {"Resources", event.resources}};
  call.body = json_text({{"Entries", Json::array({entry})}});
  return call;
}

std::string event_problem(std::string_view json) {
  const auto document = parse_bounded_json(json, kLongestAnswer);
  constexpr const char* unknown = "the answer does not say that the event was taken";
  if (!document) return unknown;
  const Json* failed = member_of(document.value(), "FailedEntryCount");
  if (failed == nullptr || !failed->is_number_integer()) return unknown;
  if (*failed == 0) return {};
  const Json& entries = list_in(document.value(), "Entries");
  if (entries.empty() || !entries.front().is_object()) return unknown;
  const Json& entry = entries.front();
  return safe_line(text_in(entry, "ErrorCode"), kLongestReason) + ": " +
         safe_line(text_in(entry, "ErrorMessage"), kLongestReason);
}

ApiCallRequest put_object(const NewObject& object) {
  ApiCallRequest call = call_of("s3", "PutObject");
  call.method = "PUT";
  call.host_prefix = object.bucket + ".";
  call.path = "/" + percent_encoded(object.key, "/");
  call.content_type = object.content_type;
  call.body = object.content;
  // AWS: "Signature Calculations for the Authorization Header": S3 wants this header. libcurl signs the one
  // it is given. With UNSIGNED-PAYLOAD a bucket's policy may refuse the object.
  call.headers = {"X-Amz-Content-Sha256: " + sha256_hex(call.body)};
  return call;
}

}  // namespace vpcprobe
