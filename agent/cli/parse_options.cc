#include <CLI/CLI.hpp>
#include <algorithm>
#include <map>
#include <set>
#include <sstream>

#include "agent/base/nearest.h"
#include "agent/base/quoted.h"
#include "agent/cli/commands.h"
#include "agent/cli/help.h"
#include "agent/cli/option_table.h"
#include "agent/cli/tables.h"
#include "agent/task/options.h"

namespace vpcprobe {
namespace {

/// What stands on the command line, not yet read.
struct Words {
  std::vector<std::string> command;
  std::map<std::string_view, std::vector<std::string>> values;  ///< by option name; flags give "true"
  std::set<std::string_view> by_event;                          ///< options that an event gave
  std::vector<std::string> unknown;
  bool help = false;
  bool version = false;
};

void declare(CLI::App& app, Words& words) {
  app.set_help_flag();
  app.allow_extras();
  app.add_flag("-h,--help", words.help);
  app.add_flag("-V,--version", words.version);
  app.add_option("command", words.command);
  for (const OptionRow& row : option_rows()) {
    std::vector<std::string>& values = words.values[row.name];
    if (row.kind == OptionKind::flag) {
      const auto set = [&values](std::int64_t) { values.emplace_back("true"); };
      app.add_flag_function(flag_name(row.name), set)->disable_flag_override();
    } else {
      app.add_option(flag_name(row.name), values)->allow_extra_args(false)->take_all();
    }
  }
}

std::string unknown_option(const std::string& word) {
  std::vector<std::string> names = {"--help", "--version"};
  for (const OptionRow& row : option_rows()) names.push_back(flag_name(row.name));
  const std::vector<std::string_view> views(names.begin(), names.end());
  const std::string name = word.substr(0, word.find('='));
  return "no option " + in_quotes(name) + did_you_mean(name, views);
}

std::string unknown_command(const std::string& word) {
  std::vector<std::string_view> names;
  std::string all;
  for (const Command& row : commands()) {
    names.push_back(row.name);
    all.append(all.empty() ? "" : ", ").append(row.name);
  }
  const std::string near = did_you_mean(word, names);
  return "no command " + in_quotes(word) + (near.empty() ? "; commands: " + all : near);
}

/// CLI11's message begins with the name of the option at fault; the rest of the message is not shown.
UsageError as_usage_error(const CLI::ParseError& error) {
  const std::string text = error.what();
  for (const OptionRow& row : option_rows()) {
    const std::string flag_form = std::string(row.name) + " ";
    if (!text.starts_with(flag_name(row.name) + ":") && !text.starts_with(flag_form)) continue;
    const bool flag = row.kind == OptionKind::flag;
    return {flag_name(row.name) + (flag ? " takes no value" : " needs a value: " + std::string(row.value))};
  }
  return {"the command line cannot be read (vpc-probe --help shows what there is)"};
}

Result<Words> read_words(int argc, const char* const* argv) {
  Words words;
  CLI::App app;
  declare(app, words);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return as_usage_error(error);
  }
  words.unknown = app.remaining();
  return words;
}

std::vector<std::string> parts_of(const std::string& text) {
  std::vector<std::string> parts;
  std::istringstream in(text);
  for (std::string part; std::getline(in, part, ',');) {
    const std::size_t first = part.find_first_not_of(' ');
    if (first == std::string::npos) continue;
    parts.push_back(part.substr(first, part.find_last_not_of(' ') - first + 1));
  }
  return parts;
}

/// Reads what was said for one option, `where` being its name or its variable. Nothing is returned if it is
/// right.
std::string read_row(const OptionRow& row, const std::string& where, const std::vector<std::string>& said,
                     Options& options) {
  if (said.size() > 1 && row.kind == OptionKind::value) return where + " is given more than once";
  for (const std::string& text : said) {
    const bool is_list = row.kind == OptionKind::list;
    const std::vector<std::string> parts = is_list ? parts_of(text) : std::vector<std::string>{text};
    if (parts.empty() || parts.front().empty()) return where + " needs a value: " + std::string(row.value);
    for (const std::string& part : parts) {
      const std::string wrong = row.read(options, part);
      if (!wrong.empty()) return where + " " + in_quotes(part) + ": " + wrong;
    }
  }
  return {};
}

/// What is wrong with an option that the verb does not take, `where` being its name as it was said, or
/// nothing. Variables are set for all verbs of a container, so those of other verbs are ignored.
std::string misplaced(const OptionRow& row, const std::string& where, const Command& command) {
  if (row.verbs.holds(command.verb)) return {};
  std::vector<std::string_view> names;
  for (const OptionRow& other : option_rows())
    if (other.verbs.holds(command.verb)) names.push_back(other.name);
  return where + " means nothing to " + std::string(command.name) + "; it is an option of " +
         verb_names(row.verbs) + did_you_mean(row.name, names);
}

/// What is wrong with the format for this verb, or nothing.
std::string wrong_format(const Command& command, bool said, Options& options) {
  if (options.format == Format::automatic || command.formats.holds(options.format)) return {};
  if (!said) {
    options.format = Format::automatic;
    return {};
  }
  const std::string known = format_list(command);
  return "--format " + in_quotes(std::string(name_of(options.format))) + ": " + std::string(command.name) +
         (known.empty() ? " has one format only" : " has " + known);
}

/// An event goes before the command line. Returns what is wrong with it, or nothing.
std::string take_event(const std::vector<SaidOption>& event, Words& words) {
  for (const SaidOption& said : event) {
    const OptionRow* row = find_option(said.name);
    if (row == nullptr) {
      std::vector<std::string_view> names;
      for (const OptionRow& known : option_rows()) names.push_back(known.name);
      return "no option " + in_quotes(said.name) + did_you_mean(said.name, names);
    }
    words.values[row->name] = said.values;
    words.by_event.insert(row->name);
  }
  return {};
}

std::string read_rows(const Words& words, const Environment& environment, const Command& command,
                      Options& options) {
  for (const OptionRow& row : option_rows()) {
    const std::vector<std::string>& said = words.values.at(row.name);
    const std::string variable = variable_name(row.name);
    const char* from_environment = said.empty() ? environment(variable.c_str()) : nullptr;
    std::string wrong;
    if (!said.empty()) {
      const std::string where = words.by_event.contains(row.name) ? in_quotes(row.name) : flag_name(row.name);
      wrong = misplaced(row, where, command);
      if (wrong.empty()) wrong = read_row(row, where, said, options);
    } else if (from_environment != nullptr && *from_environment != '\0' && row.verbs.holds(command.verb)) {
      wrong = read_row(row, variable, {from_environment}, options);
    }
    if (!wrong.empty()) return wrong;
  }
  if (options.ipv4_only && options.ipv6_only)
    return "--ipv4 and --ipv6 exclude each other; leave both out for both";
  return wrong_format(command, !words.values.at("format").empty(), options);
}

}  // namespace

Result<Invocation> parse_options(int argc, const char* const* argv, const Environment& environment,
                                 const std::vector<SaidOption>& event) {
  Result<Words> read = read_words(argc, argv);
  if (!read) return read.error();
  Words& words = read.value();
  if (std::string wrong = take_event(event, words); !wrong.empty()) return UsageError{std::move(wrong)};
  Invocation invocation;
  if (words.version) return Invocation{{}, version_text("CLI11 " CLI11_VERSION)};
  for (const std::string& word : words.unknown) {
    if (word.starts_with('-')) return UsageError{unknown_option(word)};
  }
  std::vector<std::string> verbs = words.command;
  verbs.insert(verbs.end(), words.unknown.begin(), words.unknown.end());
  if (!verbs.empty()) invocation.options.command = verbs.front();
  const Command* command = find_command(invocation.options.command);
  if (words.help && verbs.empty()) return Invocation{{}, help_text()};
  if (command == nullptr) return UsageError{unknown_command(invocation.options.command)};
  if (words.help) return Invocation{{}, help_text(*command)};
  if (!command->words.empty()) {
    invocation.options.words.assign(verbs.begin() + (verbs.empty() ? 0 : 1), verbs.end());
  } else if (verbs.size() > 1)
    return UsageError{"one command only, but there is also " + in_quotes(verbs[1])};
  const std::string wrong = read_rows(words, environment, *command, invocation.options);
  if (!wrong.empty()) return UsageError{wrong};
  return invocation;
}

std::vector<std::string> unknown_variables(const char* const* environment) {
  constexpr std::string_view prefix = "VPC_PROBE_";
  std::vector<std::string> names;
  for (const OptionRow& row : option_rows()) names.push_back(variable_name(row.name));
  const std::vector<std::string_view> views(names.begin(), names.end());
  std::vector<std::string> unknown;
  for (; environment != nullptr && *environment != nullptr; ++environment) {
    const std::string_view entry = *environment;
    const std::string name(entry.substr(0, entry.find('=')));
    if (!name.starts_with(prefix) || std::find(names.begin(), names.end(), name) != names.end()) continue;
    unknown.push_back("no option has the variable " + in_quotes(name) + did_you_mean(name, views));
  }
  return unknown;
}

}  // namespace vpcprobe
