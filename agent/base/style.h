#pragma once

namespace vpcprobe {

/// How a text may look where it is read.
struct Style {
  bool colour = false;
  bool utf8 = true;  ///< false: plain ASCII
};

}  // namespace vpcprobe
