#pragma once
#include <atomic>
#include <string>

#include "agent/task/options.h"

namespace vpcprobe {

/// What a command gets of the process around it.
struct Surroundings {
  const Options& options;
  const Environment& environment;
  const std::atomic<bool>& stop;  ///< set by SIGTERM and SIGINT
  std::string& more_roots;        ///< what --ca-file holds (PEM), from the first round on
};

}  // namespace vpcprobe
