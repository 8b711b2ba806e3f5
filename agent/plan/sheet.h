#pragma once
// A plan for a reader: what no endpoint serves, what the endpoints cost, what to know before creating them.
#include <string>
#include <vector>

#include "agent/plan/infrastructure.h"
#include "agent/plan/plan.h"
#include "agent/task/options.h"

namespace vpcprobe {

/// What endpoints cost each month of 730 hours, in US dollars. What data costs per GB is left out.
struct PlanCost {
  std::size_t interfaces = 0;
  std::size_t gateways = 0;  ///< free
  unsigned zones = 2;
  bool zones_assumed = false;
  double hourly = 0.01;  ///< per endpoint and zone
  double monthly = 0;
  double nat_hourly = 0;   ///< 0: not known, so nothing to compare with
  double nat_monthly = 0;  ///< a NAT gateway in each zone
};

struct WithoutEndpoint {
  std::string id;
  std::string host;
  std::string why;  ///< and what helps instead
};

struct PlanSheet {
  const Plan& plan;
  std::string source;  ///< "task definition web-service", "task metadata", "options"
  std::vector<WithoutEndpoint> without_endpoint;
  std::vector<std::string> notes;
  PlanCost cost;
  std::size_t present = 0;  ///< endpoints that a saved report shows to be there, so left out
  bool by_report = false;
};
/// Keeps a reference to the plan.
PlanSheet sheet_of(const Plan& plan, const Infrastructure& infrastructure, const Options& options,
                   const TaskContext& context);

/// What is worth knowing before the endpoints are made, a paragraph each.
std::vector<std::string> notes_on(const Plan& plan, const Infrastructure& infrastructure,
                                  const PlanCost& cost);
/// Rows that only a path to the internet, or something outside this VPC, can serve.
std::vector<WithoutEndpoint> without_endpoint(const Plan& plan);

}  // namespace vpcprobe
