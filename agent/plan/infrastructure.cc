#include "agent/plan/infrastructure.h"

#include <algorithm>
#include <set>

#include "agent/base/add_once.h"
#include "agent/base/json_writer.h"
#include "agent/base/printable.h"
#include "agent/base/text_layout.h"

namespace vpcprobe {
namespace {

/// "arn:aws:s3:::BUCKET/KEY" without the key.
std::string bucket_of(const std::string& object) { return object.substr(0, object.find('/')); }

/// A bucket of the task's own; ECR's layer buckets are AWS's, and end in /*.
bool is_own_bucket(const std::string& object) { return !object.ends_with("/*"); }

std::vector<std::string> names_unsure(const PlannedEndpoint& planned, const Plan& plan) {
  const bool sure = planned.expects != EndpointType::interface ||
                    private_dns_has(*planned.service, *plan.partition, plan.region, planned.form);
  return sure ? std::vector<std::string>() : std::vector{planned.target.host};
}

void write_statement(JsonWriter& json, std::string_view action, const std::vector<std::string>& resources) {
  json.begin_object();
  json.field("Effect", "Allow");
  json.field("Principal", "*");
  json.field("Action", action);
  json.field("Resource", resources);
  json.end_object();
}

}  // namespace

Infrastructure infrastructure_for(const Plan& plan, const Options& options, const TaskContext& context) {
  Infrastructure out;
  out.region = plan.region;
  out.remarks = plan.remarks;
  for (const PlannedEndpoint& planned : plan.endpoints) {
    const std::string name = endpoint_name(planned, plan);
    if (name.empty() || !planned.required) continue;
    auto row = std::find_if(out.endpoints.begin(), out.endpoints.end(),
                            [&](const EndpointToCreate& known) { return known.name == name; });
    if (row == out.endpoints.end()) {
      const std::string_view id =
          privatelink_suffix(*planned.service, *plan.partition, plan.region, planned.form);
      out.endpoints.push_back({planned.service, planned.expects, name, id, planned.required_by,
                               planned.s3_objects, names_unsure(planned, plan)});
    } else {
      add_once(row->unsure, names_unsure(planned, plan));
      const bool all_known = !row->s3_objects.empty() && !planned.s3_objects.empty();
      add_once(row->reasons, planned.required_by);
      if (all_known)
        add_once(row->s3_objects, planned.s3_objects);
      else
        row->s3_objects.clear();
    }
    (planned.expects == EndpointType::interface ? out.has_interfaces : out.has_gateways) = true;
  }
  out.vpc_id = options.vpc_id;
  out.subnet_ids = options.subnet_ids;
  out.route_table_ids = options.route_tables;
  out.task_group = options.task_group;
  out.group_is = plan.platform.fargate ? "task's security group"
                                       : "instances' security group; tasks with an interface of their own "
                                         "also need a rule for theirs";
  if (out.task_group.empty()) {
    for (const Cidr& range : options.vpc_cidrs.empty() ? context.subnets : options.vpc_cidrs)
      out.task_cidrs.push_back(range.to_string());
  }
  return out;
}

std::string s3_policy(const EndpointToCreate& endpoint) {
  std::vector<std::string> buckets;
  for (const std::string& object : endpoint.s3_objects) {
    if (is_own_bucket(object)) add_once(buckets, {bucket_of(object)});
  }
  std::string text;
  JsonWriter json(text);
  json.begin_object();
  json.field("Version", "2012-10-17");
  json.key("Statement");
  json.begin_array();
  write_statement(json, "s3:GetObject", endpoint.s3_objects);
  if (!buckets.empty()) write_statement(json, "s3:GetBucketLocation", buckets);
  json.end_array();
  json.end_object();
  // A quote in a key must not end a quoted argument of a shell.
  for (std::size_t at = text.find('\''); at != std::string::npos; at = text.find('\'')) {
    text.replace(at, 1, "\\u0027");
  }
  return text;
}

std::string remarks_as_comments(const Infrastructure& infrastructure) {
  std::string text;
  for (const std::string& remark : infrastructure.remarks) {
    std::string start = "# - ";
    for (const std::string& line : wrap(printable(remark, false), kPageColumns - start.size())) {
      text += start + line + '\n';
      start = "#   ";
    }
  }
  return text.empty() ? text : "# Left open:\n" + text;
}

std::string comments(const EndpointToCreate& endpoint, std::string_view indent) {
  std::string text = std::string(indent) + "# " + std::string(endpoint.service->name) + '\n';
  const auto line = [&](const std::string& words) {
    text += std::string(indent) + "#   " + printable(words, false) + '\n';
  };
  for (const std::string& reason : endpoint.reasons) line(reason);
  for (const std::string& host : endpoint.unsure) line("not known: whether this endpoint serves " + host);
  return text;
}

}  // namespace vpcprobe
