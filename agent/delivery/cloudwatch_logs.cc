// The sink that needs no log driver: PutLogEvents, signed with the task's credentials.
#include <unistd.h>

#include <algorithm>
#include <array>

#include "agent/aws/catalog.h"
#include "agent/base/log.h"
#include "agent/base/pause.h"
#include "agent/base/schedule.h"
#include "agent/calls/credentials.h"
#include "agent/delivery/log_batches.h"
#include "agent/delivery/sinks.h"
#include "agent/diagnosis/words.h"
#include "agent/render/json_within.h"
#include "agent/render/render.h"
#include "probes/handshake.h"

namespace vpcprobe {
namespace {

using Clock = std::chrono::steady_clock;
using std::chrono::milliseconds;

constexpr std::string_view kLogsService = "logs";
constexpr std::size_t kMostWaiting = 100;
constexpr std::size_t kMostWaitingBytes = 4 * kMostBatchBytes;
constexpr unsigned kMostTries = 4;
constexpr milliseconds kFirstPause{200};
constexpr milliseconds kShortTry{1000};

/// Named after the task, else after the machine: a task's log streams stand together.
std::string usual_stream(const ReportContext& context) {
  std::string name = context.task_arn.substr(context.task_arn.rfind('/') + 1);
  if (name.empty()) {
    std::array<char, 256> host{};
    if (gethostname(host.data(), host.size() - 1) == 0) name = host.data();
  }
  return "vpc-probe/" + (name.empty() ? "unnamed" : name);
}

/// The address that reached the furthest stage; null without any. A new DNS lookup could outlast the
/// deadline.
const AddressReport* best_address(const EndpointReport& endpoint) {
  const auto reached = [](const AddressReport& address) {
    return (address.seen.tls ? 1 : 0) + (address.seen.http ? 1 : 0);
  };
  const auto best = std::max_element(endpoint.addresses.begin(), endpoint.addresses.end(),
                                     [&](auto& a, auto& b) { return reached(a) < reached(b); });
  return best == endpoint.addresses.end() ? nullptr : &*best;
}

class CloudWatchLogs : public Sink {
 public:
  CloudWatchLogs(const SinkChoice& choice, const Surroundings& around)
      : name_(choice.text), place_(choice.log_place), around_(around), jitter_(random_seed()) {}

  void take(const Report& report, Occasion occasion, Deadline until) override {
    look_at(report.context);
    if (is_metrics() ? occasion != Occasion::again : occasion != Occasion::untold) keep(report);
    // If the probe just found the path closed: one short try, or none without an address.
    const EndpointReport* seen = seen_in(report);
    const AddressReport* address = seen == nullptr ? nullptr : best_address(*seen);
    const bool closed = seen != nullptr && (address == nullptr || !address->seen.http);
    peer_.reset();
    if (address != nullptr) peer_ = SocketAddress{address->seen.address, seen->port};
    tries_left_ = closed ? 1 : kMostTries;
    patience_ = closed ? std::min(around_.options.timeout, kShortTry) : 2 * around_.options.timeout;
    until_ = until;
    stop_ = around_.stop ? &never_ : &around_.stop;
    std::string problem;
    if (seen != nullptr && address == nullptr) problem = "no address for " + host_;
    if (closed && around_.stop) problem = problem_.empty() ? "the endpoint cannot be reached" : problem_;
    while (problem.empty() && !waiting_.empty()) problem = send();
    say(std::move(problem));
  }

  std::optional<SinkNote> note() const override {
    if (waiting_.empty() && lost_ == 0) return std::nullopt;
    return SinkNote{name_, static_cast<std::int64_t>(waiting_.size()), lost_,
                    problem_.empty() ? last_loss_ : problem_};
  }

  std::string take_back() override {
    if (waiting_.empty()) return {};
    log(LogLevel::error, name_ + ": not delivered: " + count_words(waiting_.size(), "report"));
    std::string lines;
    for (const LogEvent& event : waiting_) lines += event.message + "\n";
    waiting_.clear();
    return lines;
  }

 private:
  bool is_metrics() const { return around_.options.format == Format::emf; }

  void look_at(const ReportContext& context) {
    region_ = context.region;
    if (place_.stream.empty()) place_.stream = usual_stream(context);
    const Service& service = *find_service(kLogsService);
    const Partition& partition = *find_partition(region_);
    const HostForm form =
        form_served(service, partition, region_, {around_.options.fips, around_.options.dualstack});
    HostValues values;
    values.region = region_;
    host_ = expand(host_template(service, partition, region_, form), partition, values);
  }

  /// What the round has just seen of the host; null where it was not probed.
  const EndpointReport* seen_in(const Report& report) const {
    const auto found = std::find_if(report.endpoints.begin(), report.endpoints.end(),
                                    [&](const EndpointReport& endpoint) { return endpoint.host == host_; });
    return found == report.endpoints.end() ? nullptr : &*found;
  }

  void keep(const Report& report) {
    std::string message =
        is_metrics() ? render_emf(report, {}) : render_shortened(report, kMostMessageBytes + 1, name_);
    if (!message.empty()) message.pop_back();  // the line's end
    if (message.empty() || message.size() > kMostMessageBytes)
      return lose(1, "it is longer than a log event may be");
    // Events must be in order of time, even if the clock was set back.
    const WallTime time =
        waiting_.empty() ? report.started_at : std::max(report.started_at, waiting_.back().time);
    waiting_bytes_ += message.size();
    waiting_.push_back({time, std::move(message)});
    while (waiting_.size() > kMostWaiting || waiting_bytes_ > kMostWaitingBytes) {
      drop(1);
      lose(1, "more reports wait than are kept");
    }
  }

  void drop(std::size_t count) {
    for (std::size_t i = 0; i < count; ++i) {
      waiting_bytes_ -= waiting_.front().message.size();
      waiting_.pop_front();
    }
  }

  void lose(std::size_t count, std::string why) {
    lost_ += static_cast<std::int64_t>(count);
    log(LogLevel::error, name_ + ": " + count_words(count, "report") + " lost: " + why);
    last_loss_ = std::move(why);
  }

  milliseconds left() const { return time_left(until_); }

  /// Sends one batch. Returns why it still waits, or nothing.
  std::string send() {
    const std::size_t count = batch_size(waiting_);
    CallResult result = call(put_log_events(place_, waiting_, count), count);
    if (result.after == AfterCall::create_stream) {
      result = call(create_log_stream(place_), 0);
      // The log group does not exist either.
      if (result.after == AfterCall::create_stream) return result.problem + group_words();
      if (result.after == AfterCall::done) return --tries_left_ > 0 ? "" : "the log stream does not appear";
    }
    switch (result.after) {
      case AfterCall::done:
        drop(count);
        if (result.refused > 0) lose(result.refused, result.problem);
        return {};
      case AfterCall::never:
        drop(count);
        lose(count, result.problem);
        return {};
      case AfterCall::renew_credentials:
        credentials_.reset();
        [[fallthrough]];
      case AfterCall::again:
        return has_another_try() ? "" : result.problem;
      default:
        return result.problem;
    }
  }

  std::string group_words() const {
    return " (log group " + place_.group + "; a group with slashes and a stream are written GROUP:STREAM)";
  }

  /// Counts a try and pauses before the next one, if there may be one.
  bool has_another_try() {
    const unsigned tried = kMostTries - --tries_left_;
    const auto pause = std::chrono::duration_cast<milliseconds>(kFirstPause * (1U << (tried - 1)) *
                                                                (0.5 + jitter_.next() / 2));
    if (tries_left_ == 0 || *stop_ || left() <= pause) return false;
    pause_for(pause, *stop_);
    return !*stop_;
  }

  CallResult call(HttpRequest request, std::size_t count) {
    if (left() <= milliseconds(0)) return {AfterCall::later, "the deadline came first", 0};
    if (const std::string problem = renew_credentials(); !problem.empty())
      return {AfterCall::later, problem, 0};
    if (!trust_) trust_ = std::make_unique<TlsContext>(around_.more_roots);
    request.url = "https://" + host_ + "/";
    request.timeout = std::min(left(), patience_);
    request.trust = trust_.get();
    request.peer = peer_;
    request.signing = Signing{credentials_->keys, region_, std::string(kLogsService)};
    if (is_metrics() && count > 0) request.headers.emplace_back("x-amzn-logs-format: json/emf");
    return read_logs_answer(fetch({request}, *stop_).front(), count, std::chrono::system_clock::now(),
                            credentials_->keys);
  }

  /// Returns why there are none, or nothing.
  std::string renew_credentials() {
    constexpr std::chrono::minutes margin{5};  // as AWS's SDKs do
    const bool good =
        credentials_ && (!credentials_->seen.expires ||
                         *credentials_->seen.expires > std::chrono::system_clock::now() + margin);
    if (!good) credentials_ = gather_credentials(around_.environment, *stop_, left());
    if (credentials_->seen.status == CredentialsStatus::ok) return {};
    std::string problem = "no credentials: " + credentials_->seen.problem;
    credentials_.reset();
    return problem;
  }

  /// Logs when reports begin to wait, and when all are delivered again.
  void say(std::string problem) {
    // The end comes at once, and says what is left.
    const bool interrupted = !problem.empty() && stop_ == &around_.stop && around_.stop;
    if (problem != problem_ && !interrupted) {
      if (problem.empty()) {
        log(LogLevel::info, name_ + ": delivered again");
      } else {
        const bool begins = problem_.empty();
        log(begins ? LogLevel::error : LogLevel::info, name_ + ": not delivered yet: " + problem);
      }
    }
    problem_ = std::move(problem);
  }

  std::string name_;
  LogPlace place_;
  const Surroundings& around_;
  Jitter jitter_;
  std::string region_;
  std::string host_;
  std::deque<LogEvent> waiting_;
  std::size_t waiting_bytes_ = 0;
  std::int64_t lost_ = 0;
  std::string problem_;    ///< why something waits
  std::string last_loss_;  ///< why something was lost
  std::unique_ptr<TlsContext> trust_;
  std::optional<Credentials> credentials_;
  // Of the present delivery:
  Deadline until_;
  unsigned tries_left_ = kMostTries;
  milliseconds patience_{};            ///< of one call
  std::optional<SocketAddress> peer_;  ///< empty: what libcurl's own resolver finds
  const std::atomic<bool>* stop_ = nullptr;
  const std::atomic<bool> never_{false};
};

}  // namespace

std::unique_ptr<Sink> open_cloudwatch_logs(const SinkChoice& choice, const Surroundings& around) {
  return std::make_unique<CloudWatchLogs>(choice, around);
}

}  // namespace vpcprobe
