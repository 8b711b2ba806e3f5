// Stage 6: images and repositories; stage 4: a registry's answers that are of no use.
#include <algorithm>

#include "agent/base/http_status.h"
#include "agent/diagnosis/findings.h"
#include "agent/diagnosis/pull_findings.h"
#include "agent/diagnosis/texts.h"
#include "agent/diagnosis/words.h"
#include "agent/image/pull_refusals.h"
#include "agent/image/registry_login.h"
#include "agent/image/report.h"

namespace vpcprobe {
namespace {

constexpr std::string_view kNameUnknown = "NAME_UNKNOWN";  // distribution specification, "Error Codes"

bool lacks_repository(const ImageReport&, const Hop& hop) {
  return is_answer(hop, http_status::not_found) && hop.error.code == kNameUnknown;
}

bool has_repository_hop(const ImageReport& image) {
  return std::any_of(image.seen.hops.begin(), image.seen.hops.end(),
                     [&](const Hop& hop) { return lacks_repository(image, hop); });
}

/// A 404 without a registry's error code comes from something that is no registry.
bool lacks_image(const ImageReport& image, const Hop& hop) {
  return hop.step == PullStep::manifest && is_answer(hop, http_status::not_found) &&
         !hop.error.code.empty() && !has_repository_hop(image);
}

bool lacks_platform(const ImageReport& image, const Hop& hop) {
  const bool decides = hop.step == PullStep::manifest || hop.step == PullStep::config;
  return decides && hop.end == HopEnd::answered && hop.status < http_status::first_error &&
         image.seen.suits == false;
}

/// The registry sends to a host that is none of the plan's, for something else than a layer.
bool is_led_elsewhere(const ImageReport& image, const Hop& hop) {
  return !is_blob(hop) && hop.step != PullStep::login && hop.host != image.registry;
}

/// Of a registry that wants a login of its own, or of the token server that it names.
bool is_login_refusal(const PlannedEndpoint& registry, const ImageReport& image, const Hop& hop) {
  const bool refused = is_answer(hop, http_status::unauthorized) || is_answer(hop, http_status::forbidden);
  return refused && !wants_aws_login(registry) && !is_layer_store(image, hop);
}

/// A challenge that the pull could answer is none: a token is asked for after it.
bool wants_login(const PlannedEndpoint& registry, const ImageReport& image, const Hop& hop) {
  if (!is_login_refusal(registry, image, hop)) return false;
  const std::vector<Hop>& hops = image.seen.hops;
  const auto next = hops.begin() + (&hop - hops.data()) + 1;
  return std::none_of(next, hops.end(), [&](const Hop& later) {
    return later.step == PullStep::token || is_login_refusal(registry, image, later);
  });
}

/// What no other code speaks of, so that no pull fails without a finding.
bool is_unusable(const PlannedEndpoint& registry, const ImageReport& image, const Hop& hop) {
  if (hop.step == PullStep::repository || hop.end == HopEnd::cancelled) return false;
  if (hop.end == HopEnd::not_reached) return is_led_elsewhere(image, hop);
  if (is_unanswered(hop)) return !is_layer_store(image, hop);
  if (hop.end != HopEnd::answered) return true;
  if (hop.status < http_status::first_error || is_call(registry, hop)) return false;
  const bool missing =
      lacks_repository(image, hop) || lacks_image(image, hop) ||
      (hop.step == PullStep::manifest && is_answer(hop, http_status::not_found) && has_repository_hop(image));
  return !missing && !is_layer_denied(image, hop) && !is_login_refusal(registry, image, hop);
}

void tell_answer(const Case&, const std::vector<Failing>& failing, Finding& finding) {
  const Hop& hop = *failing.front().hop;
  finding.observed = pulls_of(failing) + ": " + hop.host + " answers " + answer_words(hop);
}

void tell_platform(const Case&, const std::vector<Failing>& failing, Finding& finding) {
  const ImageReport& image = *failing.front().image;
  std::vector<std::string> offered;
  for (const ImagePlatform& platform : image.seen.offered) offered.push_back(platform.to_string());
  if (offered.empty()) offered.emplace_back("no platform at all");
  finding.observed =
      pulls_of(failing) + ": wanted is " + image.platform + ", the image has " + enumerate(offered, 6);
  add_evidence(finding, "platform", image.platform);
  add_evidence(finding, "platform_seen", true);
  add_evidence(finding, "offered", offered);
}

void tell_unusable(const Case&, const std::vector<Failing>& failing, Finding& finding) {
  const Hop& hop = *failing.front().hop;
  const bool readable = hop.end == HopEnd::answered;
  std::string what = readable ? answer_words(hop) : hop_end_words(hop);
  finding.observed = pulls_of(failing) + ": " + hop.host + ", asked for the " +
                     std::string(to_string(hop.step)) + ": " + what;
  add_evidence(finding, "server_error", readable && hop.status >= http_status::first_server_error);
  add_evidence(finding, "stalled", hop.end == HopEnd::no_answer);
  add_evidence(finding, "cut_off", hop.end == HopEnd::cut_off);
  add_evidence(finding, "bad_redirect",
               hop.end == HopEnd::redirect_loop || hop.end == HopEnd::redirect_malformed ||
                   hop.end == HopEnd::redirect_to_plain_http);
  add_evidence(finding, "failure", go_words(hop));
}

/// A registry says why it refuses; what says nothing may stand before it.
void tell_login(const Case& scene, const std::vector<Failing>& failing, Finding& finding) {
  tell_answer(scene, failing, finding);
  const Hop& hop = *failing.front().hop;
  const bool unexplained = hop.status == http_status::forbidden && hop.error.code.empty();
  add_evidence(finding, "unexplained", unexplained);
  if (unexplained) finding.severity = Severity::warning;
}

Findings check_repository_not_found(const Case& scene, const Rule& rule) {
  return by_endpoint<lacks_repository>(scene, rule, tell_answer);
}

Findings check_image_not_found(const Case& scene, const Rule& rule) {
  return by_endpoint<lacks_image>(scene, rule, tell_answer);
}

Findings check_image_platform_mismatch(const Case& scene, const Rule& rule) {
  return by_endpoint<lacks_platform>(scene, rule, tell_platform);
}

Findings check_registry_answer_unusable(const Case& scene, const Rule& rule) {
  return by_endpoint(scene, rule, is_unusable, tell_unusable);
}

Findings check_registry_login_required(const Case& scene, const Rule& rule) {
  return by_endpoint(scene, rule, wants_login, tell_login);
}

constexpr const char* show_images =
    "aws ecr describe-images --region {service_region} --repository-name <repository> --query "
    "'imageDetails[].[imageTags,imagePushedAt]'";
constexpr const char* show_repositories =
    "aws ecr describe-repositories --region {service_region} --query 'repositories[].repositoryUri'";
constexpr const char* first_pull_through_cache =
    "the repository is a pull-through cache: the first pull of an image needs a path to the internet from "
    "the "
    "VPC, and ecr:BatchImportUpstreamImage for the role that pulls";

constexpr const char* registry_disturbed = "the registry, or the store behind it, is disturbed";

// What the conditions below name, besides what an endpoint is.
constexpr std::string_view kEvidence[] = {"bad_redirect", "cut_off", "elsewhere",  "platform_seen",
                                          "server_error", "stalled", "unexplained"};

constexpr Rule kRows[] = {
    {
        .code = "registry-answer-unusable",
        .meaning = "a pull gets an answer that no client can use: a server error, no or broken JSON, too "
                   "much, silence, redirects in a circle or away from https",
        .title = "{name}: an answer to the image pull cannot be used",
        .stage = 4,
        .check = check_registry_answer_unusable,
        .ecs_reason = "{failure}",
        .causes = {{{"registry-disturbed", registry_disturbed, "server_error"},
                    {"registry-redirects-wrongly",
                     "it is set up wrongly: it sends the pull where no client may follow", "bad_redirect"},
                    {"mtu-black-hole", mtu_black_hole, "stalled"},
                    {"proxy-answers-for-registry",
                     "a proxy or filter on the path answers instead, or cuts the answer"},
                    {"registry-disturbed", registry_disturbed, "cut_off"}}},
        .fix = {{{"Ask for the manifest from elsewhere: docker buildx imagetools inspect {image}", "", true},
                 {through_a_proxy, show_routes, true},
                 {"Take the proxy or filter off the path to {hop_host}, or ask the registry's owner to fix "
                  "it"}}},
    },
    {
        .code = "repository-not-found",
        .meaning = "the registry has no such repository",
        .title = "{name} has no such repository",
        .stage = 6,
        .check = check_repository_not_found,
        .blame = Blame::missing,
        .ecs_reason = "not found",
        .causes = {{{"image-reference-wrong",
                     "the name, the account or the region in the image reference is wrong", "!elsewhere"},
                    {"repository-of-another-account",
                     "it is in another account, and its policy does not show it to this role", "!elsewhere"},
                    {"pull-through-cache-first-pull", first_pull_through_cache, "!elsewhere"},
                    {"image-private-or-misspelt", "the image is private there, or its name is misspelt",
                     "elsewhere"}}},
        .fix = {{{"List the repositories", show_repositories, true, "!elsewhere"},
                 {"Write the image as ACCOUNT.dkr.ecr.REGION.amazonaws.com/REPOSITORY:TAG", "", false,
                  "!elsewhere"},
                 {"Correct the repository's name in the task definition, or create it there", "", false,
                  "elsewhere"}}},
    },
    {
        .code = "image-not-found",
        .meaning = "the repository has no such tag or digest",
        .title = "{name} has the repository, and no such image in it",
        .stage = 6,
        .check = check_image_not_found,
        .blame = Blame::missing,
        .ecs_reason = "not found",
        .causes = {{{"tag-never-pushed", "the tag was never pushed, or is misspelt"},
                    {"lifecycle-policy-deleted-image", "a lifecycle policy has deleted it", "!elsewhere"},
                    {"image-pushed-elsewhere", "it was pushed to another region or account", "!elsewhere"},
                    {"pull-through-cache-first-pull", first_pull_through_cache, "!elsewhere"}}},
        .fix = {{{"List the images", show_images, true, "!elsewhere"},
                 {"Push it, or name one that is there; a digest cannot move, a tag can"}}},
    },
    {
        .code = "image-platform-mismatch",
        .meaning = "the image is for another platform than the task runs on",
        .title = "The image is for another platform than the task runs on",
        .stage = 6,
        .check = check_image_platform_mismatch,
        .blame = Blame::missing,
        .ecs_reason = "image Manifest does not contain descriptor matching platform",
        .causes = {{{"built-for-another-processor",
                     "it was built on a machine of the other kind: an Apple or Graviton processor makes "
                     "arm64, the task runs on X86_64, or the reverse"},
                    {"runtime-platform-missing",
                     "runtimePlatform in the task definition is missing: then it is Linux on X86_64"},
                    {"entry-point-without-interpreter", "the entry point is a script without a #! line",
                     "!platform_seen"}}},
        .fix = {{{"Show the task definition", show_task_definition, true},
                 {"Build for both: docker buildx build --platform linux/amd64,linux/arm64"},
                 {"Or set runtimePlatform.cpuArchitecture to the image's"}}},
    },
    {
        .code = "registry-login-required",
        .meaning = "a registry refuses without a login of its own, so its image was not checked any further; "
                   "a warning where its 403 has no registry's words",
        .title = "{name} refuses without a login: its image was not checked any further",
        .severity = Severity::note,
        .check = check_registry_login_required,
        .causes = {{{"proxy-refuses-pull",
                     "a proxy or filter on the path refuses instead: the answer has no registry's words",
                     "unexplained"},
                    {"image-private", private_image},
                    {"repository-may-not-exist", hidden_repository}}},
        .fix = {{{has_repository_credentials, show_task_definition, true},
                 {"Try the name with a login: docker manifest inspect {image}"}}},
    },
};
static_assert(conditions_exist(kRows, kEvidence), "a cause or fix names a condition that no check sets");
static_assert(rows_are_complete(kRows), "a row lacks a code, a text, a cause or a fix");

}  // namespace

std::span<const Rule> image_rules() { return kRows; }

}  // namespace vpcprobe
