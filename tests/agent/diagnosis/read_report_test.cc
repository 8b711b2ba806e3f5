#include "agent/diagnosis/read_report.h"

#include <nlohmann/json.hpp>

#include "agent/diagnosis/history.h"
#include "agent/diagnosis/report_samples.h"
#include "agent/render/html.h"
#include "agent/render/matrix.h"
#include "agent/render/render.h"
#include "catch.h"
#include "golden.h"

using namespace vpcprobe;

namespace {

std::string line_of(const Report& report) { return render_json(report, Style{}); }

std::string error_of(std::string line, const std::string& from, const std::string& to) {
  line.replace(line.find(from), from.size(), to);
  const auto read = read_report(line);
  return read ? "" : read.error().message;
}

}  // namespace

TEST_CASE("a report that was read renders as the one that was written") {
  Timeline timeline;
  Report repeated = samples::passing();
  Report before = samples::failing();
  timeline.add(before);
  timeline.add(repeated);
  repeated.sinks = {{"cloudwatch-logs:/ecs/app", 2, 1, "Timeout was reached"}};
  for (const Report& report : {samples::failing(), samples::passing(), samples::warnings(),
                               samples::incomplete(), samples::ipv6(), samples::refused(), samples::pulled(),
                               samples::many(300), samples::foreign(samples::hostile_text()), repeated}) {
    const auto read = read_report(line_of(report));
    REQUIRE(read);
    // The evidence comes back in the order of its names.
    CHECK(nlohmann::json::parse(line_of(read.value())) == nlohmann::json::parse(line_of(report)));
    CHECK(line_of(read_report(line_of(read.value())).value()) == line_of(read.value()));
  }
}

TEST_CASE("what is wrong in a report is named by its place") {
  const std::string line = line_of(samples::failing());
  CHECK(error_of(line, "\"exit_code\":23", "\"exit_code\":2300") ==
        "exit_code must be a whole number from 0 to 99");
  CHECK(error_of(line, "\"exit_code\":23", "\"exit_code\":1e400") == "a number in it is too large");
  CHECK(error_of(line, "\"endpoints\":[", "\"endpoints\":7,\"x\":[") ==
        "endpoints must be an array, not number");
  CHECK(error_of(line, "\"verdict\":\"fail\"", "\"verdict\":\"fine\"") ==
        "verdict is a word that this version does not know: \"fine\"");
  CHECK(error_of(line, "2026-11-02T09:30:00.250Z", "2026-11-02") ==
        "started_at must be a time such as 2026-11-02T09:30:00.250Z");
  CHECK(error_of(line, "\"address\":\"10.0.1.10\"", "\"address\":\"10.0.1\"")
            .ends_with("must be an IP address"));
  CHECK(error_of(line, "vpc-probe/report/2", "vpc-probe/report/1") ==
        "schema must be \"vpc-probe/report/2\"");
  CHECK(error_of(line, "\"duration_ms\":", "\"duration_ms\":-") ==
        "duration_ms must be a number of milliseconds");
  CHECK(error_of(line, "\"summary\"", "\"sommaire\"").empty());
}

TEST_CASE("reports are found in logs, exports and formatted files") {
  const std::string fail = line_of(samples::failing());
  const std::string pass = line_of(samples::passing());
  CHECK(read_reports(fail).reports.size() == 1);
  const SavedReports log = read_reports(
      "started\n2026-11-02T09:30:00.250Z stream " + fail + "\n\n" + pass +
      "{\"schema\":\"vpc-probe/report/2\",\"verdict\":\"pass\",\"endpoints\":{}}\n{\"level\":1}\n");
  CHECK(log.reports.size() == 2);
  CHECK(log.other_lines == 2);
  CHECK(log.wrong == std::vector<std::string>{"endpoints must be an array, not object"});
  const nlohmann::json export_file = {
      {"events", {{{"timestamp", 1}, {"message", fail}}, {{"message", "hello"}}, {{"message", pass}}, 5}}};
  CHECK(read_reports(export_file.dump()).reports.size() == 2);
  CHECK(read_reports(export_file.dump(2)).reports.size() == 2);
  CHECK(read_reports(export_file.dump(2)).other_lines == 2);
  CHECK(read_reports(nlohmann::json::parse(fail).dump(4)).reports.size() == 1);
  CHECK(read_reports("").reports.empty());
  CHECK(read_reports("{\n").reports.empty());
}

TEST_CASE("the page and the matrix are as approved") {
  check_golden("html.failing.html", render_html(samples::failing(), Style{}));
  check_golden("html.pulled.html", render_html(samples::pulled(), Style{}));
  check_golden("html.refused.html", render_html(samples::refused(), Style{}));
  check_golden("html.hostile.html", render_html(samples::foreign(samples::hostile_text()), Style{}));
  Report other = samples::passing();
  other.context.subnet_cidrs = {"10.0.2.0/24"};
  const std::vector<Report> several = {samples::failing(), other, samples::incomplete(), samples::ipv6()};
  check_golden("html.several.html", render_html_page(several));
  check_golden("text.several.txt", render_matrix(several, Style{}));
}

TEST_CASE("nothing foreign becomes markup") {
  const std::string page = render_html(samples::foreign("<script>alert('x')</script>\"&\x1b[2J"), Style{});
  CHECK(page.find("<script") == std::string::npos);
  CHECK(page.find("&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt;&quot;&amp;") != std::string::npos);
  CHECK(page.find('\x1b') == std::string::npos);
}

TEST_CASE("the messages of a CloudWatch export alone are read too") {
  const std::string line = line_of(samples::failing());
  const SavedReports saved = read_reports(nlohmann::json::array({line, "another program's line"}).dump());
  CHECK(saved.reports.size() == 1);
  CHECK(saved.other_lines == 1);
  CHECK(saved.wrong.empty());
}
