#include <algorithm>
#include <array>
#include <cstdio>

#include "agent/base/words.h"
#include "agent/plan/sheet.h"
#include "agent/render/plan.h"
#include "agent/render/text_page.h"

namespace vpcprobe {
namespace {

constexpr std::size_t kIndent = 2;
constexpr std::size_t kReasonIndent = 4;

struct TypeWord {
  EndpointType type;
  std::string_view word;
};
constexpr std::array kTypeWords = std::to_array<TypeWord>({
    {EndpointType::interface, "interface endpoint"},
    {EndpointType::gateway, "gateway endpoint"},
    {EndpointType::mount_target, "mount target"},
    {EndpointType::none, "no endpoint"},
});

std::string_view word_of(EndpointType type) {
  return std::find_if(kTypeWords.begin(), kTypeWords.end(),
                      [&](const TypeWord& row) { return row.type == type; })
      ->word;
}

/// Text as a paragraph, indented, with the page's width.
void paragraph(Page& page, std::string_view text, std::size_t indent, std::string_view mark = "") {
  std::string first = std::string(indent, ' ') + std::string(mark);
  const std::size_t hang = first.size();
  for (const std::string& line : wrap(page.clean(text), page.width() - hang)) {
    page.raw(first + line + '\n');
    first = std::string(hang, ' ');
  }
}

void heading(Page& page, std::string_view text, const Style& style) {
  page.blank();
  page.raw(paint(text, Tone::strong, style) + '\n');
}

std::string words_of(const Traffic& traffic) {
  constexpr std::array<std::string_view, 4> kRoles = {"execution role", "task role", "instance's role",
                                                      "no AWS role"};
  constexpr std::array<std::string_view, 3> kCarriers = {
      "the task's network interface", "the instance's network interface", "the platform's network interface"};
  return std::string(kRoles[static_cast<std::size_t>(traffic.role)]) + "; through " +
         std::string(kCarriers[static_cast<std::size_t>(traffic.carrier)]);
}

/// One line for each role and interface, with all that it is needed for.
void reasons(Page& page, const PlannedEndpoint& row) {
  std::vector<std::pair<std::string, std::string>> lines;
  for (std::size_t i = 0; i < row.required_by.size(); ++i) {
    const std::string by = words_of(row.traffic[i]);
    const auto known =
        std::find_if(lines.begin(), lines.end(), [&](const auto& line) { return line.second == by; });
    if (known == lines.end())
      lines.emplace_back(row.required_by[i], by);
    else
      known->first += "; " + row.required_by[i];
  }
  for (const auto& [why, by] : lines) paragraph(page, why + " (" + by + ")", kReasonIndent);
}

void endpoint(Page& page, const PlannedEndpoint& row, const Plan& plan, const Style& style) {
  constexpr std::size_t kIdColumn = 24;
  constexpr std::size_t kTypeColumn = 20;
  const std::string port = row.target.port == 443 ? "" : ":" + std::to_string(row.target.port);
  std::string name = endpoint_name(row, plan);
  if (name.empty()) name = row.target.host + port;
  const Tone tone = row.expects == EndpointType::none ? Tone::bad : Tone::plain;
  const std::string id = page.clean(row.id);
  const std::string_view type = word_of(row.expects);
  page.raw(std::string(kIndent, ' ') + paint(pad(id, kIdColumn), Tone::strong, style) + ' ' +
           paint(pad(type, kTypeColumn), tone, style) + page.clean(name) + '\n');
  reasons(page, row);
}

std::string dollars(double amount) {
  std::array<char, 48> text;
  std::snprintf(text.data(), text.size(), "$%.2f", amount);
  return text.data();
}

std::string price(double amount) {
  std::array<char, 48> text;
  std::snprintf(text.data(), text.size(), "$%g", amount);
  return text.data();
}

void cost(Page& page, const PlanCost& cost, const Style& style) {
  heading(page, "Cost", style);
  if (cost.interfaces == 0) return paragraph(page, "None: gateway endpoints are free.", kIndent);
  const std::string times = style.utf8 ? " × " : " x ";
  std::string text = counted(cost.interfaces, "interface endpoint", "interface endpoints") + times +
                     counted(cost.zones, "zone", "zones") + times + "730 h" + times + price(cost.hourly) +
                     " = " + dollars(cost.monthly) + " a month";
  if (cost.zones_assumed) text += " (--zones, if not 2)";
  paragraph(page, text + ", and what data costs per GB. Gateway endpoints are free.", kIndent);
  paragraph(page,
            "Price: AWS PrivateLink's list price in US regions is $0.01 per endpoint, zone and hour; others "
            "differ (--endpoint-price).",
            kIndent);
  if (cost.nat_hourly <= 0) return;
  const std::string than = cost.monthly < cost.nat_monthly ? "Less" : "Not less";
  paragraph(page,
            than + " than a NAT gateway in each zone: " + counted(cost.zones, "zone", "zones") + times +
                "730 h" + times + price(cost.nat_hourly) + " = " + dollars(cost.nat_monthly) +
                " a month, data left out on both sides.",
            kIndent);
}

void list(Page& page, std::string_view title, const std::vector<std::string>& items, const Style& style) {
  if (items.empty()) return;
  heading(page, title, style);
  for (const std::string& item : items) paragraph(page, item, kIndent, "- ");
}

std::string title_of(const PlanSheet& sheet, const Style& style) {
  const Platform& platform = sheet.plan.platform;
  const std::string dot = style.utf8 ? " · " : " | ";
  std::string where = platform.fargate ? "Fargate" : platform.outside_vpc ? "EXTERNAL, as on EC2" : "EC2";
  if (platform.windows) where += " for Windows";
  if (platform.fargate && !platform.version.empty()) where += " " + platform.version;
  return "Plan" + dot + sheet.source + dot + sheet.plan.region + dot + where;
}

/// Hosts that the task's variables and commands speak of: it may or may not connect to them.
void mentioned(Page& page, const Plan& plan, const Style& style) {
  const bool probed = std::any_of(plan.endpoints.begin(), plan.endpoints.end(),
                                  [](const PlannedEndpoint& row) { return !row.required; });
  if (!probed && plan.mentioned.empty()) return;
  heading(page, probed ? "Mentioned, not required" : "Mentioned, not required (--mentioned probes these too)",
          style);
  for (const PlannedEndpoint& row : plan.endpoints) {
    if (!row.required) endpoint(page, row, plan, style);
  }
  for (const Mention& mention : plan.mentioned) {
    const std::string service = mention.known ? " (" + std::string(mention.known->service->name) + ")" : "";
    paragraph(
        page,
        mention.host + ":" + std::to_string(mention.port) + service + ": " + enumerate(mention.mentioned_by),
        kIndent, "- ");
  }
}

}  // namespace

std::string plan_text(const PlanSheet& sheet, const Style& style) {
  Page page(style);
  const Plan& plan = sheet.plan;
  page.raw(paint(page.clean(title_of(sheet, style)), Tone::strong, style) + '\n');
  if (sheet.by_report) {
    paragraph(page,
              counted(sheet.present, "endpoint is", "endpoints are") +
                  " in the report already; the rest is missing.",
              0);
  }
  heading(page, plan.endpoints.empty() ? "Nothing to reach" : "What this task must reach", style);
  for (const PlannedEndpoint& row : plan.endpoints) {
    if (row.required) endpoint(page, row, plan, style);
  }
  mentioned(page, plan, style);
  if (!plan.spared.empty()) {
    heading(page, "Done by the platform itself: the VPC needs nothing for it", style);
    for (const PlannedEndpoint& row : plan.spared) endpoint(page, row, plan, style);
  }
  std::vector<std::string> without;
  for (const WithoutEndpoint& row : sheet.without_endpoint) without.push_back(row.host + ": " + row.why);
  list(page, "What no endpoint can give", without, style);
  list(page, "Left open", plan.remarks, style);
  if (sheet.cost.interfaces + sheet.cost.gateways > 0) {
    cost(page, sheet.cost, style);
    list(page, "Before you create them", sheet.notes, style);
    page.blank();
    paragraph(page, "As code: the same with --format aws-cli, terraform or cloudformation.", 0);
  } else {
    list(page, "Worth knowing", sheet.notes, style);
  }
  return std::move(page).finish();
}

}  // namespace vpcprobe
