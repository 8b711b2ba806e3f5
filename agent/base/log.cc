// The one file that knows spdlog.
#include "agent/base/log.h"

#include <spdlog/details/null_mutex.h>
#include <spdlog/details/os.h>
#include <spdlog/sinks/base_sink.h>
#include <spdlog/spdlog.h>
#include <unistd.h>

#include <array>
#include <memory>

#include "agent/base/printable.h"
#include "agent/base/status_line.h"
#include "agent/base/write.h"

namespace vpcprobe {
namespace {

constexpr std::string_view kReset = "\033[m";

/// As spdlog's own sinks have it.
std::string_view colour_of(spdlog::level::level_enum level) {
  static constexpr std::array<std::string_view, spdlog::level::n_levels> kColours{
      "\033[37m", "\033[36m", "\033[32m", "\033[33m\033[1m", "\033[31m\033[1m", "\033[1m\033[41m", kReset};
  return kColours.at(static_cast<std::size_t>(level));
}

/// stderr: a reader that stopped reading holds up one line for a moment, and no more.
class PatientStderr : public spdlog::sinks::base_sink<spdlog::details::null_mutex> {
 protected:
  void sink_it_(const spdlog::details::log_msg& message) override {
    constexpr std::chrono::milliseconds patience{50};
    spdlog::memory_buf_t formatted;
    formatter_->format(message, formatted);
    std::string line(formatted.data(), formatted.size());
    if (colour_ && message.color_range_end > message.color_range_start) {
      line.insert(message.color_range_end, kReset);
      line.insert(message.color_range_start, colour_of(message.level));
    }
    clear_status_line();
    // What was cut must not run into this line.
    if (stuck_) line.insert(0, "\n");
    stuck_ = !write_within(STDERR_FILENO, line, stuck_ ? std::chrono::milliseconds(0) : patience);
  }
  void flush_() override {}

 private:
  bool colour_ = isatty(STDERR_FILENO) == 1 && spdlog::details::os::is_color_terminal();
  bool stuck_ = false;
};

}  // namespace

void start_log(const std::string& level) {
  auto logger = std::make_shared<spdlog::logger>("vpc-probe", std::make_shared<PatientStderr>());
  logger->set_pattern("%n: %^%l%$: %v");
  logger->set_level(spdlog::level::from_str(level));
  spdlog::set_default_logger(std::move(logger));
}

void log(LogLevel level, std::string_view message) {
  static constexpr spdlog::level::level_enum kLevels[] = {spdlog::level::debug, spdlog::level::info,
                                                          spdlog::level::warn, spdlog::level::err};
  const std::string line = printable(message, true);  // a peer's words may be in it
  spdlog::default_logger_raw()->log(kLevels[static_cast<int>(level)],
                                    spdlog::string_view_t(line.data(), line.size()));
}

std::string log_library() {
  const auto dotted = [](int major, int minor, int patch) {
    return std::to_string(major) + "." + std::to_string(minor) + "." + std::to_string(patch);
  };
  return "spdlog " + dotted(SPDLOG_VER_MAJOR, SPDLOG_VER_MINOR, SPDLOG_VER_PATCH) + ", fmt " +
         dotted(FMT_VERSION / 10000, FMT_VERSION / 100 % 100, FMT_VERSION % 100);
}

}  // namespace vpcprobe
