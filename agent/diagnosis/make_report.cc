#include "agent/diagnosis/make_report.h"

#include <algorithm>
#include <set>

#include "agent/base/exit_codes.h"
#include "agent/diagnosis/override.h"
#include "agent/diagnosis/path.h"
#include "agent/diagnosis/reach.h"
#include "agent/diagnosis/rules.h"
#include "agent/diagnosis/words.h"
#include "version.h"

namespace vpcprobe {
namespace {

std::string_view depth_text(Depth depth) {
  static constexpr std::string_view names[] = {"network", "api", "image"};
  return names[static_cast<std::size_t>(depth)];
}

std::string owner_text(const IpAddress& address) {
  const AddressOwner owner = owner_of(address);
  if (owner.service.empty()) return {};
  return std::string(owner.service) + " " + std::string(owner.region);
}

bool knows_ipv6(const NetworkRanges& ranges) {
  const auto is_ipv6 = [](const Cidr& range) { return range.base.family == Family::ipv6; };
  return std::any_of(ranges.subnets.begin(), ranges.subnets.end(), is_ipv6) ||
         std::any_of(ranges.vpc.begin(), ranges.vpc.end(), is_ipv6);
}

// An endpoint's IPv6 addresses are of the VPC's own block, which looks public. A Lambda function does not
// know the block: beside private IPv4 addresses, and no public ones, they count as the same endpoint's.
void place_ipv6_beside_private(std::vector<AddressReport>& addresses, const NetworkRanges& ranges) {
  const auto is_ipv4 = [](const AddressReport& a) { return a.seen.address.family == Family::ipv4; };
  const bool private_ipv4 = std::any_of(addresses.begin(), addresses.end(), is_ipv4) &&
                            std::all_of(addresses.begin(), addresses.end(), [&](const AddressReport& a) {
                              return !is_ipv4(a) || is_inside(a.scope);
                            });
  if (knows_ipv6(ranges) || !private_ipv4) return;
  for (AddressReport& address : addresses) {
    const bool is_other = behind_nat64(address.seen.address) || !reserved_use(address.seen.address).empty();
    if (is_ipv4(address) || address.scope != Scope::public_ || is_other) continue;
    address.scope = Scope::vpc;
    address.owner.clear();
  }
}

EndpointReport report_endpoint(const Target& target, EndpointObservation seen, const NetworkRanges& ranges) {
  EndpointReport report;
  report.id = target.host;
  report.host = target.host;
  report.port = target.port;
  report.dns = std::move(seen.dns);
  report.addresses.reserve(seen.addresses.size());
  for (AddressObservation& address : seen.addresses) {
    const IpAddress real = behind_nat64(address.address).value_or(address.address);
    const Scope scope = scope_of(real, ranges);
    std::string owner = scope == Scope::public_ ? owner_text(real) : std::string();
    report.addresses.push_back({std::move(address), scope, std::move(owner)});
  }
  place_ipv6_beside_private(report.addresses, ranges);
  report.calls = std::move(seen.calls);
  return report;
}

EndpointReport report_planned(const PlannedEndpoint& planned, EndpointObservation seen,
                              const NetworkRanges& ranges) {
  EndpointReport report = report_endpoint(planned.target, std::move(seen), ranges);
  report.id = planned.id;
  if (planned.service != nullptr) report.service = planned.service->id;
  report.required = planned.required;
  report.required_by = planned.required_by;
  report.expects = to_string(planned.expects);
  return report;
}

ReportContext report_context(const Options& options, const TaskContext& task, const Plan& plan) {
  ReportContext context;
  context.region = plan.region;
  if (plan.partition != nullptr) context.partition = plan.partition->id;
  context.account = task.account;
  context.launch_type = task.launch_type.empty() ? options.launch_type : task.launch_type;
  context.availability_zone = task.availability_zone;
  context.task_arn = task.task_arn;
  context.credentials = task.credentials.source;
  context.credentials_status = to_string(task.credentials.status);
  context.role = to_string(options.role);
  context.role_arn = task.credentials.role_arn;
  for (const Cidr& subnet : task.subnets) context.subnet_cidrs.push_back(subnet.to_string());
  for (const IpAddress& address : task.source_addresses)
    context.source_addresses.push_back(address.to_string());
  for (const SocketAddress& resolver : plan.settings.resolvers)
    context.resolvers.push_back(resolver.to_string());
  return context;
}

/// An error of the network stages stands, also where the deadline cut what comes after them.
Verdict verdict_of(const std::vector<Finding>& findings, const Observation& seen) {
  if (!seen.complete) return Verdict::incomplete;
  Verdict verdict = Verdict::pass;
  for (const Finding& finding : findings) {
    if (!finding.masked_by.empty()) continue;
    if (finding.severity == Severity::error) return Verdict::fail;
    if (finding.severity == Severity::warning) verdict = Verdict::warn;
  }
  return seen.asked_complete ? verdict : Verdict::incomplete;
}

/// "4 by interface endpoint, 1 by gateway endpoint".
std::string paths_words(const std::vector<EndpointReport>& endpoints) {
  constexpr std::pair<Path, const char*> paths[] = {
      {Path::interface_endpoint, "by interface endpoint"},
      {Path::gateway_endpoint, "by gateway endpoint"},
      {Path::public_, "over public addresses"},
      {Path::mixed, "by mixed paths"},
      {Path::unknown, "by a path that cannot be told from inside"}};
  std::vector<std::string> words;
  for (const auto& [path, text] : paths) {
    const auto count =
        std::count_if(endpoints.begin(), endpoints.end(),
                      [&, wanted = path](const EndpointReport& e) { return e.required && e.path == wanted; });
    if (count > 0) words.push_back(std::to_string(count) + " " + text);
  }
  return enumerate(words);
}

/// "; 3 of 3 signed calls were let through"; empty where none was made.
std::string calls_words(const std::vector<EndpointReport>& endpoints) {
  std::size_t made = 0;
  std::size_t allowed = 0;
  for (const EndpointReport& endpoint : endpoints) {
    for (const CallObservation& call : endpoint.calls) {
      ++made;
      if (call.allowed) ++allowed;
    }
  }
  if (made == 0) return {};
  return "; " + std::to_string(allowed) + " of " + count_words(made, "signed call") + " let through";
}

/// "; 2 of 2 images can be pulled"; empty where none was tried.
std::string pulls_words(const std::vector<ImageReport>& images) {
  if (images.empty()) return {};
  const auto complete = std::count_if(images.begin(), images.end(),
                                      [](const ImageReport& image) { return is_complete(image.seen); });
  return "; " + std::to_string(complete) + " of " + count_words(images.size(), "image") + " can be pulled";
}

std::string with_first_cause(const Finding& finding) {
  if (finding.causes.empty()) return finding.title;
  return finding.title + ". Most likely: " + finding.causes.front().text;
}

std::string summary_of(const Report& report, Depth depth) {
  std::vector<const Finding*> roots;
  for (const Finding& finding : report.findings) {
    if (finding.masked_by.empty() && finding.severity != Severity::note) roots.push_back(&finding);
  }
  const std::string unchecked = depth == Depth::network ? "; permissions were not checked" : "";
  if (report.verdict == Verdict::incomplete) {
    return "Stopped before a verdict" + (roots.empty() ? std::string() : "; so far: " + roots.front()->title);
  }
  if (report.verdict == Verdict::pass) {
    const auto needed =
        static_cast<std::size_t>(std::count_if(report.endpoints.begin(), report.endpoints.end(),
                                               [](const EndpointReport& e) { return e.required; }));
    if (needed == 0) return "Nothing is known that this task needs; name it with --services";
    return count_words(needed, "endpoint") + " this task needs: all answer, " +
           paths_words(report.endpoints) + unchecked + calls_words(report.endpoints) +
           pulls_words(report.images);
  }
  const bool failed = report.verdict == Verdict::fail;
  const auto kind = failed ? Severity::error : Severity::warning;
  const auto same_kind =
      std::count_if(roots.begin(), roots.end(), [&](const Finding* f) { return f->severity == kind; });
  std::string text = failed ? with_first_cause(*roots.front())
                            : "Everything this task needs answers, but: " + roots.front()->title;
  if (same_kind > 1) {
    text += ". And " +
            count_words(static_cast<std::size_t>(same_kind - 1), failed ? "more error" : "more warning");
  }
  return text;
}

void report_pulls(Report& report, const Plan& plan, PullObservation pulls, const NetworkRanges& ranges,
                  const EgressView& egress) {
  for (std::size_t i = 0; i < pulls.images.size(); ++i) {
    const PlannedImage& planned = plan.images[i];
    const PlannedEndpoint& registry = plan.endpoints[planned.endpoint];
    report.images.push_back({planned.written, registry.id, registry.target.host, registry.target.port,
                             planned.name.repository, planned.name.reference, pulls.platform,
                             std::move(pulls.images[i])});
  }
  for (std::size_t i = 0; i < pulls.hosts.size(); ++i) {
    report.image_hosts.push_back(
        report_planned(pulls.hosts[i], std::move(pulls.host_observations[i]), ranges));
    PathInference inferred = infer_path(pulls.hosts[i], report.image_hosts.back(), egress);
    report.image_hosts.back().path = inferred.path;
    report.image_hosts.back().path_evidence = std::move(inferred.evidence);
  }
}

std::set<int> units_of(const Finding& finding, const Plan& plan) {
  const auto unit = [](const PlannedEndpoint& planned) {
    if (planned.service == nullptr) return kUnitCustom;
    return planned.service->exit_unit > 0 ? planned.service->exit_unit : kUnitOtherService;
  };
  const auto covered = [&](const PlannedEndpoint& planned) {
    return planned.id == finding.endpoint ||
           std::find(finding.covers.begin(), finding.covers.end(), planned.id) != finding.covers.end();
  };
  std::set<int> units;
  bool everything = finding.endpoint.empty();
  for (const PlannedEndpoint& planned : plan.endpoints) {
    if (covered(planned)) {
      units.insert(unit(planned));
    } else if (planned.required && !finding.covers.empty()) {
      everything = false;
    }
  }
  const Rule* rule = find_rule(finding.code);
  if (everything || (rule != nullptr && rule->task_wide)) return {kUnitTaskWide};
  return units;
}

}  // namespace

int exit_code_of(Verdict verdict, const std::vector<Finding>& findings, const Plan& plan, bool strict) {
  if (verdict == Verdict::incomplete) return kIncomplete;
  if (verdict == Verdict::warn) return strict ? kStrictWarning : kPass;
  if (verdict == Verdict::pass) return kPass;
  int stage = 0;
  for (const Finding& finding : findings) {
    const bool counts = finding.masked_by.empty() && finding.severity == Severity::error && finding.stage > 0;
    if (counts && (stage == 0 || finding.stage < stage)) stage = finding.stage;
  }
  std::set<int> units;
  for (const Finding& finding : findings) {
    if (finding.masked_by.empty() && finding.severity == Severity::error && finding.stage == stage) {
      units.merge(units_of(finding, plan));
    }
  }
  // A task-wide error at this stage speaks for the others too.
  const int unit = units.contains(kUnitTaskWide) ? kUnitTaskWide
                   : units.size() == 1           ? *units.begin()
                                                 : kUnitSeveral;
  return stage * 10 + unit;
}

Report make_report(const Options& options, const TaskContext& context, const Plan& plan,
                   Observation observation, PullObservation pulls) {
  Report report;
  report.version = VPC_PROBE_VERSION;
  report.started_at = observation.started_at;
  report.duration = observation.duration;
  report.depth = depth_text(options.depth);
  report.context = report_context(options, context, plan);

  NetworkRanges known = plan.settings.ranges;
  if (known.subnets.empty()) known.subnets = context.subnets;
  const NetworkRanges ranges = widen_to_vpc(std::move(known), context.source_addresses);
  observation.endpoints.resize(plan.endpoints.size());
  observation.controls.resize(plan.controls.size());
  for (std::size_t i = 0; i < plan.endpoints.size(); ++i) {
    report.endpoints.push_back(
        report_planned(plan.endpoints[i], std::move(observation.endpoints[i]), ranges));
  }
  for (std::size_t i = 0; i < plan.controls.size(); ++i) {
    report.controls.push_back(report_endpoint(plan.controls[i], std::move(observation.controls[i]), ranges));
  }
  const EgressView egress = egress_of(plan, report.endpoints, report.controls);
  for (std::size_t i = 0; i < plan.endpoints.size(); ++i) {
    PathInference inferred = infer_path(plan.endpoints[i], report.endpoints[i], egress);
    report.endpoints[i].path = inferred.path;
    report.endpoints[i].path_evidence = std::move(inferred.evidence);
  }
  report_pulls(report, plan, std::move(pulls), ranges, egress);
  report.findings = diagnose(Case{options, context, plan, report.endpoints, report.controls, report.images,
                                  report.image_hosts, report.started_at});
  report.verdict = verdict_of(report.findings, observation);
  report.exit_code = exit_code_of(report.verdict, report.findings, plan, options.strict);
  report.summary = summary_of(report, options.depth);
  if (report.verdict == Verdict::fail && !observation.asked_complete)
    report.summary += "; the time was over before all was asked";
  return report;
}

}  // namespace vpcprobe
