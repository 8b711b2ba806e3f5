#include "agent/plan/need_list.h"

#include <algorithm>
#include <array>

#include "agent/aws/arn.h"
#include "agent/aws/known_host.h"
#include "agent/base/add_once.h"
#include "agent/base/quoted.h"
#include "agent/base/words.h"
#include "agent/task/placeholder.h"

namespace vpcprobe {
namespace {

/// The service whose names a registry answers under says what an image from there needs.
struct RegistryFeature {
  std::string_view service;
  Feature feature;
  std::string_view
      login{};  ///< the service that gives the login, under a name that the image does not choose
};
constexpr std::array kRegistryFeatures = std::to_array<RegistryFeature>({
    {.service = "ecr.dkr", .feature = Feature::image_in_ecr, .login = "ecr.api"},
    {.service = "ecr-public", .feature = Feature::image_in_ecr_public},
});

/// Who usually calls a service that is asked for by its name; for all others it is the application.
struct UsualRole {
  std::string_view service;
  Role role;
};
constexpr std::array kUsualRoles = std::to_array<UsualRole>({
    {.service = "ecr.api", .role = Role::execution},
    {.service = "ecr.dkr", .role = Role::execution},
    {.service = "s3", .role = Role::execution},
    {.service = "logs", .role = Role::execution},
    {.service = "secretsmanager", .role = Role::execution},
    {.service = "ssm", .role = Role::execution},
    {.service = "ecs-agent", .role = Role::instance},
    {.service = "ecs-telemetry", .role = Role::instance},
    {.service = "ec2messages", .role = Role::instance},
    {.service = "efs", .role = Role::none},
    {.service = "ecr-public", .role = Role::none},
});

/// Where an ARN or a bare name says that a secret is.
struct SecretKind {
  std::string_view arn_service;
  Feature feature;
};
constexpr std::array kSecretKinds = std::to_array<SecretKind>({
    {.arn_service = "secretsmanager", .feature = Feature::secret},
    {.arn_service = "ssm", .feature = Feature::parameter},
});

std::string words_of(std::string_view reason, const About& subject) {
  std::string text = fill(reason, [&](std::string_view key) {
    return key == "of" ? subject.of : key == "what" ? subject.what : "{" + std::string(key) + "}";
  });
  const std::size_t gap = text.find("  ");  // a subject without a name
  return gap == std::string::npos ? text : text.erase(gap, 1);
}

/// valueFrom without the JSON key, stage and version that ECS allows after a secret's ARN.
std::string without_selector(std::string_view value_from) {
  constexpr int colons_of_an_arn = 7;  // arn:PARTITION:SERVICE:REGION:ACCOUNT:secret:NAME
  std::size_t end = 0;
  for (int colon = 0; colon < colons_of_an_arn && end != std::string_view::npos; ++colon)
    end = value_from.find(':', colon == 0 ? 0 : end + 1);
  return std::string(value_from.substr(0, end));
}

Role usual_role(std::string_view service) {
  const auto row = std::find_if(kUsualRoles.begin(), kUsualRoles.end(),
                                [&](const UsualRole& usual) { return usual.service == service; });
  return row == kUsualRoles.end() ? Role::task : row->role;
}

}  // namespace

About of_container(std::string_view name) {
  return {"of container " + std::string(name.empty() ? "(unnamed)" : name), {}};
}

HostValues NeedList::home_values() const {
  HostValues values;
  values.region = home_.region;
  values.account = home_.account;
  return values;
}

HostValues NeedList::values_in(const std::string& region, std::string_view what) const {
  HostValues values = home_values();
  if (!region.empty()) values.region = region;
  if (find_partition(values.region) != nullptr) return values;
  const std::string_view near = nearest_region(values.region);
  throw WrongNeed{std::string(what) + ": " + in_quotes(values.region) + " is no AWS region" +
                  (near.empty() ? "" : "; did you mean " + in_quotes(near) + "?")};
}

Need NeedList::need_of(const Service* service, const HostValues& values, std::string reason,
                       Role role) const {
  Need need;
  need.service = service;
  need.form = home_.form;
  need.values = values;
  need.reason = std::move(reason);
  const bool by_task = platform_.fargate || (role == Role::task && platform_.has_own_interface);
  need.traffic = {role, by_task ? Carrier::task : Carrier::instance};
  return need;
}

void NeedList::add(Feature feature, const HostValues& values, const About& subject) {
  for (const FeatureNeed& row : feature_needs()) {
    if (row.feature != feature) continue;
    Need need = need_of(find_service(row.service), values, words_of(row.reason, subject), row.role);
    need.s3_object = fill(row.s3_object, [&](std::string_view key) {
      return key == "partition" ? std::string(find_partition(values.region)->id)
             : key == "region"  ? values.region
                                : subject.what;
    });
    need.object = subject.object;
    need.guessed = feature == Feature::unseen_secrets;
    const bool spared = platform_.platform_helps && row.platform_does_it_before_1_4;
    if (spared) need.traffic.carrier = Carrier::platform;
    (spared ? out_.spared : out_.needs).push_back(std::move(need));
  }
}

void NeedList::add_service(const ServiceReference& reference, std::string_view reason) {
  HostValues values = home_values();
  values.api_id = reference.values.api_id;
  values.stage = reference.values.stage;
  values.file_system_id = reference.values.file_system_id;
  if (!reference.values.account.empty()) values.account = reference.values.account;
  const Service& service = *reference.service;
  out_.needs.push_back(need_of(&service, values, std::string(reason), usual_role(service.id)));
}

void NeedList::add_known_host(const KnownHost& known, std::string_view reason) {
  HostValues values = known.values;
  if (values.region.empty()) values.region = home_.region;
  out_.needs.push_back(need_of(known.service, values, std::string(reason), usual_role(known.service->id)));
  out_.needs.back().form = known.form;
}

void NeedList::add_host(Need need) {
  const Role role = need.traffic.role;
  need.traffic = need_of(nullptr, {}, {}, role).traffic;
  out_.needs.push_back(std::move(need));
}

bool NeedList::add_image(std::string_view image, const About& subject) {
  const auto registry = registry_of(image);
  if (!registry) return false;
  const Service* service = registry->known ? registry->known->service : nullptr;
  for (const RegistryFeature& row : kRegistryFeatures) {
    if (service == nullptr || row.service != service->id) continue;
    HostValues values = registry->known->values;
    if (values.region.empty()) values.region = home_.region;
    const std::size_t before = out_.needs.size();
    add(row.feature, values, subject);
    const HostForm written = registry->known->form;
    for (std::size_t i = before; i < out_.needs.size(); ++i) {
      Need& need = out_.needs[i];
      if (need.service == service) need.image = image;
      need.form = {written.fips || home_.form.fips, written.dualstack};
      if (!written.dualstack || home_.form.dualstack || need.service->id != row.login) continue;
      need.form.dualstack = false;
      remark("The image " + subject.of +
             " has the registry's dual-stack name. Assumed: the login still takes " + "the IPv4 name of " +
             std::string(need.service->name) +
             ", as long as the task does not use dual-stack endpoints (--dualstack).");
    }
    return true;
  }
  Need need;
  need.host = registry->host;
  need.port = registry->port;
  need.reason = "image " + subject.of;
  need.image = image;
  add_host(std::move(need));
  return true;
}

void NeedList::add_logs(const ContainerContext& container) {
  const LogDestination destination = log_destination(container);
  About subject = of_container(container.name);
  subject.what = destination.output;
  std::string reason = words_of(destination.reason, subject);
  if (destination.service != nullptr) {
    const HostValues values = values_in(destination.region, reason);
    out_.needs.push_back(need_of(destination.service, values, std::move(reason), destination.role));
    out_.needs.back().object = destination.group;
  } else if (destination.by_datagram && !destination.is_unknown) {
    remark("The " + reason + " go to " + in_quotes(destination.host) + " on UDP port " +
           std::to_string(destination.port) + ", which no probe can check: allow it in the security group.");
  } else if (destination.is_unknown) {
    remark("The " + reason + " does not say where it sends: name the destination with --also or --target.");
  } else if (const auto known = recognise(destination.host);
             known && known->service->port == destination.port) {
    add_known_host(*known, reason);
    out_.needs.back().traffic = need_of(known->service, {}, {}, destination.role).traffic;
    out_.needs.back().object = destination.group;
  } else if (!destination.host.empty()) {
    Need need;
    need.host = destination.host;
    need.port = destination.port;
    need.until = destination.until;
    need.reason = std::move(reason);
    // A host outside AWS asks for no signature.
    need.traffic.role = recognise_aws_name(need.host) ? destination.role : Role::none;
    add_host(std::move(need));
  }
}

void NeedList::add_sidecar(const Sidecar& sidecar, const std::map<std::string, std::string>& settings,
                           const About& subject) {
  const std::string reason = std::string(sidecar.name) + " in container " + subject.what;
  for (const std::string_view id : list_of(sidecar.services)) {
    out_.needs.push_back(need_of(find_service(id), home_values(), reason, Role::task));
  }
  for (std::string& host : hosts_of(sidecar, settings)) {
    Need need;
    need.host = std::move(host);
    need.until = Until::tls;
    need.reason = reason;
    add_host(std::move(need));
  }
  if (!sidecar.remark.empty())
    remark("Container " + subject.what + " is " + std::string(sidecar.name) + ". " +
           std::string(sidecar.remark));
}

void NeedList::add_mention(const MentionedHost& mentioned, std::string_view of, bool probe) {
  const std::string by = mentioned.where + " " + std::string(of);
  auto known = recognise_aws_name(mentioned.host);
  if (known && (known->service->port != mentioned.port || known->service->host.empty())) known.reset();
  if (probe) {
    Need need;
    if (known) {
      need = need_of(known->service, known->values, "mentioned in " + by, Role::task);
      if (need.values.region.empty()) need.values.region = home_.region;
      need.form = known->form;
    } else {
      need.host = mentioned.host;
      need.port = mentioned.port;
      need.until = Until::tcp;
      need.reason = "mentioned in " + by;
      need.traffic = need_of(nullptr, {}, {}, Role::none).traffic;
    }
    need.required = false;
    out_.needs.push_back(std::move(need));
    return;
  }
  const auto same = std::find_if(out_.mentioned.begin(), out_.mentioned.end(), [&](const Mention& other) {
    return other.host == mentioned.host && other.port == mentioned.port;
  });
  if (same != out_.mentioned.end()) return add_once(same->mentioned_by, {by});
  out_.mentioned.push_back({mentioned.host, mentioned.port, known, {by}});
}

void NeedList::add_secret(std::string_view value_from, Feature bare_name, const About& subject) {
  About object = subject;
  if (!is_open(value_from)) object.object = without_selector(value_from);
  if (!value_from.starts_with("arn:")) return add(bare_name, object);
  const std::string what = words_of("secret {what} {of}", subject);
  const auto arn = parse_arn(value_from);
  const auto kind = std::find_if(kSecretKinds.begin(), kSecretKinds.end(), [&](const SecretKind& row) {
    return arn && arn->service == row.arn_service;
  });
  if (kind == kSecretKinds.end()) {
    throw WrongNeed{what + ": " + in_quotes(value_from) +
                    " is an ARN of neither Secrets Manager nor the Parameter Store"};
  }
  const bool login = bare_name == Feature::registry_login && kind->feature == Feature::secret;
  add(login ? bare_name : kind->feature, values_in(is_open(arn->region) ? std::string() : arn->region, what),
      object);
}

void NeedList::add_log_group(std::string_view group, const About& subject) {
  About named = subject;
  named.object = group;
  if (!group.starts_with("arn:")) return add(Feature::log_group, named);
  constexpr std::string_view kind = "log-group:";
  const auto arn = parse_arn(group);
  if (!arn || arn->service != "logs" || !arn->resource.starts_with(kind))
    throw WrongNeed{"log group " + subject.of + ": " + in_quotes(group) + " is no ARN of a log group"};
  const std::string name = arn->resource.substr(kind.size());
  named.object = name.substr(0, name.find(':'));
  add(Feature::log_group, values_in(arn->region, "log group " + subject.of), named);
}

void NeedList::add_s3_object(Feature feature, const std::string& text, const About& subject) {
  const auto arn = parse_arn(text);
  if (!arn || arn->service != "s3" || arn->resource.find('/') == std::string::npos) {
    const auto rows = feature_needs();
    const auto row = std::find_if(rows.begin(), rows.end(),
                                  [&](const FeatureNeed& need) { return need.feature == feature; });
    throw WrongNeed{words_of(row->reason, subject) + ": " + in_quotes(text) + " is no ARN of an S3 object"};
  }
  About object = subject;
  object.what = text;
  add(feature, object);
}

void NeedList::add_credential_spec(const std::string& text, const About& subject) {
  const auto arn = parse_arn(text);
  if (!arn || arn->service != "ssm") return add_s3_object(Feature::credential_file, text, subject);
  About parameter = subject;
  parameter.object = text;
  add(Feature::credential_parameter, values_in(arn->region, "credential spec " + subject.of), parameter);
}

void NeedList::add_volume(const std::string& file_system_id, bool by_task_role, const About& subject) {
  if (!is_file_system_id(file_system_id)) {
    throw WrongNeed{"volume " + subject.what + ": " + in_quotes(file_system_id) + " is no EFS file system"};
  }
  HostValues values = home_values();
  values.file_system_id = file_system_id;
  const std::size_t before = out_.needs.size();
  add(Feature::efs_volume, values, subject);
  for (std::size_t i = before; by_task_role && i < out_.needs.size(); ++i) {
    out_.needs[i].traffic.role = Role::task;
  }
}

}  // namespace vpcprobe
