// A plan as Markdown: what a pull request's task definition needs, as a table.
#include <array>
#include <cstdio>

#include "agent/base/joined.h"
#include "agent/plan/sheet.h"
#include "agent/render/markdown.h"

namespace vpcprobe {
namespace {

constexpr std::array<std::string_view, 4> kTypes{"interface endpoint", "gateway endpoint", "mount target",
                                                 "no endpoint"};
static_assert(static_cast<int>(EndpointType::interface) == 0 &&
              static_cast<int>(EndpointType::gateway) == 1 &&
              static_cast<int>(EndpointType::mount_target) == 2 && static_cast<int>(EndpointType::none) == 3);

std::string rows(const std::vector<PlannedEndpoint>& endpoints, const Plan& plan) {
  std::string text = "\n" + markdown_row({"service", "endpoint", "name", "needed for"}) +
                     markdown_row({"---", "---", "---", "---"});
  for (const PlannedEndpoint& row : endpoints) {
    const std::string name = endpoint_name(row, plan);
    text += markdown_row(
        {markdown_text(row.id), std::string(kTypes.at(static_cast<std::size_t>(row.expects))),
         markdown_text(name.empty() ? row.target.host : name), markdown_text(joined(row.required_by, "; "))});
  }
  return text;
}

std::string list(std::string_view title, const std::vector<std::string>& items) {
  if (items.empty()) return {};
  std::string text = "\n### " + std::string(title) + "\n\n";
  for (const std::string& item : items) text += "- " + markdown_text(item) + "\n";
  return text;
}

std::string cost_line(const PlanCost& cost) {
  if (cost.interfaces == 0) return "\nNo monthly cost: gateway endpoints are free.\n";
  std::array<char, 160> text;
  std::snprintf(text.data(), text.size(),
                "\nInterface endpoints cost $%.2f a month (%zu endpoints, %u zones, $%g an hour each), and "
                "data per GB.\n",
                cost.monthly, cost.interfaces, cost.zones, cost.hourly);
  return text.data();
}

}  // namespace

std::string plan_markdown(const PlanSheet& sheet) {
  const Plan& plan = sheet.plan;
  std::string text =
      "## Endpoints of " + markdown_text(sheet.source) + " in " + markdown_text(plan.region) + "\n";
  text += plan.endpoints.empty() ? "\nThis task needs no endpoint.\n" : rows(plan.endpoints, plan);
  if (!plan.spared.empty())
    text +=
        "\nThe platform itself reaches these, so they need nothing in the VPC:\n" + rows(plan.spared, plan);
  text += cost_line(sheet.cost);
  std::vector<std::string> without;
  for (const WithoutEndpoint& row : sheet.without_endpoint)
    without.push_back(row.id + ", " + row.host + ": " + row.why);
  return text + list("Not reachable through an endpoint", without) + list("Notes", sheet.notes);
}

}  // namespace vpcprobe
