// Serves GET /metrics; Prometheus pulls.
#include "agent/render/openmetrics.h"

#include "agent/base/log.h"
#include "agent/delivery/sinks.h"
#include "probes/notice.h"

namespace vpcprobe {
namespace {

class MetricsPage : public Sink {
 public:
  explicit MetricsPage(const SinkChoice& choice) : name_(choice.text), address_(choice.address) {
    page_.set("# EOF\n");  // until the first round is over
    offer();
  }

  void take(const Report& report, Occasion /*occasion*/, Deadline /*until*/) override {
    page_.set(render_openmetrics(report));
    if (!problem_.empty()) offer();
  }

  std::optional<SinkNote> note() const override {
    if (problem_.empty()) return std::nullopt;
    return SinkNote{name_, 0, 0, problem_};
  }

 private:
  void offer() {
    std::string problem = board_.offer_over_http(address_, page_, kOpenMetricsType);
    if (!problem.empty() && problem != problem_)
      log(LogLevel::error, "no metrics at " + address_.to_string() + ": " + problem);
    problem_ = std::move(problem);
  }

  std::string name_;
  SocketAddress address_;
  Notice page_;
  NoticeBoard board_;
  std::string problem_;
};

}  // namespace

std::unique_ptr<Sink> open_metrics_page(const SinkChoice& choice, const Surroundings& around) {
  if (around.options.command == "run")
    log(LogLevel::warn,
        "--sink " + choice.text + ": run ends before anybody could ask; it is for watch and wait");
  return std::make_unique<MetricsPage>(choice);
}

}  // namespace vpcprobe
