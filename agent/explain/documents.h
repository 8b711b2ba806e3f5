#pragma once
// The messages in JSON documents: describe-tasks, describe-services, run-task, AWS Batch, CodeDeploy,
// CloudFormation, Step Functions, EventBridge; also a document in a string of another one.
#include <string_view>

#include "agent/explain/collector.h"

namespace vpcprobe {

/// One JSON document; false, and nothing collected, if `text` is not one.
bool read_document(std::string_view text, Collector& into);
/// One JSON object a line, as a log of events has them; false if a line is not one.
bool read_document_lines(std::string_view text, Collector& into);
/// "States.TaskFailed: {…}": a document behind some words; false if there is none with a message.
bool read_embedded_document(std::string_view text, Collector& into);

}  // namespace vpcprobe
