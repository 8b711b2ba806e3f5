#include "agent/image/registry_login.h"

#include <algorithm>
#include <array>

namespace vpcprobe {
namespace {

/// A registry that wants AWS's own login, and where that is asked for (AWS: "Private registry
/// authentication"; operation and names from botocore's model of ECR).
struct RegistryLogin {
  std::string_view registry;  ///< the catalog's ids
  std::string_view api;
  std::string_view signing_name;
  std::string_view operation;
};
constexpr std::array kLogins = std::to_array<RegistryLogin>({
    {"ecr.dkr", "ecr.api", "ecr", "AmazonEC2ContainerRegistry_V20150921.GetAuthorizationToken"},
});

const RegistryLogin* login_of(const PlannedEndpoint& registry) {
  const auto row = std::find_if(kLogins.begin(), kLogins.end(), [&](const RegistryLogin& login) {
    return registry.service != nullptr && registry.service->id == login.registry;
  });
  return row == kLogins.end() ? nullptr : &*row;
}

/// The API's host in the registry's region: as planned, else (the platform logs in) by its name.
std::string api_host(const RegistryLogin& login, const PlannedEndpoint& registry, const Plan& plan) {
  for (const PlannedEndpoint& planned : plan.endpoints) {
    if (planned.service != nullptr && planned.service->id == login.api && planned.region == registry.region)
      return planned.target.host;
  }
  HostValues values;
  values.region = registry.region;
  return expand(find_service(login.api)->host, *find_partition(registry.region), values);
}

}  // namespace

bool wants_aws_login(const PlannedEndpoint& registry) { return login_of(registry) != nullptr; }

Errand login_errand(const PlannedEndpoint& registry, const Plan& plan, const AwsKeys& keys) {
  const RegistryLogin& login = *login_of(registry);
  Errand errand;
  errand.step = PullStep::login;
  errand.to.host = api_host(login, registry, plan);
  errand.method = "POST";
  errand.body = "{}";
  errand.headers = {"Content-Type: application/x-amz-json-1.1",
                    "X-Amz-Target: " + std::string(login.operation)};
  errand.signing = Signing{keys, registry.region, std::string(login.signing_name)};
  constexpr std::size_t longest = 64 * 1024;
  errand.max_body = longest;
  return errand;
}

}  // namespace vpcprobe
