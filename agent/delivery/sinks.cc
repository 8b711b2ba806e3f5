#include "agent/delivery/sinks.h"

#include <algorithm>
#include <array>
#include <exception>

#include "agent/base/joined.h"
#include "agent/base/log.h"
#include "agent/base/nearest.h"
#include "agent/delivery/console.h"
#include "agent/task/log_stream.h"

namespace vpcprobe {
namespace {

using std::chrono::milliseconds;

std::string read_stdout(SinkChoice& choice, std::string_view argument) {
  if (argument.empty()) return {};
  const auto format = format_named(argument);
  const auto names = names_of(kStdoutFormats);
  if (!format || !kStdoutFormats.holds(*format))
    return "stdout:FORMAT takes " + joined(names, ", ") + did_you_mean(argument, names);
  choice.format = *format;
  return {};
}

std::string read_path(SinkChoice& choice, std::string_view argument) {
  if (argument.empty()) return "no file; write file:PATH";
  choice.path = argument;
  return {};
}

std::string read_log_place(SinkChoice& choice, std::string_view argument) {
  const auto place = parse_log_place(argument);
  if (!place) return place.error().message;
  choice.log_place = place.value();
  return {};
}

std::string read_metrics_address(SinkChoice& choice, std::string_view argument) {
  const bool port_only =
      !argument.empty() && argument.find_first_not_of("0123456789") == std::string_view::npos;
  const auto address =
      SocketAddress::parse(port_only ? "127.0.0.1:" + std::string(argument) : std::string(argument), 0);
  if (!address || address->port == 0)
    return "no address; write openmetrics:9464, openmetrics:0.0.0.0:9464 or openmetrics:[::]:9464";
  choice.address = *address;
  return {};
}

constexpr std::string_view kStdout = "stdout";
constexpr std::string_view kFile = "file";

const SinkKind* find_kind(std::string_view name) {
  const auto kinds = sink_kinds();
  const auto found =
      std::find_if(kinds.begin(), kinds.end(), [&](const SinkKind& row) { return row.name == name; });
  return found == kinds.end() ? nullptr : &*found;
}

std::vector<SinkChoice> chosen(const Options& options) {
  std::vector<SinkChoice> choices = options.sinks;
  if (!options.output.empty()) {
    SinkChoice file{"file:" + options.output, std::string(kFile)};
    file.path = options.output;
    choices.push_back(std::move(file));
  }
  if (choices.empty()) choices.push_back({std::string(kStdout), std::string(kStdout)});
  // What cannot block comes first.
  std::stable_partition(choices.begin(), choices.end(),
                        [](const SinkChoice& choice) { return !find_kind(choice.kind)->sends; });
  return choices;
}

}  // namespace

std::span<const SinkKind> sink_kinds() {
  static const std::string stdout_form = "stdout[:" + joined(names_of(kStdoutFormats), "|") + "]";
  static const std::array kinds{
      SinkKind{"stdout", stdout_form, "the default, in --format", false, read_stdout, open_stdout},
      SinkKind{"file", "file:PATH", "the last report, in --format; whole or not at all", false, read_path,
               open_file},
      SinkKind{"openmetrics", "openmetrics:[ADDR:]PORT", "GET /metrics while wait or watch runs; 127.0.0.1",
               false, read_metrics_address, open_metrics_page},
      SinkKind{"cloudwatch-logs", "cloudwatch-logs:GROUP[:STREAM]",
               "by PutLogEvents; GROUP/STREAM too where GROUP has no slash", true, read_log_place,
               open_cloudwatch_logs},
  };
  return kinds;
}

std::string read_sink(Options& options, std::string_view value) {
  const std::string_view name = value.substr(0, value.find(':'));
  const SinkKind* kind = find_kind(name);
  if (kind == nullptr) {
    std::vector<std::string_view> names;
    std::string forms;
    for (const SinkKind& row : sink_kinds()) {
      names.push_back(row.name);
      forms.append(forms.empty() ? "" : ", ").append(row.form);
    }
    return "must be one of " + forms + did_you_mean(name, names);
  }
  SinkChoice choice{std::string(value), std::string(name)};
  const std::string_view argument = name.size() == value.size() ? "" : value.substr(name.size() + 1);
  std::string wrong = kind->read(choice, argument);
  const auto same = [&](const SinkChoice& other) { return other.text == choice.text; };
  if (wrong.empty() && std::none_of(options.sinks.begin(), options.sinks.end(), same))
    options.sinks.push_back(std::move(choice));
  return wrong;
}

Sinks::Sinks(const Surroundings& around) : around_(around) {
  for (const SinkChoice& choice : chosen(around.options)) {
    const SinkKind& kind = *find_kind(choice.kind);
    sinks_.push_back(kind.open(choice, around));
    sends_ = sends_ || kind.sends;
    has_stdout_ = has_stdout_ || kind.name == kStdout;
  }
}

Sinks::~Sinks() {
  try {
    give_back();
  } catch (const std::exception& failure) {
    log(LogLevel::error, std::string("reports that were not delivered are lost: ") + failure.what());
  }
}

milliseconds Sinks::for_probing(milliseconds deadline) const {
  constexpr milliseconds most{2000};
  return sends_ ? deadline - std::min(deadline / 5, most) : deadline;
}

void Sinks::take(Report& report, Occasion occasion, Sink::Deadline until) {
  constexpr milliseconds after_signal{300};
  if (around_.stop) until = std::min(until, std::chrono::steady_clock::now() + after_signal);
  report.sinks.clear();
  for (const auto& sink : sinks_) {
    if (auto note = sink->note()) report.sinks.push_back(std::move(*note));
  }
  for (const auto& sink : sinks_) sink->take(report, occasion, until);
  until_ = until;
}

void Sinks::give_back() {
  for (const auto& sink : sinks_) {
    const std::string lines = sink->take_back();
    if (!lines.empty() && !has_stdout_) write_to_stdout(lines, until_);
  }
}

}  // namespace vpcprobe
