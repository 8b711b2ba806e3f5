#pragma once
// What a test looks for in texts.
#include <algorithm>
#include <string>
#include <vector>

#include "agent/diagnosis/report.h"

inline bool has(const std::string& text, const char* words) { return text.find(words) != std::string::npos; }

inline bool any_has(const std::vector<std::string>& texts, const char* words) {
  return std::any_of(texts.begin(), texts.end(), [&](const std::string& text) { return has(text, words); });
}

inline bool commands_have(const vpcprobe::Finding& finding, const char* words) {
  return std::any_of(finding.fix.begin(), finding.fix.end(),
                     [&](const vpcprobe::Fix& fix) { return has(fix.command, words); });
}
