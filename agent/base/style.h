#pragma once
#include <cstddef>

namespace vpcprobe {

/// The width of a page where no terminal says otherwise.
constexpr std::size_t kPageColumns = 100;
/// The narrowest page that is laid out; a narrower terminal breaks its lines itself.
constexpr std::size_t kNarrowestPage = 80;

/// How a text may look where it is read.
struct Style {
  bool colour = false;
  bool utf8 = true;                         ///< false: plain ASCII
  std::size_t page_columns = kPageColumns;  ///< kNarrowestPage to kPageColumns
  bool details = false;                     ///< everything, not one screen
};

}  // namespace vpcprobe
