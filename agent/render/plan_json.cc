#include "agent/base/json_writer.h"
#include "agent/plan/sheet.h"
#include "agent/render/plan.h"
#include "version.h"

namespace vpcprobe {
namespace {

void write_reasons(JsonWriter& json, const PlannedEndpoint& row) {
  json.begin_array();
  for (std::size_t i = 0; i < row.required_by.size(); ++i) {
    json.begin_object();
    json.field("reason", row.required_by[i]);
    json.field("role", to_string(row.traffic[i].role));
    json.field("interface", to_string(row.traffic[i].carrier));
    json.end_object();
  }
  json.end_array();
}

void write_rows(JsonWriter& json, std::string_view name, const std::vector<PlannedEndpoint>& rows,
                const Plan& plan) {
  json.key(name);
  json.begin_array();
  for (const PlannedEndpoint& row : rows) {
    json.begin_object();
    json.field("id", row.id);
    json.field_or_null("service", row.service != nullptr ? row.service->id : std::string_view());
    json.field("host", row.target.host);
    json.field("port", int{row.target.port});
    json.field_or_null("region", row.region);
    json.field("required", row.required);
    json.field("expects", to_string(row.expects));
    json.field_or_null("privatelink_name", endpoint_name(row, plan));
    json.key("required_by");
    write_reasons(json, row);
    json.end_object();
  }
  json.end_array();
}

/// With --mentioned they are among the endpoints instead, with "required": false.
void write_mentioned(JsonWriter& json, const std::vector<Mention>& mentioned) {
  json.key("mentioned");
  json.begin_array();
  for (const Mention& mention : mentioned) {
    json.begin_object();
    json.field("host", mention.host);
    json.field("port", int{mention.port});
    json.field_or_null("service", mention.known ? mention.known->service->id : std::string_view());
    json.field("mentioned_by", mention.mentioned_by);
    json.end_object();
  }
  json.end_array();
}

void write_without(JsonWriter& json, const std::vector<WithoutEndpoint>& rows) {
  json.key("without_endpoint");
  json.begin_array();
  for (const WithoutEndpoint& row : rows) {
    json.begin_object();
    json.field("id", row.id);
    json.field("host", row.host);
    json.field("why", row.why);
    json.end_object();
  }
  json.end_array();
}

void write_cost(JsonWriter& json, const PlanCost& cost) {
  json.key("cost");
  json.begin_object();
  json.field("interface_endpoints", static_cast<std::int64_t>(cost.interfaces));
  json.field("gateway_endpoints", static_cast<std::int64_t>(cost.gateways));
  json.field("zones", cost.zones);
  json.field("zones_assumed", cost.zones_assumed);
  json.field("usd_per_endpoint_zone_hour", cost.hourly);
  json.field("usd_per_month", cost.monthly);
  json.key("nat_usd_per_month");
  if (cost.nat_hourly > 0)
    json.value(cost.nat_monthly);
  else
    json.null();
  json.end_object();
}

}  // namespace

std::string plan_json(const PlanSheet& sheet) {
  const Plan& plan = sheet.plan;
  std::string line;
  JsonWriter json(line);
  json.begin_object();
  json.field("schema", "vpc-probe/plan/1");
  json.field("version", VPC_PROBE_VERSION);
  json.field("source", sheet.source);
  json.field("region", plan.region);
  json.field("partition", plan.partition->id);
  json.field("launch_type", plan.platform.fargate ? "fargate" : "ec2");
  json.field_or_null("platform_version", plan.platform.version);
  json.field("windows", plan.platform.windows);
  write_rows(json, "endpoints", plan.endpoints, plan);
  write_rows(json, "spared", plan.spared, plan);
  write_mentioned(json, plan.mentioned);
  write_without(json, sheet.without_endpoint);
  json.key("left_out");
  if (sheet.by_report)
    json.value(static_cast<std::int64_t>(sheet.present));
  else
    json.null();
  json.field("remarks", plan.remarks);
  json.field("notes", sheet.notes);
  write_cost(json, sheet.cost);
  json.end_object();
  return line + '\n';
}

}  // namespace vpcprobe
