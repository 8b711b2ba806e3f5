#include <algorithm>

#include "agent/aws/ecs_messages.h"
#include "agent/base/text_search.h"

namespace vpcprobe {
namespace {

template <typename Row>
bool has_words_of(const Row& row, std::string_view line) {
  return std::any_of(row.patterns.begin(), row.patterns.end(), [line](const char* pattern) {
    return pattern != nullptr && find_fragments(line, pattern) != std::string_view::npos;
  });
}

}  // namespace

const EcsMessage* find_message(std::string_view line, Ends ends) {
  const EcsMessage* outer = nullptr;
  for (const EcsMessage& row : ecs_messages()) {
    const bool may_end_so = ends == Ends::anyhow || row.ends == Ends::anyhow || row.ends == ends;
    if (!may_end_so || (row.outer && outer != nullptr) || !has_words_of(row, line)) continue;
    if (!row.outer) return &row;
    outer = &row;
  }
  return outer;
}

const EcsEnding* find_ending(std::string_view line, const Called& called) {
  const EcsEnding* yielding = nullptr;
  for (const EcsEnding& row : ecs_endings()) {
    if ((!row.service.empty() && row.service != called.service) || (row.elsewhere && !called.elsewhere))
      continue;
    if (yielding != nullptr && (row.blame != Blame::connection || row.yields)) continue;
    if (!has_words_of(row, line)) continue;
    if (!row.yields || !called.aws) return &row;
    yielding = &row;
  }
  return yielding;
}

}  // namespace vpcprobe
