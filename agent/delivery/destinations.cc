#include "agent/delivery/destinations.h"

#include <algorithm>
#include <array>

#include "agent/aws/arn.h"
#include "agent/aws/catalog.h"
#include "agent/base/ascii.h"
#include "agent/base/digest.h"
#include "agent/base/nearest.h"
#include "agent/calls/message_api.h"
#include "agent/render/diagnosis.h"
#include "agent/render/diagnosis_within.h"

namespace vpcprobe {
namespace {

// AWS: 256 KiB for a message of SNS with its attributes, and for an event. Subscribers wrap it into JSON
// again: quotes take two bytes there.
constexpr std::size_t kLongestDiagnosis = 160U << 10;

bool is_name(std::string_view text, std::string_view more, std::size_t most) {
  return !text.empty() && text.size() <= most && std::all_of(text.begin(), text.end(), [&](char c) {
    return is_small_letter(c) || is_digit(c) || more.find(c) != std::string_view::npos;
  });
}

constexpr std::string_view kCapitals = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";

/// An ARN of this service, in a region that the program knows.
bool is_arn_of(std::string_view text, std::string_view service) {
  const auto arn = parse_arn(text);
  return arn && arn->service == service && find_partition(arn->region) != nullptr && !arn->resource.empty();
}

std::string check_topic(std::string_view target) {
  if (!is_arn_of(target, "sns")) return "no topic; write sns:arn:aws:sns:REGION:ACCOUNT:NAME";
  return target.ends_with(".fifo") ? "a FIFO topic sends no mail and no SMS; write another" : "";
}

std::string check_bus(std::string_view target) {
  const bool is_bus = is_arn_of(target, "events") || is_name(target, std::string(kCapitals) + "-_./", 256);
  return is_bus ? "" : "no event bus; write events:default, events:NAME or events:ARN";
}

std::string check_bucket(std::string_view target) {
  if (target.find('.') != std::string_view::npos)
    return "the certificate of S3 does not cover a bucket with a dot in its name";
  return is_name(target, "-", 63) && target.size() >= 3 ? "" : "no bucket; write s3:NAME";
}

std::string topic_resource(std::string_view /*partition*/, const std::string& target) { return target; }
std::string bus_resource(std::string_view partition, const std::string& target) {
  if (parse_arn(target)) return target;
  return "arn:" + std::string(partition) + ":events:*:*:event-bus/" + target;
}
std::string bucket_resource(std::string_view partition, const std::string& target) {
  return "arn:" + std::string(partition) + ":s3:::" + target + "/vpc-probe/*";
}

std::string_view event_of(const Alert& alert) { return alert.is_over ? "over" : "fault"; }

ApiCallRequest to_topic(const std::string& target, const Alert& alert, const std::string& /*page_key*/) {
  NewMessage message;
  message.topic = target;
  message.subject = alert_subject(alert);
  message.text = alert_text(alert);
  message.attributes = {{"event", std::string(event_of(alert))}, {"service", alert.service}};
  if (!alert.diagnosis.culprits.empty())
    message.attributes.push_back({"finding", alert.diagnosis.culprits.front().finding});
  std::string json = diagnosis_json_within(alert.diagnosis, kLongestDiagnosis);
  if (!json.empty()) message.attributes.push_back({"diagnosis", std::move(json)});
  return publish(message);
}

ApiCallRequest to_bus(const std::string& target, const Alert& alert, const std::string& /*page_key*/) {
  NewEvent event;
  event.bus = target;
  event.source = "vpc-probe";
  event.detail_type = alert.is_over ? "vpc-probe Fault Over" : "vpc-probe Fault";
  event.detail = diagnosis_json_within(alert.diagnosis, kLongestDiagnosis);
  if (event.detail.empty()) event.detail = "{}";
  if (!alert.service_arn.empty()) event.resources = {alert.service_arn};
  return put_event(event);
}

ApiCallRequest to_bucket(const std::string& target, const Alert& alert, const std::string& page_key) {
  return put_object({target, page_key, "text/html; charset=utf-8", diagnosis_html(alert.diagnosis)});
}

std::string bucket_page(const std::string& target, const std::string& page_key) {
  return "s3://" + target + "/" + page_key;
}

std::string no_problem(const std::string& /*json*/) { return {}; }
std::string problem_of_event(const std::string& json) { return event_problem(json); }

constexpr std::array kKinds = std::to_array<DestinationKind>({
    {.name = "sns",
     .form = "sns:TOPIC-ARN",
     .action = "sns:Publish",
     .resource = topic_resource,
     .check = check_topic,
     .request = to_topic,
     .problem = no_problem},
    {.name = "events",
     .form = "events:BUS",
     .action = "events:PutEvents",
     .resource = bus_resource,
     .check = check_bus,
     .request = to_bus,
     .problem = problem_of_event},
    {.name = "s3",
     .form = "s3:BUCKET",
     .action = "s3:PutObject",
     .resource = bucket_resource,
     .check = check_bucket,
     .request = to_bucket,
     .problem = no_problem,
     .page = bucket_page},
});

/// Why it was not sent; empty where it was.
std::string send_one(const std::function<ApiCallReply(const ApiCallRequest&)>& call,
                     const Destination& destination, const Alert& alert, const std::string& page_key) {
  const DestinationKind& kind = kind_of(destination);
  const ApiCallReply reply = call(kind.request(destination.target, alert, page_key));
  const std::string why =
      reply.outcome == CallOutcome::answered ? kind.problem(reply.answer.json) : problem_of(reply);
  return why.empty() ? why : destination.text + ": " + why;
}

}  // namespace

std::span<const DestinationKind> destination_kinds() { return kKinds; }

const DestinationKind& kind_of(const Destination& destination) {
  return *std::find_if(kKinds.begin(), kKinds.end(),
                       [&](const DestinationKind& row) { return row.name == destination.kind; });
}

std::string read_destination(Options& options, std::string_view value) {
  const std::string_view name = value.substr(0, value.find(':'));
  const auto kind = std::find_if(kKinds.begin(), kKinds.end(),
                                 [&](const DestinationKind& row) { return row.name == name; });
  if (kind == kKinds.end()) {
    std::vector<std::string_view> names;
    std::string forms;
    for (const DestinationKind& row : kKinds) {
      names.push_back(row.name);
      forms.append(forms.empty() ? "" : ", ").append(row.form);
    }
    return "must be one of " + forms + did_you_mean(name, names);
  }
  const std::string_view target = name.size() == value.size() ? "" : value.substr(name.size() + 1);
  std::string wrong = kind->check(target);
  const auto same = [&](const Destination& other) { return other.text == value; };
  if (wrong.empty() && std::none_of(options.notify.begin(), options.notify.end(), same))
    options.notify.push_back({std::string(value), std::string(name), std::string(target)});
  return wrong;
}

std::string destination_key(const Destination& destination) { return digest_of(destination.text).substr(8); }

std::vector<Unsent> send_alert(const std::function<ApiCallReply(const ApiCallRequest&)>& call,
                               const std::vector<Destination>& destinations, const Alert& alert,
                               const std::string& page_key) {
  std::vector<Destination> in_order = destinations;
  std::stable_partition(in_order.begin(), in_order.end(),
                        [](const Destination& destination) { return kind_of(destination).page != nullptr; });
  Alert told = alert;
  std::vector<Unsent> unsent;
  for (const Destination& destination : in_order) {
    std::string why = send_one(call, destination, told, page_key);
    const auto page = kind_of(destination).page;
    if (why.empty() && page != nullptr) told.page = page(destination.target, page_key);
    if (!why.empty()) unsent.push_back({destination_key(destination), std::move(why)});
  }
  return unsent;
}

}  // namespace vpcprobe
