#pragma once
#include <string>
#include <string_view>

#include "agent/calls/api_calls.h"
#include "probes/http.h"
#include "probes/observation.h"

namespace vpcprobe {

/// What an API says when it does not do as asked: "AccessDeniedException" and its words. Foreign text.
struct ApiError {
  std::string type;
  std::string message;
};

/// Reads the error of an answer in any of AWS's protocols: JSON (`type_header` is x-amzn-ErrorType, which
/// goes before the body's), query and S3's XML. Empty where it holds none. Any bytes are safe.
ApiError read_api_error(std::string_view type_header, std::string_view body);

/// The error as one word and one line that may be shown: without `keys`, other secrets and control
/// characters.
ApiError safe_to_show(const ApiError& error, const AwsKeys& keys);

/// What a reply to `call` came to. `peer`, and what `keys` hold, never reach the text.
CallObservation read_call_reply(const HttpReply& reply, const PlannedCall& call, const AwsKeys& keys);

}  // namespace vpcprobe
