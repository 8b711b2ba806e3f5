#pragma once
// The values of --format.
#include <array>
#include <initializer_list>
#include <optional>
#include <string_view>
#include <vector>

namespace vpcprobe {

/// automatic: text on a terminal, else JSON. Those from aws_cli on are for plans.
enum class Format { automatic, text, json, emf, html, markdown, aws_cli, terraform, cloudformation };

/// In the order of Format, from text on.
inline constexpr std::array<std::string_view, 8> kFormatNames{
    "text", "json", "emf", "html", "markdown", "aws-cli", "terraform", "cloudformation"};
static_assert(kFormatNames.size() == static_cast<std::size_t>(Format::cloudformation));

constexpr std::string_view name_of(Format format) {
  return kFormatNames.at(static_cast<std::size_t>(format) - static_cast<std::size_t>(Format::text));
}

/// Some of the formats.
class FormatSet {
 public:
  constexpr FormatSet(std::initializer_list<Format> formats) {
    for (const Format format : formats) bits_ |= 1U << static_cast<unsigned>(format);
  }
  constexpr bool holds(Format format) const { return (bits_ >> static_cast<unsigned>(format) & 1U) != 0; }

 private:
  unsigned bits_ = 0;
};

/// What a report can be written as; agent/render/render.cc has a row for each.
inline constexpr FormatSet kReportFormats{Format::text, Format::json, Format::emf, Format::html,
                                          Format::markdown};
/// Of these stdout:FORMAT takes one: reports of several rounds follow each other.
inline constexpr FormatSet kStdoutFormats{Format::text, Format::json, Format::emf};

/// Their names, in the order of Format.
std::vector<std::string_view> names_of(FormatSet formats);
/// Nothing for a name that is not in the table.
std::optional<Format> format_named(std::string_view name);

}  // namespace vpcprobe
