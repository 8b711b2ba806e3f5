#include "agent/diagnosis/pull_findings.h"

#include <algorithm>
#include <map>

#include "agent/base/http_status.h"
#include "agent/diagnosis/findings.h"
#include "agent/diagnosis/words.h"
#include "agent/image/pull_refusals.h"
#include "agent/image/registry_login.h"
#include "agent/image/report.h"

namespace vpcprobe {
namespace {

std::size_t registry_place(const Case& scene, const ImageReport& image) {
  const auto& endpoints = scene.plan.endpoints;
  const auto registry = std::find_if(endpoints.begin(), endpoints.end(),
                                     [&](const PlannedEndpoint& p) { return p.id == image.endpoint; });
  return static_cast<std::size_t>(registry - endpoints.begin());
}

std::vector<std::string> names_of(const std::vector<Failing>& failing) {
  std::vector<std::string> names;
  for (const Failing& one : failing) names.push_back(one.image->image);
  return names;
}

void add_hop_evidence(Finding& finding, const std::vector<Failing>& failing, const PlannedEndpoint& planned) {
  const auto& [image, hop] = failing.front();
  add_evidence(finding, "images", names_of(failing));
  add_evidence(finding, "image", image->image);
  add_evidence(finding, "repository", image->repository);
  add_evidence(finding, "reference", image->reference);
  add_evidence(finding, "step", std::string(to_string(hop->step)));
  add_evidence(finding, "hop_host", hop->host);
  add_evidence(finding, "hop_end", std::string(to_string(hop->end)));
  add_evidence(finding, "http_status", static_cast<std::int64_t>(hop->status));
  add_evidence(finding, "error_code", hop->error.code);
  add_evidence(finding, "error_message", hop->error.message);
  add_evidence(finding, "elsewhere", planned.service == nullptr || planned.service->exit_unit == 0);
}

}  // namespace

bool is_blob(const Hop& hop) { return hop.step == PullStep::config || hop.step == PullStep::layer; }

bool is_layer_store(const ImageReport& image, const Hop& hop) {
  return is_blob(hop) && (hop.host != image.registry || hop.port != image.port);
}

bool is_answer(const Hop& hop, int status) { return hop.end == HopEnd::answered && hop.status == status; }

bool is_unanswered(const Hop& hop) { return hop.end == HopEnd::no_answer || hop.end == HopEnd::cut_off; }

bool is_layer_denied(const ImageReport& image, const Hop& hop) {
  return is_layer_store(image, hop) && is_answer(hop, http_status::forbidden);
}

std::string answer_words(const Hop& hop) {
  std::string words = "HTTP " + std::to_string(hop.status);
  if (!hop.error.code.empty()) words += " " + hop.error.code;
  if (!hop.error.message.empty()) words += " \"" + hop.error.message + "\"";
  if (!hop.request_id.empty()) words += " (request " + hop.request_id + ")";
  return words;
}

Findings by_endpoint(const Case& scene, const Rule& rule, ShowsAtRegistry shows, Tell tell) {
  std::map<const PlannedEndpoint*, std::vector<Failing>> failing;
  for (const ImageReport& image : scene.images) {
    const std::size_t place = registry_place(scene, image);
    const PlannedEndpoint& registry = scene.plan.endpoints[place];
    const auto& hops = image.seen.hops;
    const auto hop =
        std::find_if(hops.begin(), hops.end(), [&](const Hop& h) { return shows(registry, image, h); });
    if (hop == hops.end()) continue;
    failing[&scene.plan.endpoints[endpoint_of(scene.plan, place, *hop)]].push_back({&image, &*hop});
  }
  Findings findings;
  for (const Subject& subject : subjects_of(scene)) {
    const auto found = failing.find(&subject.planned);
    if (found == failing.end()) continue;
    Finding finding = about(rule, subject, {}, "");
    add_hop_evidence(finding, found->second, subject.planned);
    tell(scene, found->second, finding);
    findings.push_back(std::move(finding));
  }
  return findings;
}

std::string pulls_of(const std::vector<Failing>& failing) {
  return "pulling " + enumerate(names_of(failing), 3);
}

std::string go_words(const Hop& hop) {
  switch (hop.end) {
    case HopEnd::answered:
      return "unexpected status code " + std::to_string(hop.status);
    case HopEnd::no_answer:
      return "i/o timeout";
    case HopEnd::cut_off:
      return hop.status > 0 ? "unexpected EOF" : "…";
    case HopEnd::redirect_loop:
      return "stopped after 10 redirects";
    default:
      return "…";
  }
}

}  // namespace vpcprobe
