// The one file that knows spdlog.
#include "agent/log.h"

#include <spdlog/sinks/stdout_color_sinks.h>
#include <spdlog/spdlog.h>

#include <memory>

namespace vpcprobe {

void start_log(const std::string& level) {
  auto logger =
      std::make_shared<spdlog::logger>("vpc-probe", std::make_shared<spdlog::sinks::stderr_color_sink_st>());
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
