#pragma once
// What the findings about rehearsed image pulls share (stages 4 and 6).
#include <string>
#include <vector>

#include "agent/diagnosis/findings.h"
#include "agent/image/report.h"

namespace vpcprobe {

/// A pull that fails, and the hop that shows it.
struct Failing {
  const ImageReport* image;
  const Hop* hop;
};

bool is_blob(const Hop& hop);
/// A blob's host that the registry sent the pull to.
bool is_layer_store(const ImageReport& image, const Hop& hop);
bool is_answer(const Hop& hop, int status);
bool is_unanswered(const Hop& hop);
bool is_layer_denied(const ImageReport& image, const Hop& hop);

using Shows = bool (*)(const ImageReport&, const Hop&);
using ShowsAtRegistry = bool (*)(const PlannedEndpoint& registry, const ImageReport&, const Hop&);
using Tell = void (*)(const Case&, const std::vector<Failing>&, Finding&);

/// One finding for each endpoint at which pulls fail as `shows` says, with `tell`'s words and evidence; an
/// image counts once.
Findings by_endpoint(const Case& scene, const Rule& rule, ShowsAtRegistry shows, Tell tell);

template <Shows shows>
Findings by_endpoint(const Case& scene, const Rule& rule, Tell tell) {
  const auto at_registry = [](const PlannedEndpoint&, const ImageReport& image, const Hop& hop) {
    return shows(image, hop);
  };
  return by_endpoint(scene, rule, at_registry, tell);
}

/// "pulling web:1.4, worker:2".
std::string pulls_of(const std::vector<Failing>& failing);
/// "HTTP 404 NAME_UNKNOWN "repository name not known to registry"".
std::string answer_words(const Hop& hop);
/// How Go ends ECS's message for an answer of no use; "…" where its words are not known.
std::string go_words(const Hop& hop);

}  // namespace vpcprobe
