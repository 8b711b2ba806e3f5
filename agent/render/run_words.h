#pragma once
// What the text report says of the run as a whole.
#include <string>
#include <vector>

#include "agent/base/text_layout.h"
#include "agent/diagnosis/report.h"

namespace vpcprobe {

struct VerdictLook {
  const char* word;
  const char* utf8;
  const char* ascii;
  Tone tone;
};
const VerdictLook& look_of(Verdict verdict);

/// Where the run was and how long it took, in parts: region, addresses in subnet, resolvers, duration.
/// Foreign text is in them as it came.
std::vector<std::string> context_parts(const Report& report);
/// The parts with a dot between them, or a bar in plain ASCII.
std::string in_one_line(const std::vector<std::string>& parts, const Style& style);

/// What changed since the state before, where rounds repeat; empty where nothing did.
std::string history_words(const History& history, const Style& style);
/// What became of the reports that a sink did not take.
std::string sink_words(const SinkNote& note);

/// Whether the summary says itself that permissions were not checked: that of a pass does.
bool says_permissions(const Report& report);
/// Whether a root of this severity or a graver one is there.
bool has_root(const Report& report, Severity least);
/// Findings that follow from another.
std::size_t consequences(const Report& report);

}  // namespace vpcprobe
