#include "agent/cli/help.h"

#include <sstream>

#include "agent/cli/option_table.h"
#include "catch.h"

using namespace vpcprobe;

namespace {

struct Size {
  std::size_t lines = 0, columns = 0;
};

Size size_of(const std::string& text) {
  Size size;
  std::istringstream in(text);
  for (std::string line; std::getline(in, line); ++size.lines)
    size.columns = std::max(size.columns, line.size());
  return size;
}

}  // namespace

TEST_CASE("help fits one screen and names every verb") {
  const std::string help = help_text();
  CHECK(size_of(help).lines <= 24);
  CHECK(size_of(help).columns <= 80);
  for (const Command& row : commands())
    CHECK(help.find("  " + std::string(row.name) + ' ') != std::string::npos);
}

TEST_CASE("a verb's help has its own options, grouped, and one example") {
  for (const Command& command : commands()) {
    const std::string help = help_text(command);
    INFO(help);
    CHECK(size_of(help).columns <= 100);
    CHECK(help.find("\nExample\n  " + std::string(command.example) + "\n") != std::string::npos);
    for (const OptionRow& row : option_rows()) {
      const bool is_listed = help.find("\n  " + flag_name(row.name) + ' ') != std::string::npos;
      INFO(row.name);
      CHECK(is_listed == row.verbs.holds(command.verb));
    }
  }
}

TEST_CASE("verbs stand in the order of their values, and every example is right usage") {
  std::size_t last = 0;
  for (const Command& command : commands()) {
    CHECK(static_cast<std::size_t>(command.verb) >= last);
    last = static_cast<std::size_t>(command.verb);
    std::vector<std::string> words;
    const std::string example(command.example.substr(command.example.find("vpc-probe ")));
    std::istringstream in(example.substr(0, example.find_first_of("|>")));
    for (std::string word; in >> word;) words.push_back(word);
    std::vector<const char*> argv;
    for (const std::string& word : words) argv.push_back(word.c_str());
    const auto parsed =
        parse_options(static_cast<int>(argv.size()), argv.data(), [](const char*) { return nullptr; });
    INFO(example << ": " << (parsed ? "" : parsed.error().message));
    REQUIRE(parsed);
    CHECK(parsed.value().options.command == command.name);
  }
}

TEST_CASE("an option that takes few values accepts each of them and no other") {
  for (const OptionRow& row : option_rows()) {
    if (row.choices.empty()) continue;
    std::istringstream in{std::string(row.choices)};
    for (std::string choice; in >> choice;) {
      Options options;
      INFO(row.name << ' ' << choice);
      CHECK(row.read(options, choice).empty());
    }
    Options options;
    CHECK_FALSE(row.read(options, "banana").empty());
  }
}
