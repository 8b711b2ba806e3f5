// A round as CloudWatch metrics: one object in the Embedded Metric Format.
// Source: AWS, "Specification: Embedded metric format": at most 100 metrics in a directive, 30 dimensions in
// a set, 100 values of a metric; what they name are members of the root.
#include <algorithm>
#include <array>

#include "agent/aws/catalog.h"
#include "agent/base/json_writer.h"
#include "agent/render/render.h"
#include "agent/render/stage_view.h"

namespace vpcprobe {
namespace {

constexpr std::string_view kNamespace = "VpcProbe";
constexpr std::size_t kMostValues = 100;

struct Metric {
  std::string_view name;
  std::string_view unit;
  std::vector<double> values;
};

double milliseconds_of(Elapsed time) { return static_cast<double>(time.count()) / 1000; }

/// At most `kMostValues` of them, the least and the greatest included.
std::vector<double> thinned(std::vector<double> values) {
  if (values.size() <= kMostValues) return values;
  std::sort(values.begin(), values.end());
  std::vector<double> some;
  for (std::size_t i = 0; i < kMostValues; ++i)
    some.push_back(values[i * (values.size() - 1) / (kMostValues - 1)]);
  return some;
}

struct StageMetric {
  std::string_view stage;
  std::string_view metric;
};
constexpr std::array kStageMetrics{StageMetric{"name", "NameTime"}, StageMetric{"connect", "ConnectTime"},
                                   StageMetric{"tls", "TlsTime"}, StageMetric{"http", "HttpTime"}};

void add_times(std::vector<Metric>& metrics, const Report& report) {
  for (const auto& [stage, name] : kStageMetrics) {
    std::vector<double> values;
    for (const EndpointReport& endpoint : report.endpoints) {
      for (const StageView& view : stages_of(endpoint)) {
        if (view.name != stage) continue;
        for (const Elapsed time : view.times) values.push_back(milliseconds_of(time));
      }
    }
    if (!values.empty()) metrics.push_back({name, "Milliseconds", thinned(std::move(values))});
  }
}

void add_certificate_days(std::vector<Metric>& metrics, const Report& report) {
  std::optional<WallTime> first;
  for (const EndpointReport& endpoint : report.endpoints) {
    const auto end = certificate_end(endpoint);
    if (end && (!first || *end < *first)) first = end;
  }
  if (!first) return;
  const auto left = std::chrono::floor<std::chrono::hours>(*first - report.started_at);
  metrics.push_back({"CertificateDays", "None", {static_cast<double>(left.count()) / 24}});
}

double count_of(const Report& report, Severity severity) {
  return static_cast<double>(
      std::count_if(report.findings.begin(), report.findings.end(), [severity](const Finding& finding) {
        return finding.severity == severity && finding.masked_by.empty();
      }));
}

std::vector<Metric> metrics_of(const Report& report) {
  double up = 0;
  for (const EndpointReport& endpoint : report.endpoints) up += is_up(report, endpoint) ? 1 : 0;
  std::vector<Metric> metrics{
      {"Incomplete", "Count", {report.verdict == Verdict::incomplete ? 1.0 : 0.0}},
      {"Errors", "Count", {count_of(report, Severity::error)}},
      {"Warnings", "Count", {count_of(report, Severity::warning)}},
      {"EndpointsUp", "Count", {up}},
      {"EndpointsDown", "Count", {static_cast<double>(report.endpoints.size()) - up}},
      {"RoundTime", "Milliseconds", {milliseconds_of(report.duration)}},
  };
  add_times(metrics, report);
  add_certificate_days(metrics, report);
  return metrics;
}

/// Where the verdict's error is, by the units digit of the exit code: a dozen words at most.
std::string_view failing_service(const Report& report) {
  constexpr int base = 10;
  constexpr std::array<std::string_view, 4> others{"other", "target", "several"};
  if (report.verdict != Verdict::fail) return "none";
  const int unit = report.exit_code % base;
  if (unit == 0) return "task";
  for (const Service& service : services())
    if (service.exit_unit == unit) return service.id;
  return others.at(static_cast<std::size_t>(unit - 7));
}

using Dimensions = std::vector<std::vector<std::string>>;

void write_directive(JsonWriter& json, const Dimensions& dimensions, const std::vector<Metric>& metrics) {
  json.begin_object();
  json.field("Namespace", kNamespace);
  json.key("Dimensions");
  json.begin_array();
  for (const std::vector<std::string>& set : dimensions) json.value(set);
  json.end_array();
  json.key("Metrics");
  json.begin_array();
  for (const Metric& metric : metrics) {
    json.begin_object();
    json.field("Name", metric.name);
    json.field("Unit", metric.unit);
    json.end_object();
  }
  json.end_array();
  json.end_object();
}

void write_values(JsonWriter& json, const Metric& metric) {
  json.key(metric.name);
  if (metric.values.size() == 1) return json.value(metric.values.front());
  json.begin_array();
  for (const double value : metric.values) json.value(value);
  json.end_array();
}

/// What is no metric: to be found in the log, without costing anything.
void write_properties(JsonWriter& json, const Report& report) {
  json.field("verdict", to_string(report.verdict));
  json.field("exit_code", report.exit_code);
  json.field("summary", report.summary);
  json.field("task_arn", report.context.task_arn);
  std::vector<std::string> codes;
  for (const Finding& finding : report.findings) {
    if (!finding.masked_by.empty() || finding.severity == Severity::note || codes.size() >= kMostValues)
      continue;
    codes.push_back(finding.endpoint.empty() ? finding.code : finding.code + ":" + finding.endpoint);
  }
  json.field("findings", codes);
  json.field("version", report.version);
}

}  // namespace

std::string render_emf(const Report& report, const Style&) {
  // A dimension must have a value.
  Dimensions places{{"Region"}};
  if (!report.context.availability_zone.empty()) places.push_back({"Region", "Zone"});
  Dimensions with_service = places;
  for (std::vector<std::string>& set : with_service) set.emplace_back("Service");
  const Metric failed{"Failed", "Count", {report.verdict == Verdict::fail ? 1.0 : 0.0}};
  Dimensions both = places;
  both.insert(both.end(), with_service.begin(), with_service.end());
  const std::vector<Metric> metrics = metrics_of(report);

  std::string line;
  JsonWriter json(line);
  json.begin_object();
  json.key("_aws");
  json.begin_object();
  json.field(
      "Timestamp",
      std::int64_t{
          std::chrono::floor<std::chrono::milliseconds>(report.started_at.time_since_epoch()).count()});
  json.key("CloudWatchMetrics");
  json.begin_array();
  write_directive(json, both, {failed});
  write_directive(json, places, metrics);
  json.end_array();
  json.end_object();
  json.field("Region", report.context.region);
  if (!report.context.availability_zone.empty()) json.field("Zone", report.context.availability_zone);
  json.field("Service", failing_service(report));
  write_values(json, failed);
  for (const Metric& metric : metrics) write_values(json, metric);
  write_properties(json, report);
  json.end_object();
  return line + '\n';
}

}  // namespace vpcprobe
