#include "agent/printing.h"

#include <unistd.h>

#include <algorithm>

#include "agent/log.h"
#include "agent/output.h"

namespace vpcprobe {
namespace {

constexpr std::chrono::milliseconds kReaderPatience{500};

Format format_of(const Options& options) {
  if (options.format != Format::automatic) return options.format;
  return on_terminal(options) ? Format::text : Format::json;
}

const Renderer& renderer_of(Format format) {
  const std::string_view name = format == Format::text ? "text" : format == Format::html ? "html" : "json";
  return *std::find_if(renderers().begin(), renderers().end(),
                       [&](const Renderer& row) { return row.name == name; });
}

}  // namespace

bool on_terminal(const Options& options) { return options.output.empty() && isatty(STDOUT_FILENO) == 1; }

// https://no-color.org: NO_COLOR switches colour off; a dumb terminal has none.
Style style_of(const Surroundings& around) {
  const auto value = [&](const char* name) {
    const char* text = around.environment(name);
    return std::string_view(text == nullptr ? "" : text);
  };
  std::string_view locale;
  for (const char* name : {"LC_ALL", "LC_CTYPE", "LANG"})
    if (locale.empty()) locale = value(name);
  Style style;
  style.colour = on_terminal(around.options) && value("NO_COLOR").empty() && value("TERM") != "dumb";
  style.utf8 =
      locale.find("UTF-8") != std::string_view::npos || locale.find("utf8") != std::string_view::npos;
  return style;
}

void write_output(const Options& options, std::string_view text) {
  if (options.output.empty()) {
    if (!write_within(STDOUT_FILENO, text, kReaderPatience)) log(LogLevel::error, "stdout takes no report");
    return;
  }
  const std::string problem = write_file(options.output, text);
  if (!problem.empty()) log(LogLevel::error, "no report written: " + problem);
}

void print_report(const Surroundings& around, const Report& report) {
  write_output(around.options, renderer_of(format_of(around.options)).render(report, style_of(around)));
}

}  // namespace vpcprobe
