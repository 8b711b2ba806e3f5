// The pull of an image, step by step; the images of a task go through each step together.
#include "agent/image/rehearse.h"

#include <algorithm>
#include <map>
#include <set>

#include "agent/base/http_status.h"
#include "agent/image/courier.h"
#include "agent/image/registry_challenge.h"
#include "agent/image/registry_login.h"

namespace vpcprobe {
namespace {

constexpr const char* kDefaultArchitecture = "X86_64";  // AWS: "RuntimePlatform", cpuArchitecture
constexpr std::size_t kFirstBytes = 4096;               // of a layer: more than the head's packet holds

/// What a registry may give for a tag or digest.
constexpr const char* kAccepted =
    "Accept: application/vnd.oci.image.index.v1+json, application/vnd.oci.image.manifest.v1+json, "
    "application/vnd.docker.distribution.manifest.list.v2+json, "
    "application/vnd.docker.distribution.manifest.v2+json";

bool is_refusal(int status) {
  return status == http_status::unauthorized || status == http_status::forbidden;
}

/// The pull of one image, as far as it has come.
struct Walk {
  const PlannedImage* image;
  WebAddress registry;
  ImageObservation* seen;
  bool by_aws;  ///< logs in with AWS credentials
  std::string authorization{};
  std::string challenge{};  ///< of the registry's 401
  std::optional<Manifest> manifest{};
  bool asked_again = false;  ///< with a token
  bool over = false;

  void add(const Delivery& delivery) const {
    seen->hops.insert(seen->hops.end(), delivery.hops.begin(), delivery.hops.end());
  }
  void stop_at(PullStop why) {
    seen->stop = why;
    over = true;
  }
  /// Other registries refuse requests without a login of their own.
  void stop_if_refused(const Delivery& delivery) {
    if (!by_aws && is_refusal(delivery.status())) stop_at(PullStop::login_required);
  }
  /// The last answer cannot be used, for this reason.
  void refuse(std::string why) {
    seen->hops.back().end = HopEnd::unusable;
    seen->hops.back().detail = std::move(why);
    over = true;
  }

  Errand errand(PullStep step, const std::string& kind, const std::string& what) const {
    Errand out;
    out.step = step;
    out.to = registry;
    out.to.target = "/v2/" + image->name.repository + "/" + kind + "/" + what;
    if (is_digest(what)) out.blob = what;
    out.authorization = authorization;
    out.max_body = kLongestManifest;
    return out;
  }
  /// To the token server that the challenge names, if one is to be asked.
  std::optional<Errand> token_errand() {
    if (!asked_again) return std::nullopt;
    const ReadAddress where = token_address(parse_challenge(challenge), registry, image->name.repository);
    if (where.fault != AddressFault::none) {
      refuse("the registry names no https address of a token server");
      return std::nullopt;
    }
    Errand out;
    out.step = PullStep::token;
    out.to = where.address;
    return out;
  }
  Errand manifest_errand(PullStep step, const std::string& reference) const {
    Errand out = errand(step, "manifests", reference);
    out.headers = {kAccepted};
    return out;
  }
};

class Rehearsal {
 public:
  Rehearsal(const Plan& plan, Courier& courier, const ImagePlatform& wanted, PullObservation& out)
      : plan_(plan), courier_(courier), wanted_(wanted) {
    out.images.resize(plan.images.size());
    for (std::size_t i = 0; i < plan.images.size(); ++i) {
      const PlannedEndpoint& registry = plan.endpoints[plan.images[i].endpoint];
      const Target& target = registry.target;
      walks_.push_back(
          {&plan.images[i], {target.host, target.port, "/"}, &out.images[i], wants_aws_login(registry)});
    }
  }

  void log_in(const AwsKeys& keys);
  void fetch_manifests();
  void answer_challenges();
  void tell_what_is_missing();
  void choose_platforms();
  void fetch_blobs();
  void measure(std::uint64_t most_bytes);

 private:
  /// Sends what `make` gives for each walk that goes on; `take` gets the walk and its delivery, whose hops it
  /// has already.
  template <typename Make, typename Take>
  void each(Make make, Take take) {
    std::vector<Errand> errands;
    std::vector<Walk*> walks;
    for (Walk& walk : walks_) {
      std::optional<Errand> errand;
      if (!walk.over) errand = make(walk);
      if (!errand) continue;
      errands.push_back(std::move(*errand));
      walks.push_back(&walk);
    }
    std::vector<Delivery> deliveries = courier_.send(errands);
    for (std::size_t i = 0; i < walks.size(); ++i) {
      walks[i]->add(deliveries[i]);
      take(*walks[i], deliveries[i]);
    }
  }

  void take_manifest(Walk& walk, const Delivery& delivery);
  void take_blobs(Walk& walk, const std::vector<Delivery>& deliveries, std::size_t first, std::size_t count);

  const Plan& plan_;
  Courier& courier_;
  const ImagePlatform& wanted_;
  std::vector<Walk> walks_;
};

/// One login for each API, shared by all images behind it.
void Rehearsal::log_in(const AwsKeys& keys) {
  std::map<std::string, std::vector<Walk*>> by_host;
  std::vector<Errand> errands;
  for (Walk& walk : walks_) {
    if (!walk.by_aws) continue;
    const PlannedEndpoint& registry = plan_.endpoints[walk.image->endpoint];
    if (keys.access_key_id.empty()) {
      walk.stop_at(PullStop::no_credentials);
      continue;
    }
    Errand errand = login_errand(registry, plan_, keys);
    std::vector<Walk*>& sharing = by_host[errand.to.host];
    if (sharing.empty()) errands.push_back(std::move(errand));
    sharing.push_back(&walk);
  }
  const std::vector<Delivery> deliveries = courier_.send(errands);
  for (std::size_t i = 0; i < errands.size(); ++i) {
    const std::string token = deliveries[i].ok() ? parse_authorization(deliveries[i].reply.body) : "";
    for (Walk* walk : by_host[errands[i].to.host]) {
      walk->add(deliveries[i]);
      walk->over = token.empty();
      if (deliveries[i].ok() && token.empty()) walk->refuse("no authorizationToken in the answer");
      walk->authorization = "Basic " + token;
    }
  }
}

void Rehearsal::take_manifest(Walk& walk, const Delivery& delivery) {
  walk.over = !delivery.ok();
  if (walk.over) return;
  auto manifest = parse_manifest(delivery.reply.body);
  if (!manifest) return walk.refuse(manifest.error().message);
  walk.manifest = std::move(manifest.value());
  const std::string_view digest = header_of(delivery.reply, "Docker-Content-Digest");
  if (walk.seen->digest.empty() && is_digest(digest)) walk.seen->digest = digest;
}

void Rehearsal::fetch_manifests() {
  each([](Walk& walk) { return walk.manifest_errand(PullStep::manifest, walk.image->name.reference); },
       [this](Walk& walk, const Delivery& delivery) {
         take_manifest(walk, delivery);
         if (delivery.status() == http_status::unauthorized)
           walk.challenge = header_of(delivery.reply, "WWW-Authenticate");
         if (walk.challenge.empty()) walk.stop_if_refused(delivery);
       });
}

/// A registry that answers 401 with a Bearer challenge gives out tokens, to anybody for what is public.
void Rehearsal::answer_challenges() {
  for (Walk& walk : walks_) {
    if (walk.challenge.empty() || walk.by_aws) continue;
    walk.asked_again = parse_challenge(walk.challenge).scheme == LoginScheme::bearer;
    walk.over = !walk.asked_again;
    if (walk.over) walk.stop_at(PullStop::login_required);
  }
  each([](Walk& walk) { return walk.token_errand(); },
       [](Walk& walk, const Delivery& delivery) {
         const std::string token = delivery.ok() ? parse_token(delivery.reply.body) : "";
         walk.authorization = "Bearer " + token;
         walk.over = token.empty();
         if (delivery.ok() && token.empty()) walk.refuse("no token in the answer");
         walk.stop_if_refused(delivery);
       });
  each(
      [](Walk& walk) -> std::optional<Errand> {
        if (!walk.asked_again) return std::nullopt;
        return walk.manifest_errand(PullStep::manifest, walk.image->name.reference);
      },
      [this](Walk& walk, const Delivery& delivery) {
        take_manifest(walk, delivery);
        walk.stop_if_refused(delivery);
      });
}

/// Some registries say "manifest unknown" for a repository that they do not have.
void Rehearsal::tell_what_is_missing() {
  std::set<Walk*> missing;
  for (Walk& walk : walks_) {
    const std::vector<Hop>& hops = walk.seen->hops;
    const bool unknown = !hops.empty() && hops.back().status == http_status::not_found &&
                         hops.back().end == HopEnd::answered && hops.back().error.code != "NAME_UNKNOWN";
    if (!unknown) continue;
    missing.insert(&walk);
    walk.over = false;
  }
  each(
      [&](Walk& walk) -> std::optional<Errand> {
        if (!missing.contains(&walk)) return std::nullopt;
        return walk.errand(PullStep::repository, "tags", "list?n=1");
      },
      [](Walk& walk, const Delivery&) { walk.over = true; });
}

void Rehearsal::choose_platforms() {
  each(
      [this](Walk& walk) -> std::optional<Errand> {
        if (!walk.manifest || !walk.manifest->is_index) return std::nullopt;
        for (const Descriptor& manifest : walk.manifest->manifests) {
          if (manifest.platform) walk.seen->offered.push_back(*manifest.platform);
        }
        const Descriptor* chosen = choose_manifest(*walk.manifest, wanted_);
        walk.over = chosen == nullptr;
        if (chosen == nullptr || chosen->platform) walk.seen->suits = chosen != nullptr;
        if (chosen == nullptr) return std::nullopt;
        walk.seen->digest = chosen->digest;
        return walk.manifest_errand(PullStep::platform, chosen->digest);
      },
      [this](Walk& walk, const Delivery& delivery) {
        take_manifest(walk, delivery);
        walk.stop_if_refused(delivery);
        if (walk.manifest && walk.manifest->is_index) walk.refuse("an index within an index");
      });
}

/// The blobs of a manifest, each once.
std::vector<Errand> blob_errands(const Walk& walk) {
  std::vector<Errand> errands{walk.errand(PullStep::config, "blobs", walk.manifest->config.digest)};
  std::set<std::string> asked{walk.manifest->config.digest};
  for (const Descriptor& layer : walk.manifest->layers) {
    if (!asked.insert(layer.digest).second) continue;
    errands.push_back(walk.errand(PullStep::layer, "blobs", layer.digest));
    errands.back().enough = kFirstBytes;
  }
  return errands;
}

void Rehearsal::take_blobs(Walk& walk, const std::vector<Delivery>& deliveries, std::size_t first,
                           std::size_t count) {
  ImageObservation& seen = *walk.seen;
  for (std::size_t i = first; i < first + count; ++i) walk.add(deliveries[i]);
  walk.over = !std::all_of(deliveries.begin() + static_cast<std::ptrdiff_t>(first),
                           deliveries.begin() + static_cast<std::ptrdiff_t>(first + count),
                           [](const Delivery& delivery) { return delivery.ok(); });
  for (std::size_t i = first; i < first + count; ++i) {
    if (!deliveries[i].hops.empty() && deliveries[i].hops.back().host == walk.registry.host)
      walk.stop_if_refused(deliveries[i]);
  }
  const Delivery& config = deliveries[first];
  if (!config.ok() || seen.suits) return;
  const auto platform = parse_config_platform(config.reply.body);
  if (!platform) return;
  seen.offered = {*platform};
  seen.suits = suitability(wanted_, *platform) > 0;
}

void Rehearsal::fetch_blobs() {
  std::vector<Errand> errands;
  std::vector<std::pair<Walk*, std::size_t>> places;  // and the first of its errands
  for (Walk& walk : walks_) {
    if (walk.over || !walk.manifest) continue;
    ImageObservation& seen = *walk.seen;
    seen.bytes = walk.manifest->config.size;
    for (const Descriptor& layer : walk.manifest->layers) seen.bytes += layer.size;
    seen.layers = walk.manifest->layers.size();
    seen.foreign_layers = walk.manifest->foreign_layers;
    places.emplace_back(&walk, errands.size());
    for (Errand& errand : blob_errands(walk)) errands.push_back(std::move(errand));
  }
  const std::vector<Delivery> deliveries = courier_.send(errands);
  for (std::size_t i = 0; i < places.size(); ++i) {
    const std::size_t end = i + 1 < places.size() ? places[i + 1].second : errands.size();
    take_blobs(*places[i].first, deliveries, places[i].second, end - places[i].second);
  }
}

/// The largest layers first: they take the time.
void Rehearsal::measure(std::uint64_t most_bytes) {
  for (Walk& walk : walks_) {
    if (walk.over || !walk.manifest || most_bytes == 0) continue;
    std::vector<Descriptor> layers = walk.manifest->layers;
    std::stable_sort(layers.begin(), layers.end(),
                     [](const Descriptor& a, const Descriptor& b) { return a.size > b.size; });
    std::vector<Errand> errands;
    for (const Descriptor& layer : layers) {
      const std::uint64_t share = std::min(layer.size, most_bytes);
      if (share == 0) break;
      most_bytes -= share;
      Errand errand = walk.errand(PullStep::layer, "blobs", layer.digest);
      errand.enough = share;
      errand.keep_body = false;
      errand.patient = true;
      errands.push_back(std::move(errand));
    }
    const auto begun = std::chrono::steady_clock::now();
    Measured measured;
    for (const Delivery& delivery : courier_.send(errands)) measured.bytes += delivery.reply.body_bytes;
    measured.elapsed = std::chrono::duration_cast<Elapsed>(std::chrono::steady_clock::now() - begun);
    if (measured.bytes > 0) walk.seen->measured = measured;
  }
}

void mark_cancelled(PullObservation& out) {
  for (ImageObservation& image : out.images) {
    const bool cut = std::any_of(image.hops.begin(), image.hops.end(),
                                 [](const Hop& hop) { return hop.end == HopEnd::cancelled; });
    if (cut) image.stop = PullStop::cancelled;
  }
}

}  // namespace

ImagePlatform wanted_platform(const Options& options, const TaskContext& context, const Plan& plan) {
  if (options.platform) return *options.platform;
  ImagePlatform wanted = machine_platform();
  if (plan.platform.windows) wanted.os = "windows";
  if (context.definition) {
    const std::string& said = context.definition->architecture;
    // On EC2 the instance decides, and this may be one.
    if (!said.empty() || plan.platform.fargate)
      wanted.architecture = architecture_name(said.empty() ? kDefaultArchitecture : said);
  }
  return wanted;
}

PullObservation rehearse_pulls(const Options& options, const Plan& plan, const Observation& seen,
                               const ImagePlatform& wanted, const AwsKeys& keys,
                               std::chrono::steady_clock::time_point deadline,
                               const std::atomic<bool>& stop) {
  PullObservation out;
  out.platform = wanted.to_string();
  Courier courier(plan, seen, plan.settings, deadline, stop);
  Rehearsal rehearsal(plan, courier, wanted, out);
  rehearsal.log_in(keys);
  rehearsal.fetch_manifests();
  rehearsal.answer_challenges();
  rehearsal.tell_what_is_missing();
  rehearsal.choose_platforms();
  rehearsal.fetch_blobs();
  mark_cancelled(out);
  rehearsal.measure(options.measure_bytes);
  courier.take_hosts(out);
  return out;
}

}  // namespace vpcprobe
