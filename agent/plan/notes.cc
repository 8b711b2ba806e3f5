// What to know before endpoints are made, and what none can give. Sources: AWS's guides on PrivateLink,
// gateway endpoints, ECR, ECS, EFS and API Gateway.
#include <algorithm>
#include <array>

#include "agent/base/words.h"
#include "agent/plan/sheet.h"

namespace vpcprobe {
namespace {

/// What a note depends on.
struct Situation {
  const Plan& plan;
  const Infrastructure& infrastructure;
  const PlanCost& cost;

  bool has(std::string_view service) const {
    return std::any_of(plan.endpoints.begin(), plan.endpoints.end(), [&](const PlannedEndpoint& row) {
      return row.service != nullptr && row.service->id == service;
    });
  }
  /// An S3 gateway endpoint that gets a policy, or one that gets none.
  bool s3_gateway(bool with_policy) const {
    return std::any_of(infrastructure.endpoints.begin(), infrastructure.endpoints.end(),
                       [&](const EndpointToCreate& row) {
                         return row.service == find_service("s3") && row.s3_objects.empty() != with_policy;
                       });
  }
};

struct Note {
  bool (*applies)(const Situation&);
  std::string_view text;
};

bool interfaces(const Situation& now) { return now.infrastructure.has_interfaces; }
bool gateways(const Situation& now) { return now.infrastructure.has_gateways; }

constexpr std::array kNotes = std::to_array<Note>({
    {interfaces,
     "Private DNS changes the whole VPC: everything in it that reaches these services by NAT today goes to "
     "the "
     "endpoints as soon as they exist, and is cut off unless their security group lets it in."},
    {interfaces,
     "Both DNS attributes of the VPC, enableDnsSupport and enableDnsHostnames, must be on; otherwise the "
     "names "
     "stay public. Resolvers of your own must forward to Amazon's."},
    {interfaces,
     "Give the endpoints a security group of their own: without one they get the VPC's default group, which "
     "admits its own members only. The task's group must let 443 out to it."},
    {[](const Situation& now) { return interfaces(now) && now.cost.zones == 1; },
     "In one zone the endpoints are a single point of failure, and traffic to them from other zones costs "
     "extra."},
    {[](const Situation& now) { return interfaces(now) && now.cost.zones > 1; },
     "Take one subnet in each zone that tasks run in: an endpoint in one zone is a single point of failure "
     "and "
     "costs cross-zone traffic."},
    {interfaces, "Each endpoint takes one address in each of its subnets."},
    {gateways,
     "A gateway endpoint works for the route tables it is given, so give all those of the task's subnets. "
     "Security "
     "groups and network ACLs still see the service's public addresses: let 443 out to its prefix list."},
    {gateways, "Making or changing a gateway endpoint cuts the connections that stand to its service."},
    {[](const Situation& now) { return now.s3_gateway(true); },
     "The policy of the S3 endpoint lets through what is listed here and nothing else: add the buckets that "
     "applications of these subnets use."},
    {[](const Situation& now) { return now.s3_gateway(false); },
     "The S3 endpoint gets no policy, since not all that is read or written is known; with one, keep "
     "s3:GetObject on prod-<region>-starport-layer-bucket, where image layers are."},
    {[](const Situation& now) { return now.has("ecs-agent") && now.has("ecs-telemetry") && now.has("ecs"); },
     "Where instances already run, make ecs-agent, ecs-telemetry and ecs in this order, then restart the ECS "
     "agent "
     "(1.25.1 or later)."},
    {[](const Situation& now) { return !now.plan.platform.fargate; },
     "On EC2 the image pull, secrets and logs go through the instance's interface: its subnet and security "
     "group "
     "decide, so probe from the instance as well as from the task."},
    {[](const Situation& now) { return now.has("execute-api"); },
     "Private DNS of execute-api takes over the names of all API Gateway APIs of the region, public ones "
     "too: they "
     "cannot be called from this VPC any more."},
    {[](const Situation& now) { return now.has("ssmmessages"); },
     "ECS Exec calls with the task role: it needs ssmmessages:CreateControlChannel, CreateDataChannel, "
     "OpenControlChannel and OpenDataChannel."},
    {[](const Situation& now) { return now.has("efs"); },
     "EFS needs no endpoint but a mount target, best one in each zone, whose security group lets TCP 2049 in "
     "from "
     "the task: aws efs describe-mount-targets --file-system-id <fs-id>."},
    {[](const Situation& now) { return now.has("sts"); },
     "The endpoint answers for the regional name only, not for sts.amazonaws.com: set "
     "AWS_STS_REGIONAL_ENDPOINTS=regional for old SDKs."},
    {[](const Situation& now) { return now.has("sqs"); },
     "The endpoint does not answer for the old names of queues (<region>.queue.{suffix})."},
});

/// Names of a form that AWS documents for the service, but not for the private DNS of its endpoint.
std::string note_on_unsure(const Infrastructure& infrastructure) {
  std::vector<std::string> hosts;
  std::string names;
  for (const EndpointToCreate& endpoint : infrastructure.endpoints) {
    hosts.insert(hosts.end(), endpoint.unsure.begin(), endpoint.unsure.end());
    if (!endpoint.unsure.empty()) names += " " + endpoint.name;
  }
  if (hosts.empty()) return {};
  return "It is not known whether the endpoints answer for " + enumerate(hosts, hosts.size()) +
         "; PrivateDnsNames tells: aws ec2 describe-vpc-endpoint-services --region " + infrastructure.region +
         " --service-names" + names + ".";
}

/// Hosts outside the catalog that every second task definition names.
struct KnownPlace {
  std::string_view host;
  std::string_view why;
};
constexpr std::array kPlaces = std::to_array<KnownPlace>({
    {"registry-1.docker.io",
     "Docker Hub has no VPC endpoint, and a pull asks auth.docker.io and its layer store besides: NAT, an "
     "ECR "
     "pull-through cache (its first pull needs the internet too), or a copy in ECR."},
    {"public.ecr.aws",
     "Amazon ECR Public has no VPC endpoint: NAT, an ECR pull-through cache (its first pull needs the "
     "internet "
     "too), or a copy in ECR."},
});

std::string why_not(const PlannedEndpoint& row, const Plan& plan) {
  const auto place = std::find_if(kPlaces.begin(), kPlaces.end(),
                                  [&](const KnownPlace& known) { return known.host == row.target.host; });
  if (place != kPlaces.end()) return std::string(place->why);
  if (row.service == nullptr) {
    return "No service of AWS's that is known here, so no endpoint either: it takes a way of its own (NAT, "
           "peering, "
           "a private address).";
  }
  if (row.region != plan.region) {
    return "In " + row.region + ": an ordinary endpoint serves its own region (" + plan.region +
           ") only. NAT, a cross-region endpoint where AWS offers one, or the same thing in " + plan.region +
           ".";
  }
  std::string why = "No endpoint answers for this form of the name: it takes a way to the internet";
  const HostForm ipv4{row.form.fips, false};
  const auto known = recognise(row.target.host);
  if (!known || !row.form.dualstack) return why + ".";
  why += ", or the IPv4 name, " + expand(host_template(*row.service, *plan.partition, plan.region, ipv4),
                                         *plan.partition, known->values);
  const bool sure = private_dns_has(*row.service, *plan.partition, plan.region, ipv4);
  return why + (sure ? "." : ", though it is not known whether one answers for that.");
}

}  // namespace

std::vector<std::string> notes_on(const Plan& plan, const Infrastructure& infrastructure,
                                  const PlanCost& cost) {
  const Situation now{plan, infrastructure, cost};
  std::vector<std::string> notes;
  for (const Note& note : kNotes) {
    if (note.applies(now)) notes.push_back(expand(note.text, *plan.partition, {}));
  }
  if (std::string unsure = note_on_unsure(infrastructure); !unsure.empty())
    notes.push_back(std::move(unsure));
  return notes;
}

std::vector<WithoutEndpoint> without_endpoint(const Plan& plan) {
  std::vector<WithoutEndpoint> rows;
  for (const PlannedEndpoint& row : plan.endpoints) {
    if (row.expects == EndpointType::none) rows.push_back({row.id, row.target.host, why_not(row, plan)});
  }
  return rows;
}

}  // namespace vpcprobe
