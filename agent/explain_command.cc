#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "agent/explain.h"
#include "agent/printing.h"
#include "agent/verbs.h"

namespace vpcprobe {
namespace {

constexpr std::size_t kLongestInput = 1 << 20;

/// All of stdin; a signal ends it.
Result<std::string> read_stdin(const std::atomic<bool>& stop) {
  std::string text(kLongestInput + 1, '\0');
  std::size_t length = 0;
  while (length < text.size() && !stop) {
    const ssize_t got = read(STDIN_FILENO, text.data() + length, text.size() - length);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return UsageError{std::string("stdin cannot be read: ") + strerror(errno)};
    if (got == 0) break;
    length += static_cast<std::size_t>(got);
  }
  text.resize(length);
  return text;
}

Result<std::string> read_input(const Surroundings& around) {
  const std::vector<std::string>& words = around.options.words;
  const bool from_stdin = words.empty() || (words.size() == 1 && words.front() == "-");
  if (from_stdin && words.empty() && isatty(STDIN_FILENO) == 1)
    return UsageError{
        "explain wants a message: vpc-probe explain \"CannotPullContainerError: ...\", or one on stdin"};
  if (from_stdin) return read_stdin(around.stop);
  std::string text;
  for (const std::string& word : words) text += (text.empty() ? "" : " ") + word;
  return text;
}

}  // namespace

Result<int> explain_messages(const Surroundings& around) {
  const auto input = read_input(around);
  if (!input) return input.error();
  const std::string& text = input.value();
  if (text.size() > kLongestInput) return UsageError{"explain takes at most 1 MB of text"};
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
