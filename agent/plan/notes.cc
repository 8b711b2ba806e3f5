// What to know before endpoints are created, and what no endpoint provides. Sources: AWS's guides on
// PrivateLink, gateway endpoints, ECR, ECS, EFS and API Gateway.
#include <algorithm>
#include <array>

#include "agent/aws/known_host.h"
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
    {.applies = interfaces,
     .text = "Private DNS changes the whole VPC. As soon as the endpoints exist, everything in the VPC "
             "reaches these "
             "services through them, also what uses NAT today. Their security group must allow all of it."},
    {.applies = interfaces,
     .text = "Both DNS attributes of the VPC, enableDnsSupport and enableDnsHostnames, must be on. Otherwise "
             "the names "
             "stay public. Custom resolvers must forward to the Amazon resolver."},
    {.applies = interfaces,
     .text = "Give the endpoints their own security group: the VPC's default group allows its own members "
             "only. The "
             "task's group must allow outbound 443 to it."},
    {.applies = [](const Situation& now) { return interfaces(now) && now.cost.zones == 1; },
     .text = "With one zone the endpoints are a single point of failure, and traffic from other zones costs "
             "extra."},
    {.applies = [](const Situation& now) { return interfaces(now) && now.cost.zones > 1; },
     .text = "Choose one subnet in each zone where tasks run: an endpoint in one zone only is a single point "
             "of failure "
             "and costs cross-zone traffic."},
    {.applies = interfaces, .text = "Each endpoint uses one IP address in each of its subnets."},
    {.applies = gateways,
     .text = "A gateway endpoint works for its route tables only: give it all those of the task's subnets. "
             "Security "
             "groups and network ACLs still see the service's public addresses: allow outbound 443 to its "
             "prefix list."},
    {.applies = gateways,
     .text = "Creating or changing a gateway endpoint interrupts open connections to its service."},
    {.applies = [](const Situation& now) { return now.s3_gateway(true); },
     .text =
         "The policy of the S3 endpoint allows what is listed here and nothing else: add the buckets that "
         "applications in these subnets use."},
    {.applies = [](const Situation& now) { return now.s3_gateway(false); },
     .text = "The S3 endpoint gets no policy, because not every object is known. If you write one, keep "
             "s3:GetObject on "
             "prod-<region>-starport-layer-bucket: image layers are there."},
    {.applies =
         [](const Situation& now) {
           return now.has("ecs-agent") && now.has("ecs-telemetry") && now.has("ecs");
         },
     .text = "Where instances already run, create ecs-agent, ecs-telemetry and ecs in this order, then "
             "restart the ECS "
             "agent (1.25.1 or later)."},
    {.applies = [](const Situation& now) { return !now.plan.platform.fargate; },
     .text = "On EC2 the image pull, secrets and logs use the instance's network interface, subnet and "
             "security group. "
             "Probe from the instance as well as from the task."},
    {.applies = [](const Situation& now) { return now.has("execute-api"); },
     .text =
         "Private DNS of execute-api takes over the names of all API Gateway APIs of the region, public ones "
         "included: this VPC cannot call those any more."},
    {.applies = [](const Situation& now) { return now.has("ssmmessages"); },
     .text = "ECS Exec uses the task role, which needs ssmmessages:CreateControlChannel, CreateDataChannel, "
             "OpenControlChannel and OpenDataChannel."},
    {.applies = [](const Situation& now) { return now.has("efs"); },
     .text = "EFS needs a mount target (one per zone is best), not an endpoint. Its security group must "
             "allow TCP 2049 "
             "from the task: aws efs describe-mount-targets --file-system-id <fs-id>."},
    {.applies = [](const Situation& now) { return now.has("sts"); },
     .text = "The endpoint serves the regional name only, not sts.amazonaws.com: set "
             "AWS_STS_REGIONAL_ENDPOINTS=regional for old SDKs."},
    {.applies = [](const Situation& now) { return now.has("sqs"); },
     .text = "The endpoint does not serve the old names of queues (<region>.queue.{suffix})."},
    // App Mesh User Guide, "What is AWS App Mesh?", end of support notice.
    {.applies = [](const Situation& now) { return now.has("appmesh-envoy-management"); },
     .text = "AWS ended support for App Mesh on 30 September 2026. Move the task to ECS Service Connect."},
    // ECS guide, "Fargate task networking", IPv6-only mode; ECR guide, "Making requests to Amazon ECR
    // registries".
    {.applies = [](const Situation& now) { return !now.plan.settings.ipv4 && now.has("ecr.dkr"); },
     .text =
         "An IPv6-only task pulls from ECR by the registry's dual-stack name "
         "(<account>.dkr-ecr.<region>.on.aws), which no endpoint serves: it needs a path to the internet."},
    // ECS guide, "Monitor Amazon ECS containers with ECS Exec".
    {.applies = [](const Situation& now) { return !now.plan.settings.ipv4 && now.has("ssmmessages"); },
     .text = "ECS Exec does not work in an IPv6-only task."},
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
  return "It is not known whether the endpoints serve " + enumerate(hosts, hosts.size()) +
         ". Check PrivateDnsNames: aws ec2 describe-vpc-endpoint-services --region " + infrastructure.region +
         " --service-names" + names + ".";
}

/// Hosts outside the catalog that many task definitions name.
struct KnownPlace {
  std::string_view host;
  std::string_view why;
};
constexpr std::array kPlaces = std::to_array<KnownPlace>({
    {.host = "registry-1.docker.io",
     .why = "Docker Hub has no VPC endpoint, and a pull also uses auth.docker.io and a layer store. Use NAT, "
            "an ECR "
            "pull-through cache (its first pull needs the internet too), or a copy in ECR."},
    {.host = "public.ecr.aws",
     .why = "Amazon ECR Public has no VPC endpoint. Use NAT, an ECR pull-through cache (its first pull needs "
            "the internet "
            "too), or a copy in ECR."},
});

/// An endpoint serves its own region, and for some services another one of the same partition too. Source:
/// AWS PrivateLink guide, "Cross-region enabled AWS services".
std::string why_not_from_here(const PlannedEndpoint& row, const Plan& plan) {
  if (find_partition(row.region) != plan.partition) {
    return "In " + row.region +
           ": no endpoint leads to another partition of AWS. Use NAT, or the same thing in " + plan.region +
           ".";
  }
  const std::string cross =
      row.service->cross_region
          ? "a cross-region interface endpoint (create-vpc-endpoint --service-region " + row.region + ")"
          : "";
  return "In " + row.region + ": an ordinary endpoint serves its own region (" + plan.region + ") only" +
         (cross.empty()
              ? ", and AWS offers no cross-region endpoint to this service. Use NAT, or the same thing in "
              : ". Use NAT, " + cross + ", or the same thing in ") +
         plan.region + ".";
}

std::string why_not(const PlannedEndpoint& row, const Plan& plan) {
  const auto place = std::find_if(kPlaces.begin(), kPlaces.end(),
                                  [&](const KnownPlace& known) { return known.host == row.target.host; });
  if (place != kPlaces.end()) return std::string(place->why);
  if (row.service == nullptr && row.target.host.find(".vpce.") != std::string::npos &&
      is_aws_name(row.target.host))
    return "The name of an endpoint that exists: its security group must allow the task, and the VPC must "
           "reach it.";
  if (row.service == nullptr) {
    return "Not an AWS service that is known here, so no endpoint: it needs its own path (NAT, peering, a "
           "private "
           "address).";
  }
  if (row.region != plan.region) return why_not_from_here(row, plan);
  std::string why = "No endpoint serves this form of the name: it needs a path to the internet";
  const HostForm ipv4{row.form.fips, false};
  const auto known = recognise(row.target.host);
  if (!known || !row.form.dualstack) return why + ".";
  why += ", or the IPv4 name, " + expand(host_template(*row.service, *plan.partition, plan.region, ipv4),
                                         *plan.partition, known->values);
  const bool sure = private_dns_has(*row.service, *plan.partition, plan.region, ipv4);
  return why + (sure ? "." : ", though it is not known whether one serves that.");
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
