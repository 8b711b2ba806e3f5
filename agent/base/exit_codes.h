#pragma once
// Exit codes: the contract's section 5. A failure's is its stage and one of the units, everything else a row.
#include <array>
#include <string_view>

namespace vpcprobe {

inline constexpr int kPass = 0;
inline constexpr int kStrictWarning = 1;
inline constexpr int kWrongUsage = 2;
inline constexpr int kIncomplete = 3;
inline constexpr int kInternalError = 70;  // sysexits.h EX_SOFTWARE

struct ExitCode {
  int code;
  std::string_view meaning;
};
inline constexpr std::array kExitCodes = std::to_array<ExitCode>({
    {kPass, "pass: what the task needs can be reached; warnings and notes included"},
    {kStrictWarning, "a warning, with --strict"},
    {kWrongUsage, "wrong usage: nothing was probed"},
    {kIncomplete, "incomplete: the deadline or a signal came before a verdict"},
    {kInternalError, "internal error"},
});

/// Units digits; those between are of the services that have their own in the catalog.
inline constexpr int kUnitTaskWide = 0;
inline constexpr int kUnitOtherService = 7;
inline constexpr int kUnitCustom = 8;
inline constexpr int kUnitSeveral = 9;

}  // namespace vpcprobe
