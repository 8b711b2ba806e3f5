#pragma once
// Calls that give a verdict to people and programs: Amazon SNS (2010-03-31), EventBridge, S3. Source:
// botocore's models; AWS: "Publish", "PutEvents", "PutObject".
#include <string>
#include <string_view>
#include <vector>

#include "agent/calls/aws_api.h"

namespace vpcprobe {

/// An attribute of type String; subscriptions filter by it. `value` is not empty.
struct MessageAttribute {
  std::string name;
  std::string value;
};

/// Text and attributes together are 256 KiB at most.
struct NewMessage {
  std::string topic;    ///< ARN; its region is where it is published
  std::string subject;  ///< of a mail: printable ASCII, fewer than 100 characters
  std::string text;
  std::vector<MessageAttribute> attributes;
};
ApiCallRequest publish(const NewMessage& message);

/// One event, 256 KiB at most.
struct NewEvent {
  std::string bus;  ///< a name, or an ARN: then its region is where the event goes
  std::string source;
  std::string detail_type;
  std::string detail;                  ///< a JSON object
  std::vector<std::string> resources;  ///< ARNs
};
ApiCallRequest put_event(const NewEvent& event);
/// Why EventBridge did not take the event, by its answer: "InternalFailure: …", one line that may be shown;
/// empty where it took it.
std::string event_problem(std::string_view json);

struct NewObject {
  std::string bucket;  ///< without a dot: the certificate of S3 covers one label
  std::string key;
  std::string content_type;
  std::string content;
};
ApiCallRequest put_object(const NewObject& object);

}  // namespace vpcprobe
