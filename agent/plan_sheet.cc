#include "agent/plan_sheet.h"

#include <algorithm>

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
    const std::string& family = context.definition->family;
    return "task definition" + (family.empty() ? "" : " " + family);
  }
  if (context.recorded) return "saved report";
  return context.containers.empty() ? "options" : "task metadata";
}

}  // namespace

PlanSheet sheet_of(const Plan& plan, const Infrastructure& infrastructure, const Options& options,
                   const TaskContext& context) {
  PlanSheet sheet{plan, source_of(context), without_endpoint(plan), {}, cost_of(infrastructure, options), 0,
                  false};
  sheet.notes = notes_on(plan, infrastructure, sheet.cost);
  return sheet;
}

}  // namespace vpcprobe
