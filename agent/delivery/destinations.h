#pragma once
// Where the doctor as a function sends its verdict: --notify, any number at once.
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "agent/calls/api_client.h"
#include "agent/render/alert.h"
#include "agent/task/options.h"

namespace vpcprobe {

/// A kind of destination. One row each.
struct DestinationKind {
  std::string_view name;    ///< before the first colon of --notify
  std::string_view form;    ///< how it is written
  std::string_view action;  ///< the right that it needs: "sns:Publish"
  /// Of the right, for a target.
  std::string (*resource)(std::string_view partition, const std::string& target);
  /// What is wrong with the target, or nothing.
  std::string (*check)(std::string_view target);
  ApiCallRequest (*request)(const std::string& target, const Alert& alert, const std::string& page_key);
  /// Why a good answer is none: one line; empty where the alert was taken.
  std::string (*problem)(const std::string& json);
  /// Where a person finds the page; null for a kind that keeps none.
  std::string (*page)(const std::string& target, const std::string& page_key) = nullptr;
};
std::span<const DestinationKind> destination_kinds();
/// The row of a destination that was read.
const DestinationKind& kind_of(const Destination& destination);

/// Reads one value of --notify into the options. Returns what is wrong with it, or nothing.
std::string read_destination(Options& options, std::string_view value);

/// Names it in the state: 8 hexadecimal digits.
std::string destination_key(const Destination& destination);

struct Unsent {
  std::string key;  ///< destination_key
  std::string why;  ///< "sns:arn:…: AuthorizationError: …", one line
};
/// Sends the alert by `call`, pages first: the others say where the page is. `page_key`: the object's key
/// in S3. Gives those that did not take it.
std::vector<Unsent> send_alert(const std::function<ApiCallReply(const ApiCallRequest&)>& call,
                               const std::vector<Destination>& destinations, const Alert& alert,
                               const std::string& page_key);

}  // namespace vpcprobe
