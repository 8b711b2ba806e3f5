#include "agent/doctor/function_package.h"

#include <algorithm>
#include <array>
#include <cstdint>

#include "agent/base/digest.h"
#include "agent/base/zip_archive.h"
#include "probes/base64.h"

namespace vpcprobe {
namespace {

// The file header and a program header of ELF's 64-bit form: where their fields are.
constexpr std::size_t kHeaderBytes = 64;
constexpr std::size_t kProgramHeaderBytes = 56;
constexpr std::size_t kMachineAt = 18;
constexpr std::size_t kProgramHeadersAt = 32;
constexpr std::size_t kProgramHeaderCountAt = 56;
constexpr std::string_view kMagic(
    "\x7f"
    "ELF\x02\x01",
    6);                                    // 64 bits, the least significant byte first
constexpr std::uint64_t kInterpreter = 3;  // PT_INTERP

struct Machine {
  std::uint64_t number;  ///< e_machine
  std::string_view architecture;
};
constexpr std::array<Machine, 2> kMachines{{{62, "x86_64"}, {183, "arm64"}}};

/// `bytes` must hold the field.
std::uint64_t number_at(std::string_view bytes, std::size_t at, std::size_t size) {
  std::uint64_t number = 0;
  for (std::size_t i = size; i-- > 0;) number = number << 8U | static_cast<unsigned char>(bytes[at + i]);
  return number;
}

bool has_interpreter(std::string_view program) {
  const std::uint64_t first = number_at(program, kProgramHeadersAt, 8);
  const std::uint64_t count = number_at(program, kProgramHeaderCountAt, 2);
  for (std::uint64_t i = 0; i < count; ++i) {
    const std::uint64_t at = first + i * kProgramHeaderBytes;
    if (at >= program.size() || program.size() - at < kProgramHeaderBytes) return false;
    if (number_at(program, at, 4) == kInterpreter) return true;
  }
  return false;
}

}  // namespace

Result<FunctionPackage> package_of(std::string_view program) {
  if (program.size() < kHeaderBytes || !program.starts_with(kMagic))
    return UsageError{"no program for Linux; give the file vpc-probe of a release"};
  const std::uint64_t number = number_at(program, kMachineAt, 2);
  const auto machine = std::find_if(kMachines.begin(), kMachines.end(),
                                    [&](const Machine& row) { return row.number == number; });
  if (machine == kMachines.end())
    return UsageError{"a program for another processor; Lambda has x86_64 and arm64"};
  const std::string archive = zip_of_executable("bootstrap", program);
  if (archive.size() > kLongestPackage) return UsageError{"larger than the 50 MB that Lambda takes"};
  FunctionPackage package;
  package.architecture = machine->architecture;
  package.zip = encode_base64(archive);
  package.digest = digest_of(program);
  package.loads_libraries = has_interpreter(program);
  return package;
}

}  // namespace vpcprobe
