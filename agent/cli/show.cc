// `show`: saved reports again, and saved diagnoses as a matrix.
#include <algorithm>

#include "agent/base/log.h"
#include "agent/base/quoted.h"
#include "agent/base/read_file.h"
#include "agent/cli/named_files.h"
#include "agent/cli/verbs.h"
#include "agent/delivery/console.h"
#include "agent/diagnosis/read_report.h"
#include "agent/doctor/read_diagnoses.h"
#include "agent/render/diagnosis_matrix.h"
#include "agent/render/html.h"
#include "agent/render/matrix.h"

namespace vpcprobe {
namespace {

constexpr std::size_t kLongestFile = 256U << 20;

struct Saved {
  std::vector<Report> reports;
  std::vector<Diagnosis> diagnoses;
};

std::string read_file(const std::string& path, const std::atomic<bool>& stop, Saved& all) {
  const auto text = read_input(path, kLongestFile, stop);
  const std::string where = path == "-" ? "stdin" : in_quotes(path);
  if (!text) return where + ": " + text.error().message;
  std::vector<Diagnosis> diagnoses = read_diagnoses(text.value());
  if (!diagnoses.empty()) {  // a report in it is the diagnosis's own
    std::move(diagnoses.begin(), diagnoses.end(), std::back_inserter(all.diagnoses));
    return {};
  }
  SavedReports saved = read_reports(text.value());
  for (const std::string& wrong : saved.wrong)
    log(LogLevel::warn, where + ": a report cannot be read: " + wrong);
  if (saved.reports.empty())
    return where + ": no report in it" + (saved.wrong.empty() ? "; show wants what --format json wrote" : "");
  if (saved.other_lines > 0)
    log(LogLevel::info, where + ": " + std::to_string(saved.other_lines) + " lines hold no report");
  std::move(saved.reports.begin(), saved.reports.end(), std::back_inserter(all.reports));
  return {};
}

std::string shown(const std::vector<Report>& reports, Format format, const Style& style) {
  if (format == Format::html) return render_html_page(reports);
  std::string text = format == Format::text && reports.size() > 1 ? render_matrix(reports, style) : "";
  for (const Report& report : reports) {
    if (!text.empty() && format == Format::text) text += "\n";
    text += renderer_of(format).render(report, style);
  }
  return text;
}

}  // namespace

Result<int> show(const Surroundings& around) {
  std::vector<std::string> files = around.options.words;
  if (files.empty()) files.emplace_back("-");
  Saved saved;
  for (const std::string& file : files) {
    const std::string wrong = read_file(file, around.stop, saved);
    if (!wrong.empty()) return UsageError{"show " + wrong};
  }
  Format format = around.options.format;
  if (format == Format::automatic) format = Format::text;
  if (!saved.diagnoses.empty() && format != Format::text)
    return UsageError{"show --format: diagnoses are shown as text only"};
  const Style style = style_of(around);
  std::string text;
  if (!saved.diagnoses.empty()) text = render_diagnosis_matrix(saved.diagnoses, style);
  if (!text.empty() && !saved.reports.empty()) text += "\n";
  if (!saved.reports.empty()) text += shown(saved.reports, format, style);
  return write_output(around.options, text);
}

}  // namespace vpcprobe
