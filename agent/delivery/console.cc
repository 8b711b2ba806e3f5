#include "agent/delivery/console.h"

#include <unistd.h>

#include <algorithm>

#include "agent/base/log.h"
#include "agent/base/quoted.h"
#include "agent/base/status_line.h"

namespace vpcprobe {
namespace {

constexpr std::chrono::milliseconds kReaderPatience{400};

}  // namespace

bool is_terminal() { return isatty(STDOUT_FILENO) == 1; }

bool on_terminal(const Options& options) { return options.output.empty() && is_terminal(); }

// https://no-color.org: NO_COLOR switches colour off; a dumb terminal has none.
Style style_of(const Surroundings& around, bool terminal) {
  const auto value = [&](const char* name) {
    const char* text = around.environment(name);
    return std::string_view(text == nullptr ? "" : text);
  };
  std::string_view locale;
  for (const char* name : {"LC_ALL", "LC_CTYPE", "LANG"})
    if (locale.empty()) locale = value(name);
  Style style;
  style.details = around.options.details;
  if (terminal)
    style.page_columns =
        std::clamp<std::size_t>(terminal_columns(STDOUT_FILENO), kNarrowestPage, kPageColumns);
  style.colour = terminal && value("NO_COLOR").empty() && value("TERM") != "dumb";
  style.utf8 =
      locale.find("UTF-8") != std::string_view::npos || locale.find("utf8") != std::string_view::npos;
  return style;
}

Style style_of(const Surroundings& around) { return style_of(around, on_terminal(around.options)); }

bool write_to_stdout(std::string_view text, WriteDeadline until) {
  const bool whole = write_within(STDOUT_FILENO, text, kReaderPatience, until);
  if (!whole) log(LogLevel::error, "stdout takes no report");
  return whole;
}

Result<int> write_output(const Options& options, std::string_view text, int exit_code) {
  if (options.output.empty()) {
    write_to_stdout(text);
    return exit_code;
  }
  const std::string problem = write_file(options.output, text);
  if (!problem.empty()) return UsageError{"--output " + in_quotes(options.output) + ": " + problem};
  return exit_code;
}

}  // namespace vpcprobe
