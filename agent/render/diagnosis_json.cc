#include "agent/base/json_array.h"
#include "agent/render/diagnosis.h"
#include "agent/render/explanation.h"
#include "version.h"

namespace vpcprobe {
namespace {

void write_change(JsonWriter& json, const Change& change) {
  json.field("text", change.text);
  json.field("command", change.command);
}

void write_culprit(JsonWriter& json, const Culprit& culprit) {
  json.field("finding", culprit.finding);
  json.field_or_null("endpoint", culprit.endpoint);
  json.field("endpoints", culprit.endpoints);
  json.key("resource");
  json.begin_object();
  json.field("type", culprit.resource.type);
  json.field("id", culprit.resource.id);
  json.field("name", culprit.resource.name);
  json.end_object();
  json.field("rule", culprit.rule);
  json.field("why", culprit.why);
  json.field("part_of_connections", culprit.is_part);
  write_objects(json, "fixes", culprit.fixes, write_change);
}

void write_hop(JsonWriter& json, const PathHop& hop) {
  json.field("kind", to_string(hop.kind));
  json.field("id", hop.id);
  json.field("verdict", to_string(hop.verdict));
  json.field("by", hop.by);
}

void write_path(JsonWriter& json, const JudgedPath& path) {
  json.field("endpoint", path.endpoint);
  json.field_or_null("subnet", path.subnet);
  json.field_or_null("address", path.address);
  json.field("reach", to_string(path.reach));
  json.field_or_null("measured", path.measured);
  write_objects(json, "hops", path.hops, write_hop);
}

void write_contradiction(JsonWriter& json, const Contradiction& contradiction) {
  json.field("code", contradiction.code);
  json.field_or_null("finding", contradiction.finding);
  json.field_or_null("endpoint", contradiction.endpoint);
  json.field("addresses", contradiction.addresses);
  json.field("why", contradiction.why);
}

void write_unexplained(JsonWriter& json, const Unexplained& unexplained) {
  json.field("finding", unexplained.finding);
  json.field_or_null("endpoint", unexplained.endpoint);
  json.field("why", unexplained.why);
}

void write_not_seen(JsonWriter& json, const NotSeen& part) {
  json.field("what", part.what);
  json.field("why", part.why);
}

void write_who(JsonWriter& json, const Who& who) {
  json.key("task");
  json.begin_object();
  json.field_or_null("region", who.region);
  json.field_or_null("vpc", who.vpc);
  json.field("subnets", who.subnets);
  json.key("security_groups");
  if (who.groups)
    json.value(*who.groups);
  else
    json.null();
  json.field("known_from", who.sources);
  json.end_object();
}

/// A document that is JSON already, on one line.
void write_document(JsonWriter& json, std::string& out, std::string_view name, std::string document) {
  if (!document.empty() && document.back() == '\n') document.pop_back();
  json.key(name);
  out += document.empty() ? "null" : document;
}

}  // namespace

std::string diagnosis_json(const Diagnosis& diagnosis) {
  std::string out;
  JsonWriter json(out);
  json.begin_object();
  json.field("schema", "vpc-probe/diagnosis/1");
  json.field("version", VPC_PROBE_VERSION);
  json.field("verdict", to_string(diagnosis.verdict));
  json.field("exit_code", diagnosis.exit_code);
  json.field("summary", diagnosis.summary);
  json.field("measured", diagnosis.measured);
  write_who(json, diagnosis.who);
  write_objects(json, "culprits", diagnosis.culprits, write_culprit);
  write_objects(json, "paths", diagnosis.paths, write_path);
  write_objects(json, "disagreements", diagnosis.disagreements, write_contradiction);
  write_objects(json, "unexplained", diagnosis.unexplained, write_unexplained);
  write_objects(json, "not_seen", diagnosis.not_seen, write_not_seen);
  write_document(json, out, "explanation",
                 diagnosis.explanation ? explanation_json(*diagnosis.explanation) : std::string());
  write_document(json, out, "report", diagnosis.report ? render_json(*diagnosis.report, {}) : std::string());
  json.end_object();
  return out + '\n';
}

}  // namespace vpcprobe
