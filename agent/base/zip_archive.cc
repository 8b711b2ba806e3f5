#include "agent/base/zip_archive.h"

#include <array>

namespace vpcprobe {
namespace {

// APPNOTE.TXT, 4.3.7, 4.3.12, 4.3.16.
constexpr std::uint32_t kLocalHeader = 0x04034b50;
constexpr std::uint32_t kCentralHeader = 0x02014b50;
constexpr std::uint32_t kEndOfCentral = 0x06054b50;

constexpr std::uint16_t kNeeded = 10;                  // version 1.0 of the format is enough to read it
constexpr std::uint16_t kMadeOnUnix = (3U << 8) | 20;  // 4.4.2: then the attributes hold a mode
constexpr std::uint16_t kStored = 0;
constexpr std::uint16_t kMidnight = 0;
constexpr std::uint16_t kFirstDay = (1U << 5) | 1;  // 1980-01-01 in MS-DOS's form
constexpr std::uint32_t kExecutable = 0100755U << 16;

constexpr std::array<std::uint32_t, 256> make_crc_table() {
  std::array<std::uint32_t, 256> table{};
  for (std::uint32_t i = 0; i < table.size(); ++i) {
    std::uint32_t value = i;
    for (int bit = 0; bit < 8; ++bit) value = (value & 1U) != 0 ? (value >> 1U) ^ 0xedb88320U : value >> 1U;
    table[i] = value;
  }
  return table;
}
constexpr std::array<std::uint32_t, 256> kCrcTable = make_crc_table();

template <typename Number>
void append(std::string& out, Number number) {
  for (std::size_t i = 0; i < sizeof(Number); ++i) out += static_cast<char>(number >> (8 * i));
}

/// What the local header and the central one have in common.
void append_file(std::string& out, std::string_view name, std::string_view content, std::uint32_t crc) {
  append(out, kNeeded);
  append(out, std::uint16_t{0});  // no flags
  append(out, kStored);
  append(out, kMidnight);
  append(out, kFirstDay);
  append(out, crc);
  append(out, static_cast<std::uint32_t>(content.size()));  // compressed
  append(out, static_cast<std::uint32_t>(content.size()));
  append(out, static_cast<std::uint16_t>(name.size()));
  append(out, std::uint16_t{0});  // no extra field
}

}  // namespace

std::uint32_t crc32_of(std::string_view content) {
  std::uint32_t crc = 0xffffffffU;
  for (const char c : content) crc = kCrcTable[(crc ^ static_cast<unsigned char>(c)) & 0xffU] ^ (crc >> 8U);
  return ~crc;
}

std::string zip_of_executable(std::string_view name, std::string_view content) {
  constexpr std::size_t headers = 256;
  const std::uint32_t crc = crc32_of(content);
  std::string archive;
  archive.reserve(content.size() + 2 * name.size() + headers);
  append(archive, kLocalHeader);
  append_file(archive, name, content, crc);
  archive += name;
  archive += content;
  const auto central_at = static_cast<std::uint32_t>(archive.size());
  append(archive, kCentralHeader);
  append(archive, kMadeOnUnix);
  append_file(archive, name, content, crc);
  append(archive, std::uint16_t{0});  // no comment
  append(archive, std::uint16_t{0});  // the first disk
  append(archive, std::uint16_t{0});  // a binary file
  append(archive, kExecutable);
  append(archive, std::uint32_t{0});  // the local header is at the start
  archive += name;
  const auto central_size = static_cast<std::uint32_t>(archive.size()) - central_at;
  append(archive, kEndOfCentral);
  append(archive, std::uint16_t{0});  // this disk
  append(archive, std::uint16_t{0});  // and the one with the central directory
  append(archive, std::uint16_t{1});  // files on this disk
  append(archive, std::uint16_t{1});  // and in all
  append(archive, central_size);
  append(archive, central_at);
  append(archive, std::uint16_t{0});  // no comment
  return archive;
}

}  // namespace vpcprobe
