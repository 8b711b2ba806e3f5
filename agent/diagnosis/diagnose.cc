// Runs the rule table: checks, then texts, then what is said once, then masks, then order.
#include <algorithm>
#include <cstring>
#include <map>
#include <set>
#include <unordered_set>

#include "agent/aws/ecs_messages.h"
#include "agent/base/add_once.h"
#include "agent/base/joined.h"
#include "agent/calls/call_verdict.h"
#include "agent/diagnosis/findings.h"
#include "agent/diagnosis/masks.h"
#include "agent/diagnosis/rules.h"
#include "agent/diagnosis/words.h"

namespace vpcprobe {
namespace {

std::vector<const PlannedEndpoint*> endpoints_of(const Finding& finding, const Plan& plan) {
  std::vector<const PlannedEndpoint*> found;
  const bool all = finding.endpoint.empty() && finding.covers.empty();
  for (const PlannedEndpoint& planned : plan.endpoints) {
    const bool covered =
        std::find(finding.covers.begin(), finding.covers.end(), planned.id) != finding.covers.end();
    if (all || covered || planned.id == finding.endpoint) found.push_back(&planned);
  }
  return found;
}

const Evidence* find_evidence(const Finding& finding, std::string_view key) {
  for (const Evidence& evidence : finding.evidence) {
    if (evidence.key == key) return &evidence;
  }
  return nullptr;
}

std::string evidence_text(const Evidence& evidence) {
  struct Text {
    std::string operator()(const std::string& text) const { return text; }
    std::string operator()(double value) const { return std::to_string(value); }
    std::string operator()(std::int64_t value) const { return std::to_string(value); }
    std::string operator()(bool value) const { return value ? "yes" : "no"; }
    std::string operator()(const std::vector<std::string>& words) const { return enumerate(words); }
  };
  return std::visit(Text{}, evidence.value);
}

/// Only what the task needs can be an error or a warning.
void lower_optional(Finding& finding, const Plan& plan) {
  const auto subjects = endpoints_of(finding, plan);
  if (subjects.empty() || (finding.endpoint.empty() && finding.covers.empty())) return;
  const bool needed =
      std::any_of(subjects.begin(), subjects.end(), [](auto* planned) { return planned->required; });
  if (!needed) finding.severity = Severity::note;
}

std::vector<Finding> run_checks(const Case& scene) {
  std::vector<Finding> fired;
  for (const Rule& rule : rules()) {
    for (Finding& finding : rule.check(scene, rule)) {
      lower_optional(finding, scene.plan);
      fired.push_back(std::move(finding));
    }
  }
  return fired;
}

/// What must agree for two findings to be one fault.
std::string fault_key(const Finding& finding, const Rule& rule) {
  std::string key = finding.code + '\n' + std::string(to_string(finding.severity));
  std::string_view names = rule.one_fault_if_same;
  while (!names.empty()) {
    const std::string_view name = names.substr(0, names.find(' '));
    const Evidence* evidence = find_evidence(finding, name);
    key += '\n' + (evidence ? evidence_text(*evidence) : std::string());
    names.remove_prefix(std::min(names.size(), name.size() + 1));
  }
  return key;
}

void set_evidence(Finding& finding, std::string_view key, decltype(Evidence::value) value) {
  const auto found = std::find_if(finding.evidence.begin(), finding.evidence.end(),
                                  [&](const Evidence& evidence) { return evidence.key == key; });
  if (found == finding.evidence.end()) {
    finding.evidence.push_back({std::string(key), std::move(value)});
  } else {
    found->value = std::move(value);
  }
}

/// The actions that a finding's policy refuses, each once.
std::vector<std::string> actions_of(const Finding& finding) {
  if (const Evidence* several = find_evidence(finding, "actions"))
    return std::get<std::vector<std::string>>(several->value);
  const Evidence* one = find_evidence(finding, "action");
  return one ? std::vector<std::string>{evidence_text(*one)} : std::vector<std::string>();
}

void absorb_actions(Finding& whole, const Finding& part) {
  std::vector<std::string> all = actions_of(whole);
  add_once(all, actions_of(part));
  if (all.size() > 1) set_evidence(whole, "actions", std::move(all));
}

void absorb(Finding& whole, const Finding& part) {
  absorb_actions(whole, part);
  if (!whole.endpoint.empty()) {
    whole.covers.push_back(whole.endpoint);
    whole.endpoint.clear();
  }
  whole.covers.push_back(part.endpoint);
  whole.addresses.insert(whole.addresses.end(), part.addresses.begin(), part.addresses.end());
  constexpr std::size_t shown = 3;
  if (whole.covers.size() <= shown) {
    whole.observed += "; " + part.observed;
  } else if (whole.covers.size() == shown + 1) {
    whole.observed += "; and so on";
  }
}

/// Names share addresses. In one pass: they may be thousands.
void drop_repeats(std::vector<std::string>& addresses) {
  std::unordered_set<std::string> known;
  std::erase_if(addresses, [&](const std::string& address) { return !known.insert(address).second; });
}

std::vector<Finding> say_once(std::vector<Finding> fired) {
  std::vector<Finding> said;
  std::map<std::string, std::size_t> at;
  std::set<std::size_t> merged;
  for (Finding& finding : fired) {
    const Rule* rule = find_rule(finding.code);
    if (rule->one_fault_if_same == nullptr || finding.endpoint.empty()) {
      said.push_back(std::move(finding));
      continue;
    }
    const auto [place, is_new] = at.try_emplace(fault_key(finding, *rule), said.size());
    if (is_new) {
      said.push_back(std::move(finding));
    } else {
      absorb(said[place->second], finding);
      merged.insert(place->second);
    }
  }
  for (const std::size_t place : merged) drop_repeats(said[place].addresses);
  return said;
}

/// As many as a command stays readable with.
std::vector<std::string> first_of(const std::vector<std::string>& addresses) {
  constexpr std::size_t most = 6;
  return {addresses.begin(),
          addresses.begin() + static_cast<std::ptrdiff_t>(std::min(addresses.size(), most))};
}

std::string hosts_of(const std::vector<const PlannedEndpoint*>& subjects) {
  std::vector<std::string> hosts;
  for (const PlannedEndpoint* planned : subjects) hosts.push_back(planned->target.host);
  return enumerate(hosts);
}

/// The region that an endpoint is asked in: another than the task's where the task names things of another.
const std::string& region_of(const PlannedEndpoint& planned, const Plan& plan) {
  return planned.region.empty() ? plan.region : planned.region;
}

std::string service_name_of(const PlannedEndpoint& planned, const Plan& plan) {
  if (planned.service == nullptr || plan.partition == nullptr || planned.service->privatelink_suffix.empty())
    return {};
  return privatelink_name(*planned.service, *plan.partition, region_of(planned, plan), planned.expects,
                          planned.form);
}

std::vector<std::string> service_names_of(const std::vector<const PlannedEndpoint*>& subjects,
                                          const Plan& plan) {
  std::vector<std::string> names;
  for (const PlannedEndpoint* planned : subjects) {
    std::string name = service_name_of(*planned, plan);
    const bool is_new = std::find(names.begin(), names.end(), name) == names.end();
    if (!name.empty() && is_new) names.push_back(std::move(name));
  }
  return names;
}

std::string name_of(const PlannedEndpoint& planned) {
  return planned.service != nullptr ? std::string(planned.service->name) : planned.target.host;
}

std::string names_of(const std::vector<const PlannedEndpoint*>& subjects) {
  constexpr std::size_t spelled_out = 3;
  if (subjects.size() > spelled_out) return count_words(subjects.size(), "endpoint");
  std::vector<std::string> names;
  for (const PlannedEndpoint* planned : subjects) names.push_back(name_of(*planned));
  return enumerate(names);
}

/// Knows the value of every {key} that a row may hold.
class Filler {
 public:
  Filler(const Case& scene, const Finding& finding)
      : scene_(scene), finding_(finding), subjects_(endpoints_of(finding, scene.plan)) {}

  std::string operator()(std::string_view text) const {
    return fill(text, [this](std::string_view key) { return value(key); });
  }
  const std::vector<const PlannedEndpoint*>& subjects() const { return subjects_; }

 private:
  std::string value(std::string_view key) const {
    if (const Evidence* evidence = find_evidence(finding_, key)) return evidence_text(*evidence);
    std::string found = known(key);
    if (!found.empty()) return found;
    // Keys that cannot be known from here become the <placeholder> of the same name.
    for (const std::string_view unknowable :
         {"account", "partition", "subnet_cidr", "service_name", "service_names", "resolver", "role_name",
          "secret", "parameter", "log_group", "action", "image", "repository"}) {
      if (key != unknowable) continue;
      std::string placeholder(key);
      std::replace(placeholder.begin(), placeholder.end(), '_', '-');
      return "<" + placeholder + ">";
    }
    return "{" + std::string(key) + "}";
  }

  std::string known(std::string_view key) const {
    const PlannedEndpoint* first = subjects_.empty() ? nullptr : subjects_.front();
    if (key == "region") return scene_.plan.region;
    if (key == "partition") return scene_.plan.partition ? std::string(scene_.plan.partition->id) : "";
    if (key == "layer_bucket") return "prod-" + scene_.plan.region + "-starport-layer-bucket";
    if (key == "account") return scene_.context.account;
    if (key == "subnet_cidr")
      return scene_.context.subnets.empty() ? "" : scene_.context.subnets.front().to_string();
    if (key == "resolver") {
      const auto resolvers = answering_resolvers(scene_);
      return resolvers.empty() ? "" : resolvers.front().to_string();
    }
    if (key == "actions") return enumerate(actions_of(finding_));
    if (key == "address") return finding_.addresses.empty() ? "" : finding_.addresses.front();
    if (key == "addresses") return enumerate(finding_.addresses, 4);
    if (key == "address_list") return joined(first_of(finding_.addresses), ",");
    if (key == "service_names") return joined(service_names_of(subjects_, scene_.plan), ",");
    if (key == "service_region")
      return first == nullptr ? scene_.plan.region : region_of(*first, scene_.plan);
    if (first == nullptr) return {};
    if (key == "name") return names_of(subjects_);
    if (key == "host") return first->target.host;
    if (key == "hosts") return hosts_of(subjects_);
    if (key == "port") return std::to_string(first->target.port);
    if (key == "service_name") return service_name_of(*first, scene_.plan);
    return {};
  }

  const Case& scene_;
  const Finding& finding_;
  std::vector<const PlannedEndpoint*> subjects_;
};

bool is_kind(const PlannedEndpoint& planned, std::string_view kind) {
  if (kind == "custom") return planned.service == nullptr;
  return planned.service != nullptr && to_string(planned.expects) == kind;
}

bool holds_word(std::string_view name, const Finding& finding,
                const std::vector<const PlannedEndpoint*>& subjects) {
  const bool negated = name.front() == '!';
  if (negated) name.remove_prefix(1);
  const Evidence* evidence = find_evidence(finding, name);
  const bool* flag = evidence ? std::get_if<bool>(&evidence->value) : nullptr;
  const bool is_true =
      (flag != nullptr && *flag) || (name == "task_wide" && finding.endpoint.empty()) ||
      std::any_of(subjects.begin(), subjects.end(), [&](auto* p) { return is_kind(*p, name); });
  return is_true != negated;
}

bool holds(Condition condition, const Finding& finding, const std::vector<const PlannedEndpoint*>& subjects) {
  return all_words(condition, [&](std::string_view word) { return holds_word(word, finding, subjects); });
}

/// What the endpoint itself answered, in place of what the first of a merged finding did.
void quote_own_answer(Finding& part, const EndpointReport& endpoint) {
  const auto own =
      std::find_if(endpoint.calls.begin(), endpoint.calls.end(),
                   [&](const CallObservation& call) { return verdict_of(call).code == part.code; });
  if (own == endpoint.calls.end()) return;
  set_evidence(part, "error", own->error);
  set_evidence(part, "message", own->message);
}

/// The part of a finding that is about one of its endpoints, for texts that name one address and host.
Finding part_of(const Finding& finding, const PlannedEndpoint& planned, const Case& scene) {
  Finding part = finding;
  part.endpoint = planned.id;
  part.covers.clear();
  for (const EndpointReport& endpoint : scene.endpoints) {
    if (endpoint.id != planned.id) continue;
    if (finding.endpoint.empty()) quote_own_answer(part, endpoint);
    if (endpoint.addresses.empty()) continue;
    std::unordered_set<std::string> own;
    for (const AddressReport& address : endpoint.addresses) own.insert(address.seen.address.to_string());
    std::erase_if(part.addresses, [&](const std::string& text) { return !own.contains(text); });
  }
  return part;
}

/// A message that is this finding's own, else the one of its kind at the service.
const EcsMessage* message_for(const Finding& finding, const PlannedEndpoint& planned, Blame blame) {
  const auto names_it = [&](const char* code) { return code != nullptr && finding.code == code; };
  for (const EcsMessage& quote : ecs_quotes()) {
    if (std::any_of(quote.codes.begin(), quote.codes.end(), names_it)) return &quote;
  }
  for (const EcsMessage& message : blame == Blame::connection ? ecs_messages() : ecs_quotes()) {
    const bool is_its = planned.service != nullptr && planned.service->id == message.service;
    const bool others = blame != Blame::connection && message.codes[0] != nullptr;
    if (is_its && message.blame == blame && !others && !message.wording.empty()) return &message;
  }
  return nullptr;
}

/// What ECS will say, in the order in which a task meets it: what comes first is what it says.
std::vector<std::string> ecs_errors_for(const Rule& rule, const Finding& finding, const Case& scene) {
  std::vector<std::string> errors;
  constexpr std::size_t most = 3;
  if (finding.severity != Severity::error || std::strlen(rule.ecs_reason) == 0) return errors;
  std::vector<std::pair<const EcsMessage*, const PlannedEndpoint*>> said;
  for (const PlannedEndpoint* planned : endpoints_of(finding, scene.plan)) {
    const EcsMessage* message = message_for(finding, *planned, rule.blame);
    if (message != nullptr && planned->required) said.emplace_back(message, planned);
  }
  // Messages stand in one array, in the order in which a task starts.
  std::stable_sort(said.begin(), said.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
  for (const auto& [message, planned] : said) {
    if (errors.size() == most) break;
    const Finding part = part_of(finding, *planned, scene);
    const Filler filler(scene, part);
    const std::string why = filler(rule.ecs_reason);
    if (why.find_first_not_of(": ") == std::string::npos) continue;  // an answer without words to quote
    const std::string_view wording = message->reworded.empty() ? message->wording : message->reworded;
    errors.push_back(fill(wording, [&, host = planned->target.host](std::string_view key) {
      return key == "why" ? why : key == "host" ? host : filler("{" + std::string(key) + "}");
    }));
  }
  return errors;
}

}  // namespace

const Rule* find_rule(std::string_view code) {
  for (const Rule& rule : rules()) {
    if (code == rule.code) return &rule;
  }
  return nullptr;
}

void fill_texts(Finding& finding, const Rule& rule, const Case& scene) {
  const Filler filler(scene, finding);
  const bool note = finding.severity == Severity::note && rule.title_of_note != nullptr;
  finding.title = filler(note ? rule.title_of_note : rule.title);
  for (const RuleCause& cause : rule.causes) {
    if (cause.text != nullptr && holds(cause.when, finding, filler.subjects())) {
      finding.causes.push_back({cause.id, filler(cause.text)});
    }
  }
  for (const RuleFix& fix : rule.fix) {
    if (fix.text != nullptr && holds(fix.when, finding, filler.subjects())) {
      finding.fix.push_back({filler(fix.text), filler(text_or_none(fix.command)), fix.is_check});
    }
  }
  finding.ecs_errors = ecs_errors_for(rule, finding, scene);
}

std::vector<Finding> diagnose(Case scene) {
  for (std::size_t i = 0; i < scene.endpoints.size(); ++i) scene.judged.push_back(judged_addresses(scene, i));
  std::vector<Finding> findings = say_once(run_checks(scene));
  for (Finding& finding : findings) fill_texts(finding, *find_rule(finding.code), scene);
  resolve_masks(findings);
  sort_roots_first(findings);
  return findings;
}

}  // namespace vpcprobe
