// The last round as a page for Prometheus and whoever else reads OpenMetrics.
// Gauges only, so that the page is valid both as OpenMetrics 1.0 and in Prometheus' older text format.
#include "agent/render/openmetrics.h"

#include <algorithm>
#include <array>
#include <map>

#include "agent/base/json_writer.h"
#include "agent/base/printable.h"
#include "agent/render/stage_view.h"

namespace vpcprobe {
namespace {

/// A label's value: OpenMetrics escapes the backslash, the quote and the line end; the last is no printable.
std::string label(std::string_view name, std::string_view value) {
  std::string text(name);
  text += "=\"";
  for (const char c : printable(value, true)) {
    if (c == '\\' || c == '"') text += '\\';
    text += c;
  }
  return text + "\"";
}

class PageOfMetrics {
 public:
  void family(std::string_view name, std::string_view unit, std::string_view help) {
    name_ = "vpc_probe_" + std::string(name);
    text_ += "# HELP " + name_ + " ";
    text_.append(help).append("\n# TYPE ").append(name_).append(" gauge\n");
    if (!unit.empty()) text_.append("# UNIT ").append(name_).append(" ").append(unit).append("\n");
  }
  void sample(const std::vector<std::string>& labels, double value) {
    text_ += name_;
    for (std::size_t i = 0; i < labels.size(); ++i) text_.append(i == 0 ? "{" : ",").append(labels[i]);
    if (!labels.empty()) text_ += '}';
    text_ += ' ';
    append_shortest(text_, value);
    text_ += '\n';
  }
  void one(std::string_view name, std::string_view unit, std::string_view help, double value) {
    family(name, unit, help);
    sample({}, value);
  }
  std::string finish() && { return std::move(text_) + "# EOF\n"; }

 private:
  std::string name_;
  std::string text_;
};

double seconds_of(Elapsed time) { return static_cast<double>(time.count()) / 1e6; }
double seconds_of(WallTime time) {
  const auto since = std::chrono::floor<std::chrono::milliseconds>(time.time_since_epoch());
  return static_cast<double>(since.count()) / 1e3;
}

void write_round(PageOfMetrics& page, const Report& report) {
  page.family("build_info", "", "The version, where it runs.");
  page.sample({label("version", report.version), label("region", report.context.region),
               label("zone", report.context.availability_zone)},
              1);
  page.family("verdict", "", "1 for the verdict of the last round, 0 for the others.");
  for (const Verdict verdict : {Verdict::pass, Verdict::warn, Verdict::fail, Verdict::incomplete})
    page.sample({label("verdict", to_string(verdict))}, report.verdict == verdict ? 1 : 0);
  page.one("exit_code", "", "Exit code of the last round: stage and service, 0 for pass.", report.exit_code);
  page.one("round", "", "Number of the last round, from 1.",
           report.history ? static_cast<double>(report.history->round) : 1);
  page.one("round_start_timestamp_seconds", "seconds", "When the last round began.",
           seconds_of(report.started_at));
  page.one("round_duration_seconds", "seconds", "How long the last round took.", seconds_of(report.duration));
}

void write_endpoints(PageOfMetrics& page, const Report& report) {
  page.family("endpoint_up", "", "1 if the endpoint serves, 0 if an error is about it.");
  for (const EndpointReport& endpoint : report.endpoints)
    page.sample({label("endpoint", endpoint.id)}, is_up(report, endpoint) ? 1 : 0);
  page.family("stage_up", "", "1 if the stage went well at every address that got to it.");
  for (const EndpointReport& endpoint : report.endpoints)
    for (const StageView& stage : stages_of(endpoint))
      page.sample({label("endpoint", endpoint.id), label("stage", stage.name)}, stage.up ? 1 : 0);
  page.family("stage_duration_seconds", "seconds", "The longest time the stage took where it went well.");
  for (const EndpointReport& endpoint : report.endpoints)
    for (const StageView& stage : stages_of(endpoint))
      if (!stage.times.empty())
        page.sample({label("endpoint", endpoint.id), label("stage", stage.name)},
                    seconds_of(*std::max_element(stage.times.begin(), stage.times.end())));
  page.family("certificate_expiry_timestamp_seconds", "seconds",
              "When the first certificate of the endpoint's chains is over.");
  for (const EndpointReport& endpoint : report.endpoints)
    if (const auto end = certificate_end(endpoint))
      page.sample({label("endpoint", endpoint.id)}, seconds_of(*end));
}

std::string_view stage_name(int stage) {
  static constexpr std::array<std::string_view, 7> names{"none", "name",       "connect", "tls",
                                                         "http", "permission", "object"};
  return names.at(static_cast<std::size_t>(std::clamp(stage, 0, 6)));
}

/// Errors of each endpoint's network stages are always there, so that an alert sees a zero.
void write_findings(PageOfMetrics& page, const Report& report) {
  std::map<std::array<std::string, 3>, int> counts;  // endpoint, stage, severity
  const std::string error(to_string(Severity::error));
  for (const EndpointReport& endpoint : report.endpoints)
    for (const std::string_view stage : stage_names()) counts[{endpoint.id, std::string(stage), error}] = 0;
  for (const Finding& finding : report.findings) {
    if (finding.masked_by.empty())
      ++counts[{finding.endpoint, std::string(stage_name(finding.stage)),
                std::string(to_string(finding.severity))}];
  }
  page.family("findings", "", "Findings that are no mere consequence; without endpoint: of the whole task.");
  for (const auto& [key, count] : counts)
    page.sample({label("endpoint", key[0]), label("stage", key[1]), label("severity", key[2])}, count);
}

void write_sinks(PageOfMetrics& page, const Report& report) {
  if (report.sinks.empty()) return;
  page.family("sink_waiting_reports", "reports", "Reports that this sink did not take yet.");
  for (const SinkNote& note : report.sinks)
    page.sample({label("sink", note.sink)}, static_cast<double>(note.waiting));
  page.family("sink_lost_reports", "reports", "Reports that were given up since the start.");
  for (const SinkNote& note : report.sinks)
    page.sample({label("sink", note.sink)}, static_cast<double>(note.lost));
}

}  // namespace

std::string render_openmetrics(const Report& report) {
  PageOfMetrics page;
  write_round(page, report);
  write_endpoints(page, report);
  write_findings(page, report);
  write_sinks(page, report);
  return std::move(page).finish();
}

}  // namespace vpcprobe
