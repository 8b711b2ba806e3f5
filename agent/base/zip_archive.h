#pragma once
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace vpcprobe {

/// The longest file that fits into the archive's fields: 4 GiB less what surrounds it (APPNOTE.TXT, 4.4.8).
constexpr std::size_t kLongestInArchive = 0xffff'0000;

/// A zip archive with one file, stored as it is, that its owner, group and others may read and execute (mode
/// 0755). The same content gives the same bytes: the time is the earliest that the format has, 1980-01-01.
/// `name` is plain ASCII; `content` is at most kLongestInArchive bytes. Source: PKWARE, APPNOTE.TXT 6.3.
std::string zip_of_executable(std::string_view name, std::string_view content);

/// CRC-32 of ISO 3309, as zip archives have it.
std::uint32_t crc32_of(std::string_view content);

}  // namespace vpcprobe
