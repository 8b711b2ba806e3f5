#include "agent/base/text_layout.h"

#include <array>
#include <cstdio>
#include <memory>

#include "agent/base/printable.h"
#include "catch.h"

using namespace vpcprobe;

namespace {

std::string pasted(const std::vector<CommandLine>& lines) {
  std::string script = "printf '[%s]' ";
  for (std::size_t i = 0; i < lines.size(); ++i) {
    script += (i > 0 && !lines[i].at_margin ? "         " : "") + lines[i].text + '\n';
  }
  const std::unique_ptr<FILE, int (*)(FILE*)> pipe(popen(script.c_str(), "r"), pclose);
  REQUIRE(pipe != nullptr);
  std::array<char, 4096> output{};
  const std::size_t size = std::fread(output.data(), 1, output.size(), pipe.get());
  return {output.data(), size};
}

}  // namespace

TEST_CASE("text is wrapped by columns, not bytes") {
  CHECK(wrap("", 5) == std::vector<std::string>{""});
  CHECK(wrap("one two three", 7) == std::vector<std::string>{"one two", "three"});
  CHECK(wrap("ééééé ééé", 5) == std::vector<std::string>{"ééééé", "ééé"});
  CHECK(wrap("日本語 x", 4) == std::vector<std::string>{"日本", "語 x"});
  CHECK(wrap("abcdefgh", 3) == std::vector<std::string>{"abc", "def", "gh"});
  CHECK(wrap("1. aaa bbb ccc", 6, 2) == std::vector<std::string>{"1. aaa", "bbb", "ccc"});
}

TEST_CASE("a broken command means the same to a shell") {
  const std::string key(70, 'k');
  const struct {
    std::string command, arguments;
  } cases[] = {
      {"aws ec2 describe-vpcs --filters Name=vpc-id,Values=vpc-1 --query 'Vpcs[0].CidrBlock'",
       "[aws][ec2][describe-vpcs][--filters][Name=vpc-id,Values=vpc-1][--query][Vpcs[0].CidrBlock]"},
      {"a " + key + " b", "[a][" + key + "][b]"},
      {"a '" + key + " " + key + "' b", "[a][" + key + " " + key + "][b]"},
      {"a \"" + key + "\\\" " + key + "\" b", "[a][" + key + "\" " + key + "][b]"},
      {"a Values=com.amazonaws.ecr.api,com.amazonaws.ecr.dkr,com.amazonaws.s3,'x,y',\"z,\"q b",
       "[a][Values=com.amazonaws.ecr.api,com.amazonaws.ecr.dkr,com.amazonaws.s3,x,y,z,q][b]"},
      {"a kkkkkkkkkkkkkkkkkkkk\\ kkkkkkkkkkkkkkkkkkkkkkkkkk\\日 " + key,
       "[a][kkkkkkkkkkkkkkkkkkkk kkkkkkkkkkkkkkkkkkkkkkkkkk日][" + key + "]"},
      {"a " + key + "\\ " + key, "[a][" + key + " " + key + "]"},
  };
  for (const auto& one : cases) {
    for (std::size_t width = 24; width < 60; ++width) {
      const std::vector<CommandLine> lines = break_command(one.command, width);
      for (const CommandLine& line : lines) CHECK(columns(line.text) <= width);
      CHECK(pasted(lines) == one.arguments);
    }
  }
}

TEST_CASE("a long list breaks between its elements") {
  const auto lines = break_command("a --x aaaaaaa,bbbbbbb,cccccccc", 24);
  REQUIRE(lines.size() == 3);
  CHECK(lines[1].text == "  aaaaaaa,bbbbbbb,\\");
  CHECK(lines[2].text == "cccccccc");
}

TEST_CASE("long names lose their middle") {
  CHECK(shorten("abcdefgh", 8, {}) == "abcdefgh");
  CHECK(shorten("abcdefghi", 8, {}) == "abcd…ghi");
  CHECK(shorten("abcdefghi", 8, {false, false}) == "abc...hi");
}

TEST_CASE("counts agree with their noun") {
  CHECK(counted(1, "row", "rows") == "1 row");
  CHECK(counted(0, "row", "rows") == "0 rows");
}
