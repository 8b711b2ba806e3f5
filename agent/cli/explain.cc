#include "agent/explain/explain.h"

#include <unistd.h>

#include "agent/base/joined.h"
#include "agent/base/read_file.h"
#include "agent/cli/named_files.h"
#include "agent/cli/verbs.h"
#include "agent/delivery/console.h"
#include "agent/render/explanation.h"

namespace vpcprobe {
namespace {

constexpr std::size_t kLongestInput = 1 << 20;

Result<std::string> message_text(const Surroundings& around) {
  const std::vector<std::string>& words = around.options.words;
  const bool from_stdin = words.empty() || (words.size() == 1 && words.front() == "-");
  if (from_stdin && words.empty() && isatty(STDIN_FILENO) == 1)
    return UsageError{
        "explain wants a message: vpc-probe explain \"CannotPullContainerError: ...\", or one on stdin"};
  if (from_stdin) {
    auto read = read_input("-", kLongestInput, around.stop);
    if (!read) return UsageError{"stdin: " + read.error().message};
    return read;
  }
  return joined(words, " ");
}

}  // namespace

Result<int> explain_messages(const Surroundings& around) {
  const auto input = message_text(around);
  if (!input) return input.error();
  const std::string& text = input.value();
  if (text.find_first_not_of(" \t\r\n") == std::string::npos)
    return UsageError{"explain wants a message, and there is none"};
  const Options& options = around.options;
  const Explanation explanation = explain(read_stop_messages(text), {options.region, options.vpc_cidrs});
  const bool as_text =
      options.format == Format::text || (options.format == Format::automatic && on_terminal(options));
  return write_output(
      options, as_text ? explanation_text(explanation, style_of(around)) : explanation_json(explanation),
      explanation.exit_code);
}

}  // namespace vpcprobe
