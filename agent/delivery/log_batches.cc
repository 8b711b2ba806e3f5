#include "agent/delivery/log_batches.h"

#include <algorithm>
#include <array>
#include <cstdlib>

#include "agent/base/bounded_json.h"
#include "agent/base/http_status.h"
#include "agent/base/json_writer.h"
#include "agent/base/redact.h"
#include "agent/calls/api_answer.h"
#include "probes/answer.h"

namespace vpcprobe {
namespace {

constexpr std::size_t kLongestAnswer = 64 * 1024;
constexpr std::size_t kLongestProblem = 300;

std::int64_t milliseconds_of(WallTime time) {
  return std::chrono::floor<std::chrono::milliseconds>(time.time_since_epoch()).count();
}

HttpRequest call(const char* operation, std::string body) {
  HttpRequest request;
  request.method = "POST";
  request.headers = {"Content-Type: application/x-amz-json-1.1",
                     std::string("X-Amz-Target: Logs_20140328.") + operation};
  request.body = std::move(body);
  request.max_body = kLongestAnswer;
  return request;
}

/// An error of the service, and whether what it says may be repeated: AWS's words on a wrong signature hold
/// the whole request, session token included.
struct ErrorRow {
  std::string_view name;
  AfterCall after;
  std::string_view words;  ///< instead of the service's own; empty for those
};
constexpr std::array kErrors = std::to_array<ErrorRow>({
    {"ResourceNotFoundException", AfterCall::create_stream, ""},
    {"ResourceAlreadyExistsException", AfterCall::done, ""},
    {"DataAlreadyAcceptedException", AfterCall::done, ""},
    {"OperationAbortedException", AfterCall::again, ""},
    {"ServiceUnavailableException", AfterCall::again, ""},
    {"ServiceUnavailable", AfterCall::again, ""},
    {"InternalFailure", AfterCall::again, ""},
    {"ThrottlingException", AfterCall::again, "throttled by CloudWatch Logs"},
    {"Throttling", AfterCall::again, "throttled by CloudWatch Logs"},
    {"RequestLimitExceeded", AfterCall::again, "throttled by CloudWatch Logs"},
    {"ExpiredTokenException", AfterCall::renew_credentials, "the credentials have expired"},
    {"ExpiredToken", AfterCall::renew_credentials, "the credentials have expired"},
    {"UnrecognizedClientException", AfterCall::renew_credentials, "the access key is not known to AWS"},
    {"InvalidClientTokenId", AfterCall::renew_credentials, "the access key is not known to AWS"},
    {"InvalidSignatureException", AfterCall::later, "the signature was rejected"},
    {"SignatureDoesNotMatch", AfterCall::later, "the signature was rejected"},
    {"RequestExpired", AfterCall::later, "the signature was rejected"},
    {"IncompleteSignatureException", AfterCall::later, "the signature was rejected"},
    {"InvalidParameterException", AfterCall::never, ""},
});

const ErrorRow* find_error(std::string_view name) {
  const auto row = std::find_if(kErrors.begin(), kErrors.end(), [&](auto& r) { return r.name == name; });
  return row == kErrors.end() ? nullptr : row;
}

/// " (the clock here is 400 s slow)", where the answer's date says so; AWS allows 300 s.
std::string clock_words(const HttpReply& reply, WallTime now) {
  constexpr std::int64_t allowed_s = 300;
  const auto theirs = parse_http_date(header_of(reply, "Date"));
  if (!theirs) return {};
  const std::int64_t off = std::chrono::duration_cast<std::chrono::seconds>(*theirs - now).count();
  if (std::abs(off) < allowed_s) return {};
  return ": the clock here is " + std::to_string(std::abs(off)) + " s " + (off > 0 ? "slow" : "fast");
}

CallResult read_error(const HttpReply& reply, WallTime now, const AwsKeys& keys) {
  const std::string status = "HTTP status " + std::to_string(reply.status);
  const auto& [name, message] =
      safe_to_show(read_api_error(header_of(reply, "x-amzn-ErrorType"), reply.body), keys);
  const ErrorRow* row = find_error(name);
  CallResult result;
  if (row != nullptr) {
    result.after = row->after;
  } else if (reply.status >= http_status::first_server_error ||
             reply.status == http_status::too_many_requests) {
    result.after = AfterCall::again;
  }
  if (result.after == AfterCall::done) return result;
  if (name.empty()) {
    result.problem = status + (header_of(reply, "x-amzn-RequestId").empty() ? " from what is not AWS" : "");
  } else if (row != nullptr && !row->words.empty()) {
    result.problem = name + ": " + std::string(row->words) + clock_words(reply, now);
  } else {
    result.problem = name + ": " + (message.empty() ? status : message);
  }
  result.problem = without_secrets(result.problem, kLongestProblem);
  return result;
}

/// What an accepted call left out: AWS names the first or the last event of each kind.
CallResult read_rejected(const nlohmann::json& document, std::size_t count) {
  CallResult result{AfterCall::done, {}, 0};
  const auto info = document.find("rejectedLogEventsInfo");
  if (info == document.end() || !info->is_object()) return result;
  const auto index = [&](const char* key, std::size_t otherwise) {
    const auto found = info->find(key);
    const bool number = found != info->end() && found->is_number_unsigned();
    return number ? std::min<std::size_t>(found->get<std::size_t>(), count) : otherwise;
  };
  const std::size_t too_old =
      std::max(index("tooOldLogEventEndIndex", 0), index("expiredLogEventEndIndex", 0));
  const std::size_t too_new = count - index("tooNewLogEventStartIndex", count);
  result.refused = std::min(too_old + too_new, count);
  if (result.refused > 0)
    result.problem = too_new > 0 ? "refused as too new: is the clock here fast?"
                                 : "refused as older than 14 days or the group's retention";
  return result;
}

}  // namespace

std::size_t batch_size(const std::deque<LogEvent>& events) {
  constexpr std::chrono::hours span{24};
  std::size_t bytes = 0;
  std::size_t count = 0;
  for (const LogEvent& event : events) {
    bytes += event.message.size() + kEventBytes;
    if (bytes > kMostBatchBytes || count == kMostBatchEvents || event.time - events.front().time >= span)
      break;
    ++count;
  }
  return count;
}

HttpRequest put_log_events(const LogPlace& place, const std::deque<LogEvent>& events, std::size_t count) {
  std::string body;
  JsonWriter json(body);
  json.begin_object();
  json.field("logGroupName", place.group);
  json.field("logStreamName", place.stream);
  json.key("logEvents");
  json.begin_array();
  for (std::size_t i = 0; i < count; ++i) {
    json.begin_object();
    json.field("timestamp", milliseconds_of(events[i].time));
    json.field("message", events[i].message);
    json.end_object();
  }
  json.end_array();
  json.end_object();
  return call("PutLogEvents", std::move(body));
}

HttpRequest create_log_stream(const LogPlace& place) {
  std::string body;
  JsonWriter json(body);
  json.begin_object();
  json.field("logGroupName", place.group);
  json.field("logStreamName", place.stream);
  json.end_object();
  return call("CreateLogStream", std::move(body));
}

CallResult read_logs_answer(const HttpReply& reply, std::size_t count, WallTime now, const AwsKeys& keys) {
  if (!reply.error.empty()) {
    const bool stopped = reply.failure == HttpFailure::interrupted;
    return {stopped ? AfterCall::later : AfterCall::again, reply.error, 0};
  }
  if (reply.status != http_status::ok) return read_error(reply, now, keys);
  const auto parsed = parse_bounded_json(reply.body, kLongestAnswer);
  const bool readable = parsed && parsed.value().is_object();
  return read_rejected(readable ? parsed.value() : nlohmann::json::object(), count);
}

}  // namespace vpcprobe
