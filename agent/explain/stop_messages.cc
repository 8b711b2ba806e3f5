#include "agent/explain/stop_messages.h"

#include <algorithm>

#include "agent/aws/catalog.h"
#include "agent/base/ascii.h"
#include "agent/base/text_search.h"
#include "agent/explain/collector.h"
#include "agent/explain/documents.h"
#include "probes/take_line.h"

namespace vpcprobe {
namespace {

/// "CannotPullContainerError: …", and the sentences of ECS that begin without such a word.
bool begins_message(std::string_view line) {
  constexpr std::string_view sentences[] = {"essential container", "task failed",    "scaling activity",
                                            "(service ",           "stopped reason", "status reason",
                                            "task stopped"};
  std::size_t length = 0;
  std::size_t capitals = 0;
  while (length < line.size() && is_letter(line[length])) {
    if (is_capital(line[length++])) ++capitals;
  }
  if (capitals > 1 && length < line.size() && line[length] == ':' && is_capital(line[0])) return true;
  const std::string start = lower_case(line.substr(0, 24));
  return std::any_of(std::begin(sentences), std::end(sentences),
                     [&](std::string_view sentence) { return start.starts_with(sentence); });
}

/// Without quotes, bullets and the rule that Terraform draws before an error.
std::string_view trimmed(std::string_view line) {
  constexpr std::string_view edges = " \t\r\n\"'`-*";
  constexpr std::string_view rule = "│";
  while (!line.empty()) {
    if (line.starts_with(rule)) {
      line.remove_prefix(rule.size());
    } else if (edges.find(line.front()) != std::string_view::npos) {
      line.remove_prefix(1);
    } else {
      break;
    }
  }
  return line;
}

void read_plain(std::string_view input, Collector& into) {
  std::string message;
  const auto close = [&] {
    into.add(message, {}, {}, {});
    message.clear();
  };
  while (!input.empty()) {
    const std::string_view text = trimmed(take_line(input));
    if (text.empty() || begins_message(text)) close();
    message.append(text).append("\n");
  }
  close();
}

}  // namespace

std::string region_of_arn(std::string_view arn) {
  constexpr int region_field = 3;
  for (int i = 0; i < region_field; ++i) arn.remove_prefix(std::min(arn.find(':') + 1, arn.size()));
  const std::string_view region = arn.substr(0, arn.find(':'));
  return find_partition(region) != nullptr ? std::string(region) : std::string();
}

StopMessages read_stop_messages(std::string_view input) {
  const std::string_view start = trimmed(input);
  const bool begins_json =
      !start.empty() && (input.find_first_of("{[\"") == input.find_first_not_of(" \t\r\n"));
  if (begins_json) {
    Collector whole;
    if (read_document(input, whole)) return std::move(whole).finish(true);
    Collector lines;
    if (read_document_lines(input, lines)) return std::move(lines).finish(true);
  }
  Collector embedded;
  if (!begins_json && read_embedded_document(input, embedded)) return std::move(embedded).finish(true);
  Collector plain;
  read_plain(input, plain);
  return std::move(plain).finish(false);
}

}  // namespace vpcprobe
