#include "agent/render/render.h"

#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>

#include "agent/base/printable.h"
#include "agent/diagnosis/report_samples.h"
#include "catch.h"
#include "golden.h"

using namespace vpcprobe;

namespace {

constexpr Style kPlain{false, true};
constexpr Style kAscii{false, false};
constexpr Style kColour{true, true};
constexpr Style kDetails{.details = true};
constexpr Style kTerminal{.page_columns = kNarrowestPage};
constexpr Style kTerminalDetails{.page_columns = kNarrowestPage, .details = true};

struct Sample {
  const char* name;
  Report (*make)();
};
Report thousand() { return samples::many(1000); }
Report hostile() { return samples::foreign(samples::hostile_text()); }
constexpr Sample kSamples[] = {
    {"failing", samples::failing},       {"passing", samples::passing}, {"warnings", samples::warnings},
    {"incomplete", samples::incomplete}, {"ipv6", samples::ipv6},       {"hostile", hostile},
    {"refused", samples::refused},       {"pulled", samples::pulled},   {"thousand", thousand}};

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  std::size_t start = 0;
  for (std::size_t end; (end = text.find('\n', start)) != std::string::npos; start = end + 1) {
    lines.push_back(text.substr(start, end - start));
  }
  lines.push_back(text.substr(start));
  return lines;
}

}  // namespace

TEST_CASE("every renderer produces its approved output") {
  for (const Sample& sample : kSamples) {
    const Report report = sample.make();
    check_golden(std::string("text.") + sample.name + ".txt", render_text(report, kPlain));
    check_golden(std::string("details.") + sample.name + ".txt", render_text(report, kDetails));
    if (std::string(sample.name) == "thousand") continue;  // half a megabyte says no more than two addresses
    check_golden(std::string("json.") + sample.name + ".json", render_json(report, kPlain));
  }
  check_golden("text.failing-ascii.txt", render_text(samples::failing(), kAscii));
  check_golden("text.hostile-ascii.txt", render_text(hostile(), kAscii));
  check_golden("text.failing-colour.txt", render_text(samples::failing(), kColour));
  check_golden("text.passing-colour.txt", render_text(samples::passing(), kColour));
}

TEST_CASE("every format of reports has a renderer, and its approved output") {
  for (std::size_t i = 0; i < kFormatNames.size(); ++i) {
    const auto format = static_cast<Format>(i + static_cast<std::size_t>(Format::text));
    if (!kReportFormats.holds(format)) continue;
    INFO(kFormatNames.at(i));
    const Renderer& row = renderer_of(format);
    CHECK(row.format == format);
    check_golden("format." + std::string(kFormatNames.at(i)), row.render(samples::failing(), kPlain));
  }
}

TEST_CASE("the text report keeps within its columns and its alphabet") {
  for (const Sample& sample : kSamples) {
    INFO(sample.name);
    for (const Style& style : {kPlain, kAscii, kDetails, kTerminal, kTerminalDetails}) {
      for (const std::string& line : lines_of(render_text(sample.make(), style))) {
        INFO(line);
        CHECK(columns(line) <= style.page_columns);
        CHECK((line.empty() || line.back() != ' '));
        CHECK(printable(line, style.utf8) == line);
      }
    }
  }
}

TEST_CASE("a report fits a terminal of 80 columns and 24 lines") {
  for (const Sample& sample : kSamples) {
    if (std::string(sample.name) == "hostile") continue;  // its command alone has more lines
    INFO(sample.name);
    const std::string text = render_text(sample.make(), kTerminal);
    INFO(text);
    // What follows the last line end is the line of the prompt.
    CHECK(lines_of(text).size() <= 24);
  }
  for (const std::size_t addresses : {1U, 10U, 100U, 1000U})
    CHECK(lines_of(render_text(samples::many(addresses), kTerminal)).size() <= 24);
}

TEST_CASE("endpoints beyond the screen are counted, those that fail by name") {
  Report report = samples::failing();
  const EndpointReport broken = report.endpoints[2];
  const EndpointReport whole = report.endpoints[0];
  for (int i = 0; i < 30; ++i) {
    report.endpoints.push_back(i % 2 == 0 ? broken : whole);
    report.endpoints.back().id = (i % 2 == 0 ? "broken-" : "whole-") + std::to_string(i);
  }
  const std::vector<std::string> lines = lines_of(render_text(report, kTerminal));
  CHECK(lines.size() <= 24);
  const auto at = [&](std::string_view start) {
    return std::find_if(lines.begin(), lines.end(),
                        [&](const std::string& line) { return line.starts_with(start); });
  };
  CHECK(at("✗ s3 ") + 1 == at("✗ broken-0 "));
  CHECK(at("✗ whole") == lines.end());
  REQUIRE(at("  19 more endpoints answer") != lines.end());
  CHECK((at("  19 more endpoints answer") - 1)->find(" more endpoints fail: broken-") != std::string::npos);
}

TEST_CASE("an address that differs has a row below its endpoint") {
  Report report = samples::passing();
  report.endpoints.resize(1);
  AddressObservation& silent = report.endpoints[0].addresses[1].seen;
  silent.tcp->status = TcpStatus::timeout;
  silent.tls.reset();
  silent.http.reset();
  const std::string text = render_text(report, kPlain);
  INFO(text);
  CHECK(text.find("✗ ecr.api   interface endpoint  1 of 2  0.4 ms  1.3  2.1 ms  403\n"
                  "✗   10.0.2.10                           silent  –            –\n") != std::string::npos);
}

TEST_CASE("a time that is a digit longer costs no words") {
  Report report = samples::failing();
  for (EndpointReport& endpoint : report.endpoints) {
    endpoint.dns->elapsed = Elapsed(123'400);
    for (AddressReport& address : endpoint.addresses) address.seen.tcp->elapsed = Elapsed(12'340);
  }
  CHECK(render_text(report, kDetails).find("interface endpoint, own subnet") != std::string::npos);
}

TEST_CASE("only AWS's services must answer as AWS does") {
  const auto marked = [](const std::string& service) {
    Report report = samples::passing();
    report.endpoints.resize(1);
    report.endpoints.front().service = service;
    for (AddressReport& address : report.endpoints.front().addresses)
      address.seen.http->status = HttpStatus::not_aws;
    return render_text(report, kPlain).find("✗") != std::string::npos;
  };
  CHECK(marked("ecr.api"));
  CHECK_FALSE(marked(""));
}

TEST_CASE("colour adds escape sequences and nothing else") {
  for (const Sample& sample : kSamples) {
    std::string text = render_text(sample.make(), kColour);
    for (std::size_t at; (at = text.find('\x1b')) != std::string::npos;) {
      text.erase(at, text.find('m', at) - at + 1);
    }
    CHECK(text == render_text(sample.make(), kPlain));
  }
}

TEST_CASE("the JSON report is one line that any parser reads") {
  for (const Sample& sample : kSamples) {
    INFO(sample.name);
    const std::string line = render_json(sample.make(), kPlain);
    CHECK(line.find('\n') == line.size() - 1);
    CHECK(printable(line.substr(0, line.size() - 1), true) == line.substr(0, line.size() - 1));
    const auto report = nlohmann::json::parse(line);
    CHECK(report.at("schema") == "vpc-probe/report/2");
    CHECK(report.at("endpoints").size() == sample.make().endpoints.size());
  }
}

TEST_CASE("the JSON report holds the values as they were seen") {
  const auto report = nlohmann::json::parse(render_json(samples::failing(), kPlain));
  CHECK(report.at("started_at") == "2026-11-02T09:30:00.250Z");
  CHECK(report.at("duration_ms") == 3104.25);
  CHECK(report.at("verdict") == "fail");
  const auto& s3 = report.at("endpoints").at(2);
  CHECK(s3.at("addresses").at(0).at("tls").is_null());
  CHECK(s3.at("addresses").at(0).at("tcp").at("status") == "timeout");
  CHECK(s3.at("addresses").at(0).at("owner") == "S3 eu-west-1");
  CHECK(report.at("findings").at(0).at("masked_by").is_null());
  CHECK(report.at("findings").at(1).at("masked_by") == "gateway-route-missing");
  CHECK(report.at("findings").at(0).at("evidence").at("silent") == 2);
  const auto refused =
      nlohmann::json::parse(render_json(samples::ipv6(), kPlain)).at("endpoints").at(0).at("addresses");
  CHECK(refused.at(1).at("tcp").at("errno") == "ECONNREFUSED");
  CHECK(refused.at(2).at("tcp").at("icmp").at("from") == "fd00::1");
}

TEST_CASE("foreign text reaches the JSON reader unchanged where it is text at all") {
  const std::string text =
      "tab\t quote\" back\\slash \x1b[2J \xc2\x9b \xe2\x80\xae \xf3\xa0\x81\x81 \xe6\x97\xa5";
  const auto report = nlohmann::json::parse(render_json(samples::foreign(text), kPlain));
  CHECK(report.at("summary") == text);
  CHECK(report.at("endpoints").at(0).at("host") == text);
}
