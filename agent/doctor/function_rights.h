#pragma once
// What the caller must be allowed for `doctor --probe lambda` and `--clean-up`, one row an action. The table
// drives the policy and its tests.
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace vpcprobe {

enum class RightOn : std::uint8_t { everything, function, role };

struct FunctionRight {
  std::string_view action;  ///< "lambda:CreateFunction"
  RightOn on = RightOn::everything;
  std::string_view what_for;
  std::string_view
      condition{};        ///< of the statement, JSON; empty for none. {partition} becomes the partition
  bool is_called = true;  ///< false: another call needs it
};

std::span<const FunctionRight> function_rights();

/// Statements of a policy: JSON objects, a comma between two. Names limit them to what doctor makes.
std::string function_statements(std::string_view region);

}  // namespace vpcprobe
