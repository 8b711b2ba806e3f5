#include "agent/cli/lambda.h"

#include <algorithm>
#include <charconv>
#include <exception>

#include "agent/aws/arn.h"
#include "agent/base/exit_codes.h"
#include "agent/base/json_writer.h"
#include "agent/base/log.h"
#include "agent/cli/doctor_function.h"
#include "agent/cli/lambda_event.h"
#include "agent/cli/rounds.h"
#include "agent/delivery/sinks.h"
#include "agent/render/json_within.h"
#include "probes/http.h"

namespace vpcprobe {
namespace {

using std::chrono::milliseconds;

constexpr const char* kAddressVariable = "AWS_LAMBDA_RUNTIME_API";
constexpr const char* kHandlerVariable = "_HANDLER";
constexpr const char* kDoctor = "doctor";
constexpr std::size_t kLongestPayload = 6U << 20;  // AWS: "Lambda quotas", each way
constexpr milliseconds kToPost{500};               // kept of an invocation's time, for the response

/// One invocation, as the answer to `next` describes it.
struct Call {
  std::string id;
  std::string invocation_id;  ///< echoed where it came
  milliseconds time_left{};
  Place place;
  std::string event;
};

/// The time of a runtime that says none; Lambda's own default.
constexpr milliseconds kUsualTime{3000};

milliseconds time_until(std::string_view epoch_ms) {
  std::int64_t deadline = 0;
  const auto [end, error] = std::from_chars(epoch_ms.data(), epoch_ms.data() + epoch_ms.size(), deadline);
  if (error != std::errc() || end != epoch_ms.data() + epoch_ms.size() || deadline < 0) return kUsualTime;
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  return milliseconds(deadline) - std::chrono::duration_cast<milliseconds>(now);
}

Call call_of(HttpReply reply) {
  Call call;
  call.id = header_of(reply, "Lambda-Runtime-Aws-Request-Id");
  call.invocation_id = header_of(reply, "Lambda-Runtime-Invocation-Id");
  call.time_left = time_until(header_of(reply, "Lambda-Runtime-Deadline-Ms"));
  if (const auto arn = parse_arn(header_of(reply, "Lambda-Runtime-Invoked-Function-Arn")))
    call.place = {arn->region, is_account(arn->account) ? arn->account : ""};
  call.event = std::move(reply.body);
  return call;
}

std::string error_body(std::string_view type, const std::string& message) {
  std::string body;
  JsonWriter json(body);
  json.begin_object();
  json.field("errorMessage", message);
  json.field("errorType", type);
  json.key("stackTrace");
  json.begin_array();
  json.end_array();
  json.end_object();
  return body;
}

/// Linux sends a lost SYN again after 1 s (RFC 6298, 2.1): a stage that ends earlier would report one lost
/// packet as a broken network.
constexpr milliseconds kPastOneLostSyn{1250};

/// The deadline leaves time to post. A stage may take a third of it, so that a stage's timeout comes before
/// the deadline. If even one lost SYN takes longer, the deadline comes first, and nothing is judged.
void fit_into(milliseconds time_left, Options& options) {
  const milliseconds most = std::max(time_left - kToPost, time_left / 2);
  options.deadline = std::clamp(most, milliseconds(1), options.deadline);
  options.timeout = std::min(options.timeout, std::max(options.deadline / 3, kPastOneLostSyn));
}

/// The command line. Lambda gives a zip's program none: there the function's handler names the command.
std::vector<const char*> words_of(const Start& start) {
  std::vector<const char*> words(start.argv, start.argv + start.argc);
  if (words.size() == 1 && value_of(start.environment, kHandlerVariable) == kDoctor) words.push_back(kDoctor);
  return words;
}

class Runtime {
 public:
  Runtime(const Start& start, const std::atomic<bool>& stop)
      : words_(words_of(start)),
        start_{static_cast<int>(words_.size()), words_.data(), start.environment},
        stop_(stop),
        base_("http://" + std::string(start.environment(kAddressVariable)) + "/2018-06-01/runtime") {}

  int serve() {
    const auto invocation = parse_options(start_.argc, start_.argv, start_.environment);
    if (!invocation) {
      log(LogLevel::error, invocation.error().message);
      post_error("/init/error", "Runtime.InvalidOption", invocation.error().message, {});
      return kWrongUsage;
    }
    is_doctor_ = invocation.value().options.command == kDoctor;
    while (!stop_) {
      HttpReply reply = next();
      if (stop_ && !reply.error.empty()) break;
      if (!reply.error.empty() || reply.status != 200) {
        log(LogLevel::error,
            "the Lambda runtime API gives no invocation: " +
                (reply.error.empty() ? "HTTP status " + std::to_string(reply.status) : reply.error));
        return kInternalError;
      }
      if (!answer(call_of(std::move(reply)))) return kInternalError;
    }
    return kPass;
  }

 private:
  HttpReply next() const {
    HttpRequest request;
    request.url = base_ + "/invocation/next";
    request.timeout.reset();  // the process may be frozen for hours in it
    request.max_body = kLongestPayload + 1024;
    return fetch({request}, stop_).front();
  }

  /// False where Lambda says that this process must end.
  bool answer(const Call& call) const {
    const std::string path = "/invocation/" + call.id;
    try {
      auto done = is_doctor_
                      ? diagnose_event(start_, {call.event, call.time_left - kToPost, call.place}, stop_)
                      : probe(call);
      if (!done) {
        const char* type = done.error().incomplete ? "Function.Incomplete" : "Function.InvalidEvent";
        log(LogLevel::error, done.error().message);
        return post_error(path + "/error", type, done.error().message, call);
      }
      return post(path + "/response", std::move(done.value()), {}, call);
    } catch (const std::exception& failure) {
      log(LogLevel::error, std::string("internal error: ") + failure.what());
      return post_error(path + "/error", "Function.InternalError", failure.what(), call);
    }
  }

  /// The report as JSON.
  Result<std::string> probe(const Call& call) const {
    const auto begun = std::chrono::steady_clock::now();
    const auto event = read_lambda_event(call.event);
    if (!event) return event.error();
    auto invocation = parse_options(start_.argc, start_.argv, start_.environment, event.value());
    if (!invocation) return invocation.error();
    Options& options = invocation.value().options;
    fit_into(call.time_left, options);
    start_log(options.log_level);
    std::string more_roots;
    const Surroundings around{options, start_.environment, stop_, more_roots};
    Sinks sinks(around);
    auto report = Rounds(around, call.place).next(sinks.for_probing(options.deadline));
    if (!report) return report.error();
    sinks.take(report.value(), Occasion::told, begun + options.deadline);
    std::string response = render_shortened(report.value(), kLongestPayload, "response");
    if (response.empty())
      return UsageError{"the report is longer than a response may be; name fewer services"};
    return response;
  }

  bool post_error(const std::string& path, const char* type, const std::string& message,
                  const Call& call) const {
    return post(path, error_body(type, message), {"Lambda-Runtime-Function-Error-Type: " + std::string(type)},
                call);
  }

  bool post(const std::string& path, std::string body, std::vector<std::string> headers,
            const Call& call) const {
    HttpRequest request;
    request.method = "POST";
    request.url = base_ + path;
    request.headers = std::move(headers);
    request.headers.emplace_back("Content-Type: application/json");
    if (!call.invocation_id.empty())
      request.headers.push_back("Lambda-Runtime-Invocation-Id: " + call.invocation_id);
    request.body = std::move(body);
    const std::atomic<bool> never{false};  // also after a signal the answer is due
    const HttpReply reply = fetch({request}, never).front();
    constexpr long accepted = 202;
    constexpr long ends =
        500;  // AWS: "Container error. Non-recoverable state. Runtime should exit promptly."
    if (!reply.error.empty() || reply.status != accepted)
      log(LogLevel::error,
          "the Lambda runtime API does not take what was posted to " + path + ": " +
              (reply.error.empty() ? "HTTP status " + std::to_string(reply.status) : reply.error));
    return reply.status < ends && reply.status != 0;
  }

  std::vector<const char*> words_;
  Start start_;
  bool is_doctor_ = false;
  const std::atomic<bool>& stop_;
  std::string base_;
};

}  // namespace

bool serves_lambda(const Result<Invocation>& invocation, const Environment& environment) {
  const char* address = environment(kAddressVariable);
  if (address == nullptr || *address == '\0') return false;
  static const Options usual;
  if (!invocation) return true;
  const std::string& command = invocation.value().options.command;
  return invocation.value().print.empty() && (command == usual.command || command == kDoctor);
}

int serve_lambda(const Start& start, const std::atomic<bool>& stop) { return Runtime(start, stop).serve(); }

}  // namespace vpcprobe
