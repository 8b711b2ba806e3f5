// No pull fails without a finding: every step, whoever answers it, and every status that is an error.
#include <algorithm>

#include "agent/image/pull_refusals.h"
#include "catch.h"
#include "scenarios/world.h"
#include "text.h"

using namespace vpcprobe;
using scenarios::World;

namespace {

constexpr const char* kOther = "registry.example.com";
constexpr const char* kElsewhere = "elsewhere.example.com";
constexpr const char* kBucket = "prod-eu-west-1-starport-layer-bucket.s3.eu-west-1.amazonaws.com";

/// A registry, and an image in it.
struct Registry {
  const char* id;
  const char* image;
};
constexpr Registry kRegistries[] = {
    {"ecr.dkr", "111122223333.dkr.ecr.eu-west-1.amazonaws.com/app:1"},
    {"ecr-public", "public.ecr.aws/nginx/nginx:1"},
    {kOther, "registry.example.com/app:1"},
};
constexpr PullStep kSteps[] = {PullStep::login,    PullStep::token,  PullStep::manifest,
                               PullStep::platform, PullStep::config, PullStep::layer};

/// A pull from `registry` whose `step` ends with `status` from `host`; empty for the registry's own.
void end_pull(World& world, const Registry& registry, PullStep step, const std::string& host, int status,
              const char* error) {
  world.add_service("ecr-public", {"10.0.1.51"});
  world.add_target(kOther, 443, {"10.0.1.50"});
  world.pull(registry.id, registry.image, "");
  ImageObservation& image = world.pulls.images.back();
  Hop hop = image.hops.front();
  hop.step = step;
  hop.status = status;
  hop.error.code = error;
  if (!host.empty()) hop.host = host;
  image.hops.resize(step <= PullStep::manifest ? 0 : 1);
  if (step == PullStep::token) {
    Hop challenge = hop;
    challenge.step = PullStep::manifest;
    challenge.status = 401;
    image.hops.push_back(challenge);
  }
  image.hops.push_back(hop);
}

std::string codes_of(const Report& report) {
  std::string codes;
  for (const Finding& finding : report.findings) codes += finding.code + " ";
  return codes;
}

}  // namespace

TEST_CASE("a pull that fails gives a finding at every step, from every host, for every status") {
  for (const Registry& registry : kRegistries) {
    for (const PullStep step : kSteps) {
      const bool by_aws = registry.id == std::string("ecr.dkr");
      if ((step == PullStep::login && !by_aws) || (step == PullStep::token && by_aws)) continue;
      for (const std::string host : {"", kBucket, kElsewhere}) {
        for (const int status : {400, 401, 403, 404, 405, 416, 429, 451, 500, 503}) {
          for (const char* error : {"", "DENIED"}) {
            World world;
            end_pull(world, registry, step, host, status, error);
            INFO(registry.id << " " << to_string(step) << " " << host << " " << status << " " << error);
            const Report report = world.report();
            CHECK_FALSE(report.findings.empty());
            if (status == 429) CHECK(codes_of(report) == "throttled ");
          }
        }
      }
    }
  }
}

TEST_CASE("a challenge that the pull answers is no refusal") {
  for (const Registry& registry : {kRegistries[1], kRegistries[2]}) {
    World world;
    end_pull(world, registry, PullStep::token, "", 200, "");
    CHECK(codes_of(world.report()).empty());
  }
}

TEST_CASE("a refused login is said once, by the call where that was refused too") {
  World world;
  end_pull(world, kRegistries[0], PullStep::login, "api.ecr.eu-west-1.amazonaws.com", 400,
           "AccessDeniedException");
  CHECK(codes_of(world.report()) == "denied-unspecified ");
  world.answers("ecr.api", "ecr:GetAuthorizationToken", 400, "AccessDeniedException", "");
  Observation seen = world.seen;
  add_refusals(world.plan, world.pulls, seen);
  CHECK(seen.endpoints[0].calls.size() == 1);
}

TEST_CASE("a 403 without a registry's words is a warning, and may be a proxy's") {
  const auto finding_of = [](const char* error) {
    World world;
    end_pull(world, kRegistries[2], PullStep::manifest, "", 403, error);
    return world.report().findings.at(0);
  };
  CHECK(finding_of("").severity == Severity::warning);
  CHECK(has(finding_of("").causes.at(0).text, "a proxy or filter"));
  CHECK(finding_of("DENIED").severity == Severity::note);
  CHECK_FALSE(has(finding_of("DENIED").causes.at(0).text, "a proxy or filter"));
}

TEST_CASE("Docker Hub is no cause for a repository that ECR lacks") {
  const auto causes_of = [](const Registry& registry) {
    World world;
    end_pull(world, registry, PullStep::manifest, "", 404, "NAME_UNKNOWN");
    std::string causes;
    const Report report = world.report();
    for (const std::string& cause : texts_of(report.findings.at(0).causes)) causes += cause + "\n";
    return causes;
  };
  CHECK_FALSE(has(causes_of(kRegistries[0]), "misspelt"));
  CHECK(has(causes_of(kRegistries[2]), "misspelt"));
}

TEST_CASE("what is behind layers that cannot be fetched follows from how the way to them ends") {
  const auto finding_of = [](HopEnd end, std::initializer_list<const char*> addresses) {
    World world;
    world.pull("ecr.dkr", "111122223333.dkr.ecr.eu-west-1.amazonaws.com/app:1",
               "prod-eu-west-1-starport-layer-bucket.s3.eu-west-1.amazonaws.com");
    world.pull_ends(PullStep::layer, end);
    if (end == HopEnd::not_reached) world.layer_host(addresses);
    return world.report().findings.at(0);
  };
  const Finding silent = finding_of(HopEnd::not_reached, {"52.218.60.5"});
  CHECK(has(silent.causes.at(0).text, "security group"));
  CHECK(commands_have(silent, "create-vpc-endpoint"));
  const Finding nameless = finding_of(HopEnd::not_reached, {});
  REQUIRE(nameless.causes.size() == 1);
  CHECK(has(nameless.causes.at(0).text, "does not resolve"));
  CHECK(commands_have(nameless, "list-hosted-zones"));
  CHECK_FALSE(commands_have(nameless, "create-vpc-endpoint"));
  const Finding stalled = finding_of(HopEnd::no_answer, {});
  CHECK(has(stalled.causes.at(0).text, "MTU black hole"));
  CHECK_FALSE(commands_have(stalled, "authorize-security-group-egress"));
}

TEST_CASE("a connection that ends is no black hole, and ECS's words are not made up") {
  const auto finding_of = [](HopEnd end, int status) {
    World world;
    end_pull(world, kRegistries[0], PullStep::manifest, "", status, "");
    world.pulls.images.back().hops.back().end = end;
    return world.report().findings.at(0);
  };
  const auto ends = [](const Finding& finding, const std::string& with) {
    const std::string& words = finding.ecs_errors.at(0);
    return words.size() >= with.size() && words.substr(words.size() - with.size()) == with;
  };
  const Finding silent = finding_of(HopEnd::no_answer, 0);
  CHECK(has(silent.causes.at(0).text, "black hole"));
  CHECK(ends(silent, ": i/o timeout"));
  const Finding cut = finding_of(HopEnd::cut_off, 200);
  CHECK(has(cut.causes.at(0).text, "a proxy or filter"));
  CHECK(has(cut.causes.at(1).text, "disturbed"));
  CHECK(ends(cut, ": unexpected EOF"));
  CHECK(ends(finding_of(HopEnd::cut_off, 0), ": …"));
  CHECK(ends(finding_of(HopEnd::redirect_loop, 307), ": stopped after 10 redirects"));
  CHECK(ends(finding_of(HopEnd::too_long, 200), ": …"));
}
