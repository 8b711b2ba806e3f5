// Diagnoses many VPCs in one process, for the lab's tests. Each line of stdin is
// {"documents":[…],"report":{…}}, as --config and --report read them; each line of stdout is the diagnosis.
#include <iostream>
#include <nlohmann/json.hpp>
#include <string>

#include "agent/diagnosis/read_report.h"
#include "agent/doctor/diagnosis.h"
#include "agent/doctor/read_configuration.h"
#include "agent/render/diagnosis.h"

using namespace vpcprobe;

namespace {

int fail(std::size_t line, const std::string& why) {
  std::cerr << "diagnose-lines: line " << line << ": " << why << "\n";
  return 1;
}

}  // namespace

int main() {
  std::string text;
  std::string report_text;
  SavedReports saved;
  for (std::size_t line = 1; std::getline(std::cin, text); ++line) {
    const auto task = nlohmann::json::parse(text, nullptr, false);
    if (task.is_discarded()) return fail(line, "no JSON");
    Configuration configuration;
    const auto read = read_configuration(task.at("documents").dump(), configuration);
    if (!read) return fail(line, read.error().message);
    // Lines that follow each other often share their report: it is read once.
    if (std::string next = task.at("report").dump(); next != report_text) {
      saved = read_reports(next);
      report_text = std::move(next);
    }
    if (saved.reports.empty()) return fail(line, saved.wrong.empty() ? "no report" : saved.wrong.front());
    const Report& report = saved.reports.back();
    const Who who = find_who(configuration, report.context, {});
    std::string answer = diagnosis_json(reason(configuration, report, who, true));
    if (!answer.ends_with('\n')) answer += '\n';
    std::cout << answer;
  }
  return 0;
}
