// The one file that knows spdlog.
#include "agent/log.h"

#include <spdlog/details/null_mutex.h>
#include <spdlog/sinks/base_sink.h>
#include <spdlog/sinks/stdout_color_sinks.h>
#include <spdlog/spdlog.h>
#include <unistd.h>

#include <memory>

#include "agent/output.h"

namespace vpcprobe {
namespace {

/// stderr where it is no terminal: a reader that stopped reading holds up one line for a moment, and no more.
class PatientStderr : public spdlog::sinks::base_sink<spdlog::details::null_mutex> {
 protected:
  void sink_it_(const spdlog::details::log_msg& message) override {
    constexpr std::chrono::milliseconds patience{100};
    if (stuck_) return;
    spdlog::memory_buf_t line;
    formatter_->format(message, line);
    stuck_ = !write_within(STDERR_FILENO, {line.data(), line.size()}, patience);
  }
  void flush_() override {}

 private:
  bool stuck_ = false;
};

spdlog::sink_ptr stderr_sink() {
  if (isatty(STDERR_FILENO) == 1) return std::make_shared<spdlog::sinks::stderr_color_sink_st>();
  return std::make_shared<PatientStderr>();
}

}  // namespace

void start_log(const std::string& level) {
  auto logger = std::make_shared<spdlog::logger>("vpc-probe", stderr_sink());
  logger->set_pattern("%n: %^%l%$: %v");
  logger->set_level(spdlog::level::from_str(level));
  spdlog::set_default_logger(std::move(logger));
}

void log(LogLevel level, std::string_view message) {
  static constexpr spdlog::level::level_enum kLevels[] = {spdlog::level::debug, spdlog::level::info,
                                                          spdlog::level::warn, spdlog::level::err};
  spdlog::default_logger_raw()->log(kLevels[static_cast<int>(level)],
                                    spdlog::string_view_t(message.data(), message.size()));
}

}  // namespace vpcprobe
