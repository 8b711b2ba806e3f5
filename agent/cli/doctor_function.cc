#include "agent/cli/doctor_function.h"

#include <algorithm>
#include <array>
#include <ctime>

#include "agent/aws/catalog.h"
#include "agent/base/joined.h"
#include "agent/base/json_writer.h"
#include "agent/base/log.h"
#include "agent/base/pause.h"
#include "agent/base/quoted.h"
#include "agent/cli/doctor.h"
#include "agent/cli/doctor_by_api.h"
#include "agent/cli/lambda_event.h"
#include "agent/cli/state_parameter.h"
#include "agent/delivery/destinations.h"
#include "agent/doctor/ecs_event.h"
#include "agent/doctor/fault_state.h"
#include "agent/render/diagnosis_within.h"

namespace vpcprobe {
namespace {

using std::chrono::milliseconds;
using Clock = std::chrono::steady_clock;

constexpr std::size_t kLongestResponse = 5U << 20;  // AWS: 6 MB, "Lambda quotas"
constexpr milliseconds kToSend{10'000};
constexpr std::array<std::string_view, 3> kSayings{"nothing", "fault", "over"};

UnixSeconds unix_time() {
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  return std::chrono::duration_cast<std::chrono::seconds>(now).count();
}

/// Reading, probing and deleting what the probes needed fit into the invocation's time, and the sending
/// after the first two.
void fit_into(milliseconds left, Options& options) {
  const milliseconds usable = left - std::min(kToSend, left / 4);
  options.deadline = std::clamp(usable, milliseconds(1), options.deadline);
  options.wait_for = std::clamp((usable - options.deadline) / 2, milliseconds(1), options.wait_for);
}

std::string subject_of(const Options& options) {
  std::string cluster = cluster_in_arn(options.service.empty() ? options.task : options.service);
  if (!options.cluster.empty()) cluster = name_in_arn(options.cluster);
  if (!options.service.empty()) return cluster + "/" + name_in_arn(options.service);
  if (!options.task.empty()) return cluster + "/task:" + name_in_arn(options.task);
  return joined(options.subnet_ids, "+");
}

/// An event about a service is not about the task that the function's variables name, and the
/// reverse.
void leave_only_said(const DoctorEvent& event, Options& options) {
  const auto says = [&](std::string_view name) {
    return std::any_of(event.options.begin(), event.options.end(),
                       [&](const SaidOption& option) { return option.name == name; });
  };
  if (!says("service")) options.service.clear();
  if (!says("task")) options.task.clear();
}

/// "c1/web"; not "c1/family:migrate", "c1/task:0123".
bool is_service(const std::string& subject) {
  return subject.find('/') != std::string::npos && subject.find(':') == std::string::npos;
}

/// "vpc-probe/c1/web/20261127T084000Z.html".
std::string page_key(std::string subject, UnixSeconds time) {
  std::replace_if(
      subject.begin(), subject.end(), [](char c) { return c == ':' || c == '+'; }, '-');
  const std::time_t seconds = time;
  std::tm utc{};
  gmtime_r(&seconds, &utc);
  std::array<char, 32> text{};
  std::strftime(text.data(), text.size(), "%Y%m%dT%H%M%SZ", &utc);
  return "vpc-probe/" + subject + "/" + text.data() + ".html";
}

/// `warnings`: what is wrong with the state.
std::string response_of(const std::string& subject, Saying saying, const std::string& why,
                        const std::string& diagnosis, const std::vector<std::string>& warnings = {}) {
  std::string text;
  JsonWriter json(text);
  json.begin_object();
  json.field_or_null("subject", subject);
  json.field("said", kSayings.at(static_cast<std::size_t>(saying)));
  json.field_or_null("why", why);
  json.field("warnings", warnings);
  json.key("diagnosis");
  text += diagnosis.empty() ? "null" : diagnosis;
  json.end_object();
  return text;
}

/// One invocation: its calls, its state, its diagnoses.
class Invoked {
 public:
  Invoked(const Start& start, const DoctorCall& call, const Options& options, const std::atomic<bool>& stop)
      : start_(start), call_(call), options_(options), stop_(stop), end_(Clock::now() + call.time_left) {}

  Result<std::string> answer(const DoctorEvent& event) {
    const auto access = open_api(around(options_), {}, Clock::now() + options_.deadline);
    if (!access) return access.error();
    region_ = access.value().region;
    ApiClient client(
        {.region = region_, .keys = access.value().keys, .trust = access.value().trust.get(), .end = end_},
        stop_);
    client_ = &client;
    if (!options_.notify.empty()) {
      parameter_.emplace(client, options_.state);
      auto read = parameter_->read(unix_time());
      if (!read) return read.error();
      state_ = std::move(read.value());
    }
    const bool is_about_all = event.subject.empty() && !options_.notify.empty();
    return is_about_all ? look_again() : visit(event, options_);
  }

 private:
  std::vector<std::string> warnings() const {
    return parameter_ ? parameter_->warnings() : std::vector<std::string>();
  }
  Surroundings around(const Options& options) { return {options, start_.environment, stop_, more_roots_}; }

  Result<std::string> visit(const DoctorEvent& event, Options options) {
    if (const std::string why = passed_over(event, state_[event.subject]); !why.empty())
      return response_of(event.subject, Saying::nothing, why, "", warnings());
    fit_into(time_left(end_), options);
    const UnixSeconds now = unix_time();
    std::string response;
    const auto taken = diagnose_by_api(around(options), [&](const Diagnosis& diagnosis) -> Result<int> {
      auto told = tell(diagnosis, event, now);
      if (!told) return told.error();
      response = std::move(told.value());
      return diagnosis.exit_code;
    });
    if (!taken) return taken.error();
    return response;
  }

  /// An event that names no service, such as a schedule, asks about each service with an open fault: so its
  /// end is said, also where no event of it came.
  Result<std::string> look_again() {
    std::vector<std::string> subjects;
    for (const auto& [subject, service] : state_)
      if (service.is_open && is_service(subject)) subjects.push_back(subject);
    if (subjects.empty())
      return response_of("", Saying::nothing, "no service has an open fault", "", warnings());
    std::string list;
    std::optional<UsageError> failed;
    for (const std::string& subject : subjects) {
      if (stop_ || time_left(end_) < kToSend) break;  // the next schedule goes on
      const std::size_t slash = subject.find('/');
      Options options = options_;
      options.cluster = subject.substr(0, slash);
      options.service = subject.substr(slash + 1);
      DoctorEvent event;
      event.subject = subject;
      auto answer = visit(event, options);
      if (!answer) failed = answer.error();
      if (answer) list += (list.empty() ? "" : ",") + answer.value();
    }
    if (failed) return *failed;
    return "[" + list + "]";
  }

  /// Says what is new and keeps it. It is sent first and kept then: if the process ends between the two, the
  /// message comes twice, and not never.
  Result<std::string> tell(const Diagnosis& diagnosis, const DoctorEvent& event, UnixSeconds now) {
    const std::string json = diagnosis_json_within(diagnosis, kLongestResponse);
    if (options_.notify.empty())
      return response_of(event.subject, Saying::nothing, "no --notify says where to", json);
    ServiceState& service = state_[event.subject];
    Decision decision = decide(diagnosis, event, service, now);
    std::string problem;
    if (decision.saying != Saying::nothing) {
      const auto destinations = destinations_of(decision, service);
      const std::vector<Unsent> unsent = send(diagnosis, decision, event.subject, destinations, now);
      decision.next.unsent.clear();
      for (const Unsent& one : unsent) {
        decision.next.unsent.push_back(one.key);
        problem += (problem.empty() ? "" : "; ") + one.why;
      }
      if (!unsent.empty() && unsent.size() == destinations.size()) return UsageError{problem, true};
      // Who lacked the message is no destination any more.
      if (destinations.empty()) decision.saying = Saying::nothing;
    }
    service = std::move(decision.next);
    if (const auto wrong = parameter_->write(state_, now)) return *wrong;
    if (!problem.empty()) return UsageError{problem, true};
    const bool is_silent = decision.saying == Saying::nothing;
    return response_of(event.subject, decision.saying,
                       is_silent ? "nothing is new since the last message" : "", json, warnings());
  }

  /// All, or those that did not get the last message.
  std::vector<Destination> destinations_of(const Decision& decision, const ServiceState& service) const {
    std::vector<Destination> chosen = options_.notify;
    const auto& lacking = service.unsent;
    if (decision.only_unsent)
      std::erase_if(chosen, [&](const Destination& one) {
        return std::find(lacking.begin(), lacking.end(), destination_key(one)) == lacking.end();
      });
    return chosen;
  }

  std::vector<Unsent> send(const Diagnosis& diagnosis, const Decision& decision, const std::string& subject,
                           const std::vector<Destination>& destinations, UnixSeconds now) const {
    const Alert alert{.service = subject,
                      .service_arn = service_arn(subject),
                      .is_over = decision.saying == Saying::over,
                      .page = "",
                      .diagnosis = diagnosis};
    return send_alert([&](const ApiCallRequest& request) { return client_->call(request); }, destinations,
                      alert, page_key(subject, now));
  }

  /// Empty for what is no service, and where the account is not known.
  std::string service_arn(const std::string& subject) const {
    const Partition* partition = find_partition(region_);
    if (!is_service(subject) || call_.place.account.empty() || partition == nullptr) return {};
    return "arn:" + std::string(partition->id) + ":ecs:" + region_ + ":" + call_.place.account + ":service/" +
           subject;
  }

  const Start& start_;
  const DoctorCall& call_;
  const Options& options_;
  const std::atomic<bool>& stop_;
  Clock::time_point end_;
  std::string more_roots_;
  std::string region_;
  ApiClient* client_ = nullptr;
  std::optional<StateParameter> parameter_;  // only where it says something
  FaultState state_;
};

}  // namespace

Result<std::string> diagnose_event(const Start& start, const DoctorCall& call,
                                   const std::atomic<bool>& stop) {
  const auto of_aws = read_ecs_event(call.event);
  if (!of_aws) return of_aws.error();
  DoctorEvent event = of_aws.value().value_or(DoctorEvent{});
  if (!of_aws.value()) {
    auto said = read_lambda_event(call.event);
    if (!said) return said.error();
    event.options = std::move(said.value());
  }
  auto invocation = parse_options(start.argc, start.argv, start.environment, event.options);
  if (!invocation) return invocation.error();
  Options& options = invocation.value().options;
  start_log(options.log_level);
  if (!event.nothing.empty()) return response_of(event.subject, Saying::nothing, event.nothing, "");
  const std::string& own = call.place.account;
  if (!event.account.empty() && !own.empty() && event.account != own)
    return UsageError{"the event is of account " + in_quotes(event.account) +
                      ", and the function's rights are those of " + own};
  if (event.subject.empty())
    event.subject = subject_of(options);
  else
    leave_only_said(event, options);
  options.yes = true;  // whoever gave the function --probe has decided
  return Invoked(start, call, options, stop).answer(event);
}

}  // namespace vpcprobe
