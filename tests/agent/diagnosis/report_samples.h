#pragma once
// Reports built by hand, for the renderers' tests.
#include <cstddef>
#include <string>

#include "agent/diagnosis/report.h"

namespace vpcprobe::samples {

Report failing();     ///< no S3 gateway endpoint: one root, two consequences
Report passing();     ///< all well, one note
Report warnings();    ///< works, one zone only
Report incomplete();  ///< a signal came first
Report pulled();      ///< two images: one to its last layer and measured, one whose layers are refused
Report refused();     ///< every address answers, and a policy of one endpoint refuses
Report ipv6();        ///< addresses too wide for one row
/// One endpoint with `addresses` addresses in three networks; every 100th is silent.
Report many(std::size_t addresses);
/// `text` stands in every field that a peer, a file or the environment can fill.
Report foreign(const std::string& text);
/// Control characters, broken UTF-8, text that turns around, names without end.
std::string hostile_text();

}  // namespace vpcprobe::samples
