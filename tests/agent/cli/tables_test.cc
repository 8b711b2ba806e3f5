#include "agent/cli/tables.h"

#include <nlohmann/json.hpp>
#include <set>

#include "agent/aws/catalog.h"
#include "agent/base/printable.h"
#include "agent/diagnosis/rules.h"
#include "catch.h"
#include "golden.h"

using namespace vpcprobe;

namespace {

constexpr Style kPlain{false, true};
constexpr Style kAscii{false, false};

void check_page(const std::string& text, bool utf8) {
  std::size_t start = 0;
  for (std::size_t end; (end = text.find('\n', start)) != std::string::npos; start = end + 1) {
    const std::string line = text.substr(start, end - start);
    INFO(line);
    CHECK(columns(line) <= 100);
    CHECK(printable(line, utf8) == line);
    CHECK((line.empty() || line.back() != ' '));
  }
}

}  // namespace

TEST_CASE("agent/REFERENCE.md says what the program's tables say") {
  const std::string path = in_tree("agent/REFERENCE.md");
  if (update_golden()) write_file(path, reference_markdown());
  INFO("tests/reference writes it again");
  CHECK(read_file(path) == reference_markdown());
}

TEST_CASE("codes names every rule and keeps to the page") {
  const std::string text = codes_text(Format::text, kPlain);
  check_page(text, true);
  check_page(codes_text(Format::text, kAscii), false);
  const auto listed = nlohmann::json::parse(codes_text(Format::json, kPlain));
  std::set<std::string> codes;
  for (const auto& row : listed.at("codes")) codes.insert(row.at("code").get<std::string>());
  CHECK(codes.size() == rules().size());
  for (const Rule& rule : rules()) {
    CHECK(codes.count(rule.code) == 1);
    CHECK(text.find(std::string("  ") + rule.code + ' ') != std::string::npos);
  }
}

TEST_CASE("codes explains both digits of the exit code") {
  const auto listed = nlohmann::json::parse(codes_text(Format::json, kPlain));
  CHECK(listed.at("tens").at(2).at("stage") == "connect");
  const auto& units = listed.at("units");
  REQUIRE(units.size() == 10);
  for (std::size_t digit = 0; digit < units.size(); ++digit) CHECK(units.at(digit).at("digit") == digit);
  CHECK(units.at(3).at("where") == "s3");
}

TEST_CASE("services names every service and keeps to the page") {
  check_page(services_text(Format::text, "", kPlain), true);
  check_page(services_text(Format::text, "us-gov-east-1", kAscii), false);
  const auto listed = nlohmann::json::parse(services_text(Format::json, "eu-west-1", kPlain));
  CHECK(listed.at("services").size() == services().size());
  const auto& first = listed.at("services").at(0);
  CHECK(first.at("id") == "ecr.api");
  CHECK(first.at("host") == "api.ecr.eu-west-1.amazonaws.com");
  CHECK(first.at("privatelink_name") == "com.amazonaws.eu-west-1.ecr.api");
  CHECK(first.at("default") == true);
}

TEST_CASE("services follow the region's partition") {
  const auto listed = nlohmann::json::parse(services_text(Format::json, "cn-north-1", kPlain)).at("services");
  CHECK(listed.at(0).at("host") == "api.ecr.cn-north-1.amazonaws.com.cn");
  CHECK(listed.at(0).at("privatelink_name") == "cn.com.amazonaws.cn-north-1.ecr.api");
  const auto anywhere = nlohmann::json::parse(services_text(Format::json, "", kPlain));
  CHECK(anywhere.at("region").is_null());
  CHECK(anywhere.at("services").at(1).at("host") == "<account>.dkr.ecr.<region>.amazonaws.com");
}
