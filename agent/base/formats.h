#pragma once
// The values of --format.
#include <array>
#include <string_view>

namespace vpcprobe {

/// automatic: text on a terminal, else JSON. Those from aws_cli on are for plans.
enum class Format { automatic, text, json, emf, html, aws_cli, terraform, cloudformation };

/// In the order of Format, from text on.
inline constexpr std::array<std::string_view, 7> kFormatNames{"text",    "json",      "emf",           "html",
                                                              "aws-cli", "terraform", "cloudformation"};
static_assert(kFormatNames.size() == static_cast<std::size_t>(Format::cloudformation));

constexpr std::string_view name_of(Format format) {
  return kFormatNames.at(static_cast<std::size_t>(format) - static_cast<std::size_t>(Format::text));
}

}  // namespace vpcprobe
