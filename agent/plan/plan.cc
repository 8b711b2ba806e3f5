#include "agent/plan/plan.h"

#include <algorithm>
#include <map>
#include <set>
#include <unordered_map>

#include "agent/base/add_once.h"
#include "agent/base/quoted.h"
#include "agent/plan/definition_needs.h"
#include "agent/plan/stand_in_region.h"

namespace vpcprobe {
namespace {

std::string custom_id(const std::string& host, std::uint16_t port) {
  if (port == 443) return host;
  const bool literal = host.find(':') != std::string::npos;
  return (literal ? "[" + host + "]" : host) + ":" + std::to_string(port);
}

/// An ordinary endpoint serves its own region only: a name of another region is reached over the internet.
EndpointType expects_of(const Need& need, const Partition& partition, HostForm form,
                        const std::string& home_region) {
  const bool served = need.values.region == home_region &&
                      endpoint_serves(*need.service, partition, need.values.region, form);
  return served ? need.service->expects : EndpointType::none;
}

PlannedEndpoint endpoint_of(const Need& need, const Plan& plan) {
  PlannedEndpoint endpoint;
  endpoint.service = need.service;
  if (need.service == nullptr) {
    endpoint.id = custom_id(need.host, need.port);
    endpoint.expects = EndpointType::none;
    endpoint.target.host = need.host;
    endpoint.target.port = need.port;
    endpoint.target.until = need.until;
  } else {
    const Service& service = *need.service;
    const Partition& partition = *find_partition(need.values.region);
    endpoint.id = service.id;
    endpoint.form = form_served(service, partition, need.values.region, need.form);
    endpoint.region = need.values.region;
    endpoint.expects = expects_of(need, partition, endpoint.form, plan.region);
    const std::string host = host_template(service, partition, need.values.region, endpoint.form);
    endpoint.target = {expand(host, partition, need.values), service.port, service.until,
                       std::string(service.method), expand(service.path, partition, need.values)};
  }
  endpoint.guessed = need.guessed;
  endpoint.required = need.required;
  endpoint.required_by.push_back(need.reason);
  endpoint.traffic.push_back(need.traffic);
  if (!need.image.empty()) endpoint.images.push_back(need.image);
  if (!need.s3_object.empty()) endpoint.s3_objects.push_back(need.s3_object);
  if (!need.object.empty()) endpoint.objects.push_back({need.object, need.traffic.role});
  return endpoint;
}

/// A name that only a value of the user's can complete: an API, a file system.
std::string missing_value(const Need& need) {
  if (need.service == nullptr) return {};
  const std::string_view host = need.service->host;
  const std::string id(need.service->id);
  if (host.find("{apiid}") != std::string_view::npos && need.values.api_id.empty())
    return id + " has no name of its own: give the API's id, " + id + ":API-ID";
  if (host.find("{fsid}") != std::string_view::npos && need.values.file_system_id.empty())
    return id + " has no name of its own: give the file system, " + id + ":FS-ID";
  return {};
}

/// Puts the needs together, one row per name and port with all its reasons. Keeps which row came from which
/// need.
class Merge {
 public:
  void add(const Need& need, const Plan& plan) {
    PlannedEndpoint endpoint = endpoint_of(need, plan);
    const std::string key = custom_id(endpoint.target.host, endpoint.target.port);
    const auto [at, is_new] = rows_.try_emplace(key, endpoints_.size());
    if (is_new) {
      endpoints_.push_back(std::move(endpoint));
      needs_.push_back(&need);
      return;
    }
    PlannedEndpoint& known = endpoints_[at->second];
    known.guessed = known.guessed && endpoint.guessed;
    known.required = known.required || endpoint.required;
    add_once(known.images, endpoint.images);
    // One reason that does not say what it reads makes the list of all that is read unknown.
    const bool all_known = !known.s3_objects.empty() && !endpoint.s3_objects.empty();
    if (all_known)
      add_once(known.s3_objects, endpoint.s3_objects);
    else
      known.s3_objects.clear();
    add_once(known.objects, endpoint.objects);
    std::vector<std::string>& reasons = known.required_by;
    if (std::find(reasons.begin(), reasons.end(), need.reason) != reasons.end()) return;
    reasons.push_back(need.reason);
    known.traffic.push_back(need.traffic);
  }

  /// Rows that share a service: one in the task's own region, account and form, else the nearest, keeps the
  /// bare id; the others get what distinguishes them.
  std::vector<PlannedEndpoint> take(const Home& home) {
    std::map<const Service*, std::size_t> keeper;
    const auto nearness = [&](std::size_t row) {
      const HostValues& values = needs_[row]->values;
      if (values.region != home.region) return 0;
      const int account = values.account == home.account ? 2 : 0;
      return 1 + account + (form_word(endpoints_[row].form, home.form).empty() ? 1 : 0);
    };
    for (std::size_t i = 0; i < endpoints_.size(); ++i) {
      const auto [at, is_new] = keeper.try_emplace(endpoints_[i].service, i);
      if (!is_new && nearness(i) > nearness(at->second)) at->second = i;
    }
    std::set<std::string> ids;
    for (std::size_t i = 0; i < endpoints_.size(); ++i) {
      PlannedEndpoint& endpoint = endpoints_[i];
      if (endpoint.service == nullptr || keeper[endpoint.service] == i) continue;
      const std::string id = endpoint.id + "." + distinction(i, keeper[endpoint.service]);
      endpoint.id = ids.insert(id).second ? id : endpoint.id + "." + endpoint.target.host;
    }
    return std::move(endpoints_);
  }

 private:
  /// What makes this form another one; empty where it is the same.
  static std::string_view form_word(HostForm form, HostForm other) {
    if (form.dualstack != other.dualstack) return form.dualstack ? "dualstack" : "ipv4";
    if (form.fips != other.fips) return form.fips ? "fips" : "plain";
    return {};
  }

  /// Its region, else its account where the name holds one, else its form, else the name itself.
  std::string distinction(std::size_t row, std::size_t other_row) const {
    const Need& need = *needs_[row];
    const Need& other = *needs_[other_row];
    if (need.values.region != other.values.region) return need.values.region;
    const bool in_its_name =
        need.service != nullptr && need.service->host.find("{account}") != std::string_view::npos;
    if (in_its_name && need.values.account != other.values.account) return need.values.account;
    const std::string_view form = form_word(endpoints_[row].form, endpoints_[other_row].form);
    return form.empty() ? endpoints_[row].target.host : std::string(form);
  }

  std::vector<PlannedEndpoint> endpoints_;
  std::vector<const Need*> needs_;
  std::unordered_map<std::string, std::size_t> rows_;
};

/// What no registry can have is left out with a remark.
void add_images(Plan& plan) {
  for (std::size_t i = 0; i < plan.endpoints.size(); ++i) {
    for (const std::string& written : plan.endpoints[i].images) {
      if (auto name = parse_image(written)) {
        plan.images.push_back({written, std::move(*name), i});
      } else {
        plan.remarks.push_back("The image " + in_quotes(written) + " is no name that a registry can have.");
      }
    }
  }
}

/// S3 of another region: no gateway endpoint routes it, so an answer from there shows a path to the internet.
void add_control(Plan& plan) {
  constexpr std::string_view kControlService = "s3";
  const bool aws = std::any_of(plan.endpoints.begin(), plan.endpoints.end(),
                               [](const PlannedEndpoint& endpoint) { return endpoint.service != nullptr; });
  if (!aws) return;
  for (const std::string_view region : list_of(plan.partition->control_regions)) {
    if (region == plan.region) continue;
    HostValues values;
    values.region = region;
    Target control;
    control.host = expand(find_service(kControlService)->host, *plan.partition, values);
    control.until = Until::tcp;
    plan.controls.push_back(std::move(control));
    return;
  }
}

ProbeSettings settings_of(const Options& options, const TaskContext& context) {
  ProbeSettings settings;
  settings.resolvers = options.resolvers.empty() ? context.resolvers : options.resolvers;
  settings.ipv4 = !options.ipv6_only;
  settings.ipv6 = !options.ipv4_only;
  settings.stage_timeout = options.timeout;
  settings.control_timeout = std::min(settings.control_timeout, options.timeout);
  settings.deadline = options.deadline;
  settings.ranges = {context.subnets, options.vpc_cidrs};
  return settings;
}

/// --region; where the task runs; where its definition is registered; the environment.
std::string region_said(const Options& options, const TaskContext& context) {
  const bool runs_there = !context.task_arn.empty();
  const auto& definition = context.definition;
  for (const std::string& region : {options.region, runs_there ? context.region : "",
                                    definition ? definition->region : "", context.region}) {
    if (!region.empty()) return region;
  }
  return {};
}

/// Where none is given: the one that the definition or the saved report names.
std::string region_of(const Options& options, const TaskContext& context) {
  std::string region = region_said(options, context);
  if (region.empty() && context.definition) region = region_named_by(*context.definition);
  if (region.empty() && context.recorded) region = context.recorded->region;
  return region;
}

Result<std::string> checked_region(const Options& options, const TaskContext& context) {
  std::string region = region_of(options, context);
  if (region.empty()) {
    const std::string_view why = context.definition ? "the task definition names none, or several"
                                 : context.in_ecs   ? "the task metadata names none"
                                                    : "not in an ECS task, and AWS_REGION is not set";
    return UsageError{"no region: " + std::string(why) + "; give --region"};
  }
  if (find_partition(region) == nullptr) {
    const std::string_view near = nearest_region(region);
    return UsageError{"region " + in_quotes(region) + ": no AWS region" +
                      (near.empty() ? "; give --region" : "; did you mean " + in_quotes(near) + "?")};
  }
  return region;
}

std::string account_of(const TaskContext& context) {
  if (!context.account.empty()) return context.account;
  if (context.definition && !context.definition->account.empty()) return context.definition->account;
  return context.recorded ? context.recorded->account : "";
}

/// Nothing is wrong where the text is empty.
std::string merge_into(std::vector<PlannedEndpoint>& endpoints, const std::vector<Need>& needs,
                       const Plan& plan, const Home& home) {
  Merge merge;
  for (const Need& need : needs) {
    if (std::string wrong = missing_value(need); !wrong.empty()) return wrong;
    merge.add(need, plan);
  }
  endpoints = merge.take(home);
  return {};
}

/// What is planned anyway, by the same name and port, is no mention.
std::vector<Mention> without_planned(std::vector<Mention> mentioned, const Plan& plan) {
  std::erase_if(mentioned, [&](const Mention& mention) {
    return std::any_of(plan.endpoints.begin(), plan.endpoints.end(), [&](const PlannedEndpoint& row) {
      return row.target.host == mention.host && row.target.port == mention.port;
    });
  });
  return mentioned;
}

}  // namespace

std::string endpoint_name(const PlannedEndpoint& row, const Plan& plan) {
  const bool made = row.expects == EndpointType::interface || row.expects == EndpointType::gateway;
  if (row.service == nullptr || !made) return {};
  return privatelink_name(*row.service, *plan.partition, plan.region, row.expects, row.form);
}

std::string stand_in_region(const Options& options, const TaskContext& context) {
  constexpr std::string_view usual = "us-east-1";
  if (!context.definition || !region_of(options, context).empty()) return {};
  const std::string named = region_named_most(*context.definition);
  return find_partition(named) != nullptr ? named : std::string(usual);
}

Result<Plan> make_plan(const Options& options, const TaskContext& context) {
  Result<std::string> region = checked_region(options, context);
  if (!region) return region.error();
  Plan plan;
  plan.region = region.value();
  plan.partition = find_partition(plan.region);
  plan.platform = platform_of(options, context);
  const Home home{plan.region, account_of(context), {options.fips, options.dualstack}};
  Result<Needs> gathered = gather_needs(options, context, home, plan.platform);
  if (!gathered) return gathered.error();
  Needs& needs = gathered.value();
  std::string wrong = merge_into(plan.endpoints, needs.needs, plan, home);
  if (wrong.empty()) wrong = merge_into(plan.spared, needs.spared, plan, home);
  if (!wrong.empty()) return UsageError{wrong};
  if (context.definition && region_said(options, context).empty()) {
    plan.remarks.push_back("The region is assumed: " + plan.region +
                           " is the only one that the task definition names. If the task runs in "
                           "another, give it with --region.");
  }
  add_once(plan.remarks, needs.remarks);
  plan.mentioned = without_planned(std::move(needs.mentioned), plan);
  add_images(plan);
  add_control(plan);
  plan.settings = settings_of(options, context);
  return plan;
}

}  // namespace vpcprobe
