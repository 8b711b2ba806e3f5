#pragma once
#include <string_view>

namespace vpcprobe {

/// The roots that AWS's certificates end at (Amazon Root CA 1-4, Starfield Services Root CA - G2), as PEM, so
/// that a binary in an empty container can verify them. Source: container/roots.pem. Lives for ever.
std::string_view builtin_roots_pem();
/// The release date of the collection that they come from: YYYY-MM-DD.
std::string_view builtin_roots_date();

}  // namespace vpcprobe
