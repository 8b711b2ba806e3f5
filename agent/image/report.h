#pragma once
#include <string>
#include <vector>

#include "agent/image/pull.h"

namespace vpcprobe {

/// An image of the task and its rehearsed pull, as a report has it.
struct ImageReport {
  std::string image;     ///< as the task names it
  std::string endpoint;  ///< id of its registry
  std::string registry;  ///< host that was asked
  std::uint16_t port = 443;
  std::string repository;
  std::string reference;  ///< tag or digest
  std::string platform;   ///< that was wanted: "linux/amd64"
  ImageObservation seen;
};

/// How a request ended that has no usable answer: "no complete answer in 3.0 s".
std::string hop_end_words(const Hop& hop);

/// What became of the pull, in one line: "3 layers, 12.3 MB; first byte of each within 14 ms, from …", or
/// where it ended.
std::string pull_words(const ImageReport& image);

/// "1 byte", "12.3 MB": decimal units, as registries count.
std::string size_words(std::uint64_t bytes);

/// What a pull of all bytes would take at the pace that was measured; nothing where nothing was.
std::optional<Elapsed> pull_estimate(const ImageObservation& image);

}  // namespace vpcprobe
