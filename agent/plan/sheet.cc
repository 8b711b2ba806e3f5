#include "agent/plan/sheet.h"

#include <algorithm>

#include "agent/base/words.h"

namespace vpcprobe {
namespace {

constexpr double kHoursOfMonth = 730;  // as AWS counts
constexpr unsigned kZonesAssumed = 2;

PlanCost cost_of(const Infrastructure& infrastructure, const Options& options) {
  PlanCost cost;
  for (const EndpointToCreate& endpoint : infrastructure.endpoints) {
    ++(endpoint.type == EndpointType::interface ? cost.interfaces : cost.gateways);
  }
  cost.zones = options.zones != 0 ? options.zones : static_cast<unsigned>(options.subnet_ids.size());
  cost.zones_assumed = cost.zones == 0;
  if (cost.zones_assumed) cost.zones = kZonesAssumed;
  cost.hourly = options.endpoint_price;
  cost.monthly = static_cast<double>(cost.interfaces) * cost.zones * kHoursOfMonth * cost.hourly;
  cost.nat_hourly = options.nat_price;
  cost.nat_monthly = cost.zones * kHoursOfMonth * cost.nat_hourly;
  return cost;
}

std::string source_of(const TaskContext& context) {
  if (context.definition) {
    if (context.definition->is_partial) return context.definition->described;
    const std::string& family = context.definition->family;
    return "task definition" + (family.empty() ? "" : " " + family);
  }
  if (context.recorded) return "saved report";
  return context.containers.empty() ? "options" : "task metadata";
}

/// Endpoints whose service has no FIPS name in this partition, where one was asked for.
std::string note_on_plain_names(const Plan& plan, const Options& options) {
  std::vector<std::string> names;
  for (const PlannedEndpoint& row : plan.endpoints) {
    const bool plain = options.fips && !row.form.fips && !endpoint_name(row, plan).empty();
    if (plain) names.emplace_back(row.service->name);
  }
  if (names.empty()) return {};
  return "No FIPS name is known here of " + enumerate(names, names.size()) + ": the plain one is planned.";
}

}  // namespace

PlanSheet sheet_of(const Plan& plan, const Infrastructure& infrastructure, const Options& options,
                   const TaskContext& context) {
  PlanSheet sheet{plan, source_of(context), without_endpoint(plan), {}, cost_of(infrastructure, options), 0,
                  false};
  sheet.notes = notes_on(plan, infrastructure, sheet.cost);
  if (std::string note = note_on_plain_names(plan, options); !note.empty())
    sheet.notes.push_back(std::move(note));
  return sheet;
}

}  // namespace vpcprobe
