#pragma once
// Which row, ending, denial or misspelling decides what a message means.
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "agent/aws/ecs_messages.h"
#include "agent/explain/evidence.h"
#include "agent/explain/misspelling.h"
#include "agent/explain/subject.h"

namespace vpcprobe {

struct Reading {
  const EcsMessage* row = nullptr;
  const EcsEnding* ending = nullptr;
  const Denial* denial = nullptr;  ///< only one that names the action; points into the evidence
  std::optional<Misspelling> misspelling;
  bool by_aws = true;  ///< a denial or a rate limit is one of AWS, or of what the row is about

  bool silent() const { return ending != nullptr && ending->silence; }
  /// No row says what was called: none fits, or only a summary.
  bool bare() const { return row == nullptr || (row->outer && row->blame == Blame::consequence); }
};

/// `lower` is the message in lower case, on one line.
Reading read_message(const std::string& lower, const MessageEvidence& evidence);
/// Empty if the text does not say.
std::optional<Blame> blame_of(const Reading& reading);
/// The finding codes in the order of likelihood.
std::vector<std::string_view> codes_of(const Reading& reading, const ExplainSubject& subject);

}  // namespace vpcprobe
