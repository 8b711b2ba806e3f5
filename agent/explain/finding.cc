#include "agent/explain/finding.h"

#include <algorithm>

#include "agent/aws/amazon_resolver.h"
#include "agent/aws/service_reference.h"
#include "agent/diagnosis/rules.h"
#include "agent/diagnosis/words.h"

namespace vpcprobe {
namespace {

constexpr int kFirstStagePastNetwork = 5;
constexpr const char* kSomePort = "<port>";

void add_evidence(Finding& finding, const ExplainedMessage& message, const NamedAddress* address) {
  const auto add = [&](const char* key, auto value) { finding.evidence.push_back({key, std::move(value)}); };
  add("one_of", static_cast<std::int64_t>(message.codes.size()));
  if (!message.host.empty()) add("host", message.host);
  if (address != nullptr) {
    add("address_scope", std::string(to_string(address->scope)));
    add("private_answer", is_inside(address->scope));
    if (!address->owner.empty()) add("owner", address->owner);
  }
  const MessageEvidence& read = message.evidence;
  if (!read.http_statuses.empty()) add("http_status", std::int64_t{read.http_statuses.front()});
  if (read.attempts) add("attempts", std::int64_t{*read.attempts});
  if (!read.denial) return;
  if (!read.denial->principal.empty()) add("principal", read.denial->principal);
  if (!read.denial->action.empty()) add("action", read.denial->action);
  if (!read.denial->resource.empty()) add("resource", read.denial->resource);
  if (!read.denial->policy.empty()) add("policy", std::string(read.denial->policy));
  add("explicit_deny", read.denial->explicit_deny);
}

/// "10.0.1.7 (private) on port 443", "52.218.30.10 (public, S3 eu-west-1) on port 443".
std::string address_sentence(const NamedAddress& address) {
  std::string text = address.address.to_string() + " (" + std::string(to_string(address.scope));
  if (!address.owner.empty()) text += ", " + address.owner;
  text += ")";
  return address.port == 0 ? text : text + " on port " + std::to_string(address.port);
}

std::string observed_in(const ExplainedMessage& message, const NamedAddress* address) {
  std::vector<std::string> parts;
  if (address != nullptr) {
    parts.push_back("the text names " + address_sentence(*address));
  } else if (message.blame == Blame::connection) {
    parts.push_back("the text names no address");
  }
  for (const int status : message.evidence.http_statuses)
    parts.push_back(status == 0 ? "status 0 (no answer)" : "HTTP status " + std::to_string(status));
  if (message.evidence.attempts)
    parts.push_back(count_words(static_cast<std::size_t>(*message.evidence.attempts), "attempt"));
  if (const auto& denial = message.evidence.denial; denial && !denial->principal.empty())
    parts.push_back("denied to " + denial->principal);
  if (message.codes.size() > 1)
    parts.push_back("this is one of " + std::to_string(message.codes.size()) + " possible causes");
  return enumerate(parts);
}

/// "10.0.7.7:5432"; a port that the text does not name is left for the reader to fill in.
std::string target_words(const PlannedEndpoint& planned) {
  constexpr std::uint16_t usual = 443;
  const std::string& host = planned.target.host;
  if (planned.target.port == usual) return host;
  const bool literal = host.find(':') != std::string::npos;
  const std::string port = planned.target.port == 0 ? kSomePort : std::to_string(planned.target.port);
  return (literal ? "[" + host + "]" : host) + ":" + port;
}

/// The command that probes it from the task's place.
Fix look_from_there(const Finding& finding, const ExplainSubject& subject, const Plan& plan) {
  std::string command = "vpc-probe run";
  if (!subject.region.empty()) command += " --region " + subject.region;
  if (subject.service != nullptr) {
    command += " --services " + reference_to(*subject.service, subject.host);
    if (subject.form.fips) command += " --fips";
    if (subject.form.dualstack) command += " --dualstack";
  } else if (!finding.endpoint.empty()) {
    command += " --target " + target_words(plan.endpoints.front());
  }
  return {finding.endpoint.empty() ? "Find the blocked path, from the same subnet and security group"
                                   : "Probe it, from the same subnet and security group",
          command, true};
}

/// A {key} that neither the text nor the row knows becomes a <placeholder>.
void leave_open(std::string& text) {
  text = fill(text, [](std::string_view key) {
    const bool is_key = key.find_first_not_of("abcdefghijklmnopqrstuvwxyz_") == std::string_view::npos;
    std::string open = is_key ? "<" + std::string(key) + ">" : "{" + std::string(key) + "}";
    if (is_key) std::replace(open.begin(), open.end(), '_', '-');
    return open;
  });
}

void leave_open(Finding& finding) {
  leave_open(finding.title);
  for (Cause& cause : finding.causes) leave_open(cause.text);
  for (std::string& error : finding.ecs_errors) leave_open(error);
  for (Fix& fix : finding.fix) {
    leave_open(fix.text);
    leave_open(fix.command);
  }
}

/// The role whose call was denied, or that could not be assumed.
std::string role_in(const ExplainedMessage& message) {
  const auto& denial = message.evidence.denial;
  if (denial && !denial->principal.empty()) return role_name_of(denial->principal);
  for (const std::string& arn : message.evidence.arns) {
    if (std::string role = role_name_of(arn); !role.empty()) return role;
  }
  return {};
}

void add_place(Finding& finding, const ExplainSubject& subject, const NamedAddress* address) {
  const auto flag = [&](const char* key, bool set) {
    if (set) finding.evidence.push_back({key, true});
  };
  flag("other_region", subject.other_region);
  flag("elsewhere", is_elsewhere(subject));
  flag("dual_stack_name", !subject.endpoint_serves);
  flag("unowned", subject.unowned);
  if (expected_endpoint(subject) == EndpointType::none)
    finding.evidence.push_back({"needs_internet", address == nullptr || !is_inside(address->scope)});
}

/// False only where the message names resolvers, none of which can be Amazon's.
bool may_mean_amazon_resolver(const MessageEvidence& read) {
  bool is_any_named = false;
  for (const NamedAddress& named : read.addresses) {
    if (named.role != AddressRole::resolver) continue;
    if (may_be_amazon_resolver(named.address)) return true;
    is_any_named = true;
  }
  return !is_any_named;
}

/// What the rules' texts assume, though the message does not show it.
std::vector<Evidence> assumptions(const ExplainedMessage& message, const ExplainSubject& subject) {
  std::vector<Evidence> assumed;
  // Without an address, silence of an interface endpoint is taken as silence of an endpoint that exists.
  if (subject.address == nullptr && expected_endpoint(subject) == EndpointType::interface)
    assumed.push_back({"private_answer", true});
  if (may_mean_amazon_resolver(message.evidence)) assumed.push_back({"amazon_resolver", true});
  assumed.push_back({"by_cname", true});  // of an answer, which no message has
  if (is_elsewhere(subject)) {
    assumed.push_back({"other_store", true});
    assumed.push_back({"hop_host", subject.host});
  }
  if (!subject.endpoint_serves) assumed.push_back({"plain_host", plain_host(subject)});
  if (subject.address != nullptr && subject.address->port == 0 && subject.host.empty() &&
      subject.service == nullptr)
    assumed.push_back({"port", kSomePort});
  if (const std::string role = role_in(message); !role.empty()) assumed.push_back({"role_name", role});
  return assumed;
}

/// The plan that fills the texts. A message about an unknown service is not about the default services.
Plan plan_for_texts(const Rule& rule, const ExplainSubject& subject) {
  Plan plan = plan_of(subject);
  if (plan.endpoints.size() == 1 || rule.task_wide) return plan;
  PlannedEndpoint unknown;
  unknown.target.host = "the service that was called";
  plan.endpoints = {unknown};
  return plan;
}

}  // namespace

Finding finding_of(std::string_view code, const ExplainedMessage& message, const ExplainSubject& subject,
                   const EcsMessage* row) {
  const Rule& rule = *find_rule(code);
  const Plan plan = plan_for_texts(rule, subject);
  Finding finding;
  finding.code = code;
  finding.stage = rule.stage;
  finding.severity = Severity::error;  // the task has failed
  if (!rule.task_wide && plan.endpoints.size() == 1) finding.endpoint = plan.endpoints.front().id;
  const NamedAddress* address = remote_address(message.evidence);
  if (address != nullptr && rule.stage < kFirstStagePastNetwork)
    finding.addresses.push_back(address->address.to_string());
  finding.observed = observed_in(message, address);
  add_evidence(finding, message, address);
  add_place(finding, subject, address);
  if (row != nullptr && !row->flag.empty()) finding.evidence.push_back({std::string(row->flag), true});
  const Options options;
  const TaskContext context;
  const std::vector<EndpointReport> none;
  const std::vector<Evidence> assumed = assumptions(message, subject);
  finding.evidence.insert(finding.evidence.begin(), assumed.begin(), assumed.end());
  fill_texts(finding, rule, Case{options, context, plan, none, none, {}, none});
  finding.evidence.erase(finding.evidence.begin(),
                         finding.evidence.begin() + static_cast<std::ptrdiff_t>(assumed.size()));
  if (row != nullptr && !row->title.empty()) finding.title = row->title;
  if (rule.blame != Blame::connection) finding.ecs_errors.clear();  // it is what the message says itself
  leave_open(finding);
  if (rule.stage < kFirstStagePastNetwork)
    finding.fix.insert(finding.fix.begin(), look_from_there(finding, subject, plan));
  return finding;
}

}  // namespace vpcprobe
