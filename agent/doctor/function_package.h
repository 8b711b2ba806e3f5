#pragma once
// A program of ours as Lambda takes it.
#include <cstddef>
#include <string>
#include <string_view>

#include "agent/base/result.h"

namespace vpcprobe {

/// AWS: "Lambda quotas", a zip archive that is uploaded directly.
constexpr std::size_t kLongestPackage = 50U << 20;

struct FunctionPackage {
  std::string architecture;  ///< of the program: "x86_64", "arm64"
  std::string zip;           ///< the archive with the program as `bootstrap`, in base64
  std::string digest;        ///< 16 hexadecimal digits that change with the program
  /// It loads shared libraries: a build of its own, no release. Lambda's runtime may not have them.
  bool loads_libraries = false;
};

/// Packs a 64-bit ELF program for x86-64 or ARM (System V ABI, "Object Files"). Any bytes are safe. The error
/// says why it is none.
Result<FunctionPackage> package_of(std::string_view program);

}  // namespace vpcprobe
