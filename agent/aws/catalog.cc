#include "agent/aws/catalog.h"

#include <algorithm>
#include <array>

#include "agent/aws/arn.h"
#include "agent/aws/region_pattern.h"

namespace vpcprobe {
namespace {

constexpr std::string_view kAnyAccount = "000000000000";

std::string replace_all(std::string text, std::string_view from, std::string_view to) {
  for (std::size_t at = text.find(from); at != std::string::npos; at = text.find(from, at + to.size())) {
    text.replace(at, from.size(), to);
  }
  return text;
}

/// One label, or what is between two known parts of a name: no dot may hide in it.
bool is_label(std::string_view text) {
  return !text.empty() && text.size() <= 63 && text.find('.') == std::string_view::npos;
}

struct Placeholder {
  std::string_view name;
  std::string HostValues::*value;
};
constexpr std::array kPlaceholders = std::to_array<Placeholder>({
    {"{region}", &HostValues::region},
    {"{account}", &HostValues::account},
    {"{bucket}", &HostValues::bucket},
    {"{apiid}", &HostValues::api_id},
    {"{fsid}", &HostValues::file_system_id},
    {"{stage}", &HostValues::stage},
});

/// The part of `text` that a placeholder takes: up to the literal that follows it.
std::size_t end_of_value(std::string_view text, std::string_view rest_of_template) {
  if (rest_of_template.empty()) return text.size();
  return text.find(rest_of_template.substr(0, rest_of_template.find('{')));
}

bool is_exception(std::string_view entry, std::string_view suffix, std::string_view region,
                  EndpointType type) {
  if (const auto at = entry.find('@'); at != std::string_view::npos) {
    if (entry.substr(at + 1) != region) return false;
    entry = entry.substr(0, at);
  }
  if (const auto slash = entry.find('/'); slash != std::string_view::npos) {
    if (entry.substr(slash + 1) != to_string(type)) return false;
    entry = entry.substr(0, slash);
  }
  return entry == suffix;
}

const HostException* find_exception(const Service& service, const Partition& partition,
                                    std::string_view region, HostForm form) {
  const auto all = host_exceptions();
  const auto found = std::find_if(all.begin(), all.end(), [&](const HostException& row) {
    const bool here = row.where.empty() || row.where == partition.id || row.where == region;
    return here && row.service == service.id && row.fips == form.fips && row.dualstack == form.dualstack;
  });
  return found == all.end() ? nullptr : &*found;
}

constexpr HostForm kFips{true, false};

/// Where the FIPS name is the plain one, the plain endpoint has it.
bool has_fips_endpoint(const Service& service, const Partition& partition, std::string_view region,
                       HostForm form) {
  return form.fips && !service.fips_privatelink_suffix.empty() &&
         host_template(service, partition, region, kFips) != service.host;
}

}  // namespace

std::string_view to_string(EndpointType type) {
  constexpr std::array<std::string_view, 4> kNames = {"interface", "gateway", "mount_target", "public"};
  return kNames[static_cast<std::size_t>(type)];
}

std::vector<std::string_view> list_of(std::string_view column) {
  std::vector<std::string_view> parts;
  while (!column.empty()) {
    const std::size_t comma = std::min(column.find(','), column.size());
    parts.push_back(column.substr(0, comma));
    column.remove_prefix(std::min(comma + 1, column.size()));
  }
  return parts;
}

const Service* find_service(std::string_view id) {
  const auto all = services();
  const auto found = std::find_if(all.begin(), all.end(), [id](const Service& row) { return row.id == id; });
  return found == all.end() ? nullptr : &*found;
}

const Partition* find_partition(std::string_view region) {
  const auto all = partitions();
  const auto found = std::find_if(all.begin(), all.end(), [region](const Partition& row) {
    return matches_region_pattern(row.region_regex, region);
  });
  return found == all.end() ? nullptr : &*found;
}

std::string expand(std::string_view host_template, const Partition& partition, const HostValues& values) {
  const std::string_view account = values.account.empty() ? kAnyAccount : values.account;
  std::string text = replace_all(std::string(host_template), "{account}", account);
  for (const Placeholder& placeholder : kPlaceholders) {
    text = replace_all(std::move(text), placeholder.name, values.*placeholder.value);
  }
  text = replace_all(std::move(text), "{suffix}", partition.dns_suffix);
  return replace_all(std::move(text), "{dualstack}", partition.dualstack_suffix);
}

std::string host_template(const Service& service, const Partition& partition, std::string_view region,
                          HostForm form) {
  const HostException* exception = find_exception(service, partition, region, form);
  if (exception != nullptr) return std::string(exception->host);
  if (!form.fips) return std::string(form.dualstack ? service.dualstack_host : service.host);
  if (!form.dualstack) return std::string(service.fips_host);
  // The usual form of both together, as botocore's rule sets build it where no exception is known.
  return replace_all(host_template(service, partition, region, HostForm{true, false}), "{suffix}",
                     "{dualstack}");
}

HostForm form_served(const Service& service, const Partition& partition, std::string_view region,
                     HostForm asked) {
  for (const HostForm form : {asked, HostForm{asked.fips, false}}) {
    if (!host_template(service, partition, region, form).empty()) return form;
  }
  return {};
}

bool endpoint_serves(const Service& service, const Partition& partition, std::string_view region,
                     HostForm form) {
  const HostException* exception = find_exception(service, partition, region, form);
  return exception == nullptr || !exception->no_endpoint_has_it;
}

bool private_dns_has(const Service& service, const Partition& partition, std::string_view region,
                     HostForm form) {
  const std::string name = host_template(service, partition, region, form);
  if (has_fips_endpoint(service, partition, region, form))
    return name == host_template(service, partition, region, kFips);
  const auto covered = list_of(service.private_names);
  return std::any_of(covered.begin(), covered.end(), [&](std::string_view pattern) {
    const bool wildcard = pattern.starts_with("*.");
    return wildcard ? name.find('.') != std::string::npos &&
                          std::string_view(name).substr(name.find('.') + 1) == pattern.substr(2)
                    : name == pattern;
  });
}

std::optional<HostValues> unexpand(std::string_view host_template, const Partition& partition,
                                   std::string_view host) {
  const std::string with_suffix =
      replace_all(replace_all(std::string(host_template), "{suffix}", partition.dns_suffix), "{dualstack}",
                  partition.dualstack_suffix);
  std::string_view pattern = with_suffix;
  HostValues values;
  while (!pattern.empty()) {
    const std::size_t open = std::min(pattern.find('{'), pattern.size());
    if (host.substr(0, open) != pattern.substr(0, open)) return std::nullopt;
    host.remove_prefix(open);
    pattern.remove_prefix(open);
    if (pattern.empty()) break;
    const std::string_view name = pattern.substr(0, pattern.find('}') + 1);
    pattern.remove_prefix(name.size());
    const std::size_t end = end_of_value(host, pattern);
    if (end == std::string_view::npos || !is_label(host.substr(0, end))) return std::nullopt;
    for (const Placeholder& placeholder : kPlaceholders) {
      if (placeholder.name == name) values.*placeholder.value = host.substr(0, end);
    }
    host.remove_prefix(end);
  }
  if (!host.empty()) return std::nullopt;
  if (!values.region.empty() && !matches_region_pattern(partition.region_regex, values.region))
    return std::nullopt;
  if (!values.account.empty() && !is_account(values.account)) return std::nullopt;
  return values;
}

namespace {

/// Whether `host` begins as the template does, up to its first placeholder.
bool begins_as(std::string_view host_template, std::string_view host) {
  return !host_template.empty() && host.starts_with(host_template.substr(0, host_template.find('{')));
}

/// The services that have an exceptional name which may give `host`.
std::vector<std::string_view> exceptional(std::string_view host) {
  std::vector<std::string_view> services;
  for (const HostException& row : host_exceptions()) {
    if (begins_as(row.host, host)) services.push_back(row.service);
  }
  return services;
}

/// Whether one of the service's own templates may give `host`: for most services the first label says no.
bool may_give(const Service& service, std::string_view host) {
  return begins_as(service.host, host) || begins_as(service.fips_host, host) ||
         begins_as(service.dualstack_host, host);
}

/// Cheap: most partitions drop out by their suffix. Some templates end in a suffix of no partition
/// ("on.aws").
bool may_be_in(const Partition& partition, std::string_view host) {
  return host.ends_with(partition.dns_suffix) || host.ends_with(partition.dualstack_suffix) ||
         host.ends_with(".aws");
}

}  // namespace

std::optional<KnownHost> recognise(std::string_view host) {
  constexpr std::array<HostForm, 4> kForms = {{{false, false}, {true, false}, {false, true}, {true, true}}};
  const auto others = exceptional(host);
  for (const Partition& partition : partitions()) {
    if (!may_be_in(partition, host)) continue;
    for (const Service& service : services()) {
      const bool other = std::find(others.begin(), others.end(), service.id) != others.end();
      if (!other && !may_give(service, host)) continue;
      for (const HostForm& form : kForms) {
        const std::string pattern = host_template(service, partition, {}, form);
        if (pattern.empty()) continue;
        if (auto values = unexpand(pattern, partition, host))
          return KnownHost{&service, &partition, form, *values};
      }
    }
  }
  return std::nullopt;
}

std::optional<KnownHost> recognise_bucket(std::string_view host) {
  if (auto known = recognise(host)) return known;
  const std::size_t dot = std::min(host.find('.'), host.size() - 1);
  auto known = host.empty() ? std::nullopt : recognise(host.substr(dot + 1));
  if (!known) return std::nullopt;
  const std::string below = "*." + std::string(known->service->host);
  const auto names = list_of(known->service->private_names);
  if (std::find(names.begin(), names.end(), below) == names.end()) return std::nullopt;
  known->values.bucket = host.substr(0, dot);
  return known;
}

std::string_view privatelink_suffix(const Service& service, const Partition& partition,
                                    std::string_view region, HostForm form) {
  return has_fips_endpoint(service, partition, region, form) ? service.fips_privatelink_suffix
                                                             : service.privatelink_suffix;
}

std::string privatelink_name(const Service& service, const Partition& partition, std::string_view region,
                             EndpointType type, HostForm form) {
  const std::string_view suffix = privatelink_suffix(service, partition, region, form);
  if (suffix.empty()) return {};
  const auto exceptions = list_of(partition.exception_services);
  const bool exception = std::any_of(exceptions.begin(), exceptions.end(), [&](std::string_view entry) {
    return is_exception(entry, suffix, region, type);
  });
  std::string name(exception ? partition.exception_prefix : "com.amazonaws");
  return name.append(".").append(region).append(".").append(suffix);
}

}  // namespace vpcprobe
