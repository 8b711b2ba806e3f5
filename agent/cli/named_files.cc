#include "agent/cli/named_files.h"

#include "agent/base/json_node.h"
#include "agent/base/quoted.h"
#include "agent/base/read_file.h"
#include "agent/task/documents.h"
#include "probes/certificate_chain.h"

namespace vpcprobe {
namespace {

/// The document itself stands where the name of a file may stand.
bool is_document(const std::string& path) {
  return path.starts_with('{') || path.find('\n') != std::string::npos;
}

UsageError about(const char* option, const std::string& path, UsageError error) {
  const std::string where = is_document(path) ? "" : " " + in_quotes(path);
  error.message = option + where + ": " + error.message;
  return error;
}

template <typename T, typename Parse>
std::optional<UsageError> read_into(std::optional<T>& target, const char* option, const std::string& path,
                                    std::size_t longest, Parse parse, const std::atomic<bool>& stop,
                                    std::chrono::steady_clock::time_point end) {
  if (path.empty()) return {};
  const Result<std::string> text =
      is_document(path) ? Result<std::string>(path) : read_input(path, longest, stop, end);
  if (!text) return about(option, path, text.error());
  Result<T> parsed = parse(text.value());
  if (!parsed) return about(option, path, parsed.error());
  target = std::move(parsed.value());
  return {};
}

}  // namespace

std::optional<UsageError> read_named_files(const Options& options, const std::atomic<bool>& stop,
                                           std::chrono::steady_clock::time_point end, TaskContext& context) {
  const auto parse = [&](std::string_view text) { return parse_task_definition(text, options.families); };
  if (auto wrong = read_into(context.definition, "--task-definition", options.task_definition,
                             kLongestTemplate, parse, stop, end))
    return wrong;
  return read_into(context.recorded, "--from", options.from, kLongestDocument, parse_recorded_run, stop, end);
}

Result<std::string> read_ca_file(const Options& options, const std::atomic<bool>& stop,
                                 std::chrono::steady_clock::time_point end) {
  if (options.ca_file.empty()) return std::string();
  Result<std::string> roots = read_input(options.ca_file, kLongestDocument, stop, end);
  if (!roots) return about("--ca-file", options.ca_file, roots.error());
  if (!holds_certificate(roots.value()))
    return about("--ca-file", options.ca_file, UsageError{"holds no PEM certificate"});
  return roots;
}

}  // namespace vpcprobe
