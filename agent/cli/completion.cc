// Completion scripts for shells, from the tables of verbs and options.
#include <array>
#include <string>

#include "agent/base/joined.h"
#include "agent/base/nearest.h"
#include "agent/base/quoted.h"
#include "agent/cli/option_table.h"
#include "agent/cli/verbs.h"
#include "agent/delivery/console.h"

namespace vpcprobe {
namespace {

/// The values that complete an option of this verb, space separated; empty where any text may follow.
std::string values_of(const OptionRow& row, const Command& command) {
  return row.name == "format" ? joined(names_of(command.formats), " ") : std::string(row.choices);
}

std::string verb_names() {
  std::string names;
  for (const Command& row : commands()) names.append(names.empty() ? "" : " ").append(row.name);
  return names;
}

/// The words that may follow a verb, where it is a choice: "bash|zsh|fish".
std::string words_of(const Command& command) {
  std::string words(command.words);
  if (words.find('|') == std::string::npos) return {};
  for (char& c : words) c = c == '|' ? ' ' : c;
  return words;
}

std::string bash_values(const Command& command) {
  std::string text;
  for (const OptionRow& row : option_rows()) {
    const std::string values = row.verbs.holds(command.verb) ? values_of(row, command) : "";
    if (!values.empty())
      text.append("      ")
          .append(command.name)
          .append(":")
          .append(flag_name(row.name))
          .append(") words=\"" + values + "\" ;;\n");
  }
  return text;
}

std::string bash_script() {
  std::string options, values;
  for (const Command& command : commands()) {
    std::string words = words_of(command);
    for (const OptionRow& row : option_rows()) {
      if (row.verbs.holds(command.verb)) words.append(words.empty() ? "" : " ").append(flag_name(row.name));
    }
    options.append("      ").append(command.name).append(") words=\"" + words + " --help\" ;;\n");
    values += bash_values(command);
  }
  return "# bash completion of vpc-probe\n"
         "_vpc_probe() {\n"
         "  local current=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD-1]} verb= word words=\n"
         "  for word in \"${COMP_WORDS[@]:1:COMP_CWORD-1}\"; do\n"
         "    case \" " +
         verb_names() +
         " \" in *\" $word \"*) verb=$word; break ;; esac\n"
         "  done\n"
         "  case \"${verb:-run}:$before\" in\n" +
         values +
         "  esac\n"
         "  if [ -z \"$words\" ]; then\n"
         "    case \"$current\" in -*) ;; *) [ -n \"$verb\" ] || words=\"" +
         verb_names() +
         "\" ;; esac\n"
         "  fi\n"
         "  if [ -z \"$words\" ]; then\n"
         "    case \"${verb:-run}\" in\n" +
         options +
         "    esac\n"
         "  fi\n"
         "  COMPREPLY=($(compgen -W \"$words\" -- \"$current\"))\n"
         "}\n"
         "complete -o default -F _vpc_probe vpc-probe\n";
}

/// Zsh runs bash's script: one list of words for both.
std::string zsh_script() {
  return "#compdef vpc-probe\n"
         "autoload -U +X bashcompinit && bashcompinit\n" +
         bash_script();
}

std::string in_single_quotes(std::string_view text) {
  std::string quoted = "'";
  for (const char c : text) quoted += c == '\'' ? "\\'" : std::string(1, c);
  return quoted + "'";
}

std::string fish_script() {
  std::string text =
      "# fish completion of vpc-probe\n"
      "complete -c vpc-probe -n __fish_use_subcommand -l help -d 'the verbs'\n";
  for (const Command& command : commands()) {
    const std::string name(command.name);
    const std::string start = "complete -c vpc-probe -n '__fish_seen_subcommand_from " + name + "'";
    text += "complete -c vpc-probe -n __fish_use_subcommand -a " + name + " -d " +
            in_single_quotes(command.summary) + "\n";
    if (const std::string words = words_of(command); !words.empty())
      text += start + " -f -a '" + words + "'\n";
    for (const OptionRow& row : option_rows()) {
      if (!row.verbs.holds(command.verb)) continue;
      const std::string values = values_of(row, command);
      text += start + " -l " + std::string(row.name) + (row.value.empty() ? "" : " -r") +
              (values.empty() ? "" : " -f -a '" + values + "'") + " -d " + in_single_quotes(row.help) + "\n";
    }
  }
  return text;
}

struct Shell {
  std::string_view name;
  std::string (*script)();
};
constexpr std::array kShells{Shell{"bash", bash_script}, Shell{"zsh", zsh_script},
                             Shell{"fish", fish_script}};

}  // namespace

Result<int> completion(const Surroundings& around) {
  const std::vector<std::string>& words = around.options.words;
  if (words.size() != 1) return UsageError{"completion needs one shell: bash, zsh or fish"};
  for (const Shell& shell : kShells) {
    if (shell.name == words.front()) return write_output(around.options, shell.script());
  }
  constexpr std::array<std::string_view, 3> names{kShells[0].name, kShells[1].name, kShells[2].name};
  return UsageError{"completion " + in_quotes(words.front()) + ": no shell it knows; bash, zsh or fish" +
                    did_you_mean(words.front(), names)};
}

}  // namespace vpcprobe
