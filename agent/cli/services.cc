#include <algorithm>
#include <string>

#include "agent/aws/catalog.h"
#include "agent/base/json_array.h"
#include "agent/base/text_layout.h"
#include "agent/cli/tables.h"

namespace vpcprobe {
namespace {

constexpr std::string_view kAnyRegion = "<region>";

/// A service's names where the task is. What only the task knows stays a <placeholder>.
struct ServiceNames {
  std::string endpoint;     ///< "interface", "gateway", "gateway or interface", …
  std::string host;         ///< empty where AWS has none there
  std::string privatelink;  ///< empty where no endpoint exists
};

ServiceNames names_of(const Service& service, std::string_view region) {
  const Partition* known = region.empty() ? nullptr : find_partition(region);
  const Partition& partition = known != nullptr ? *known : partitions().front();
  const std::string place(known != nullptr ? region : kAnyRegion);
  const HostValues values{place, "<account>", "<bucket>", "<api-id>", "<fs-id>", "<stage>"};
  ServiceNames names;
  names.endpoint = to_string(service.expects);
  std::replace(names.endpoint.begin(), names.endpoint.end(), '_', ' ');
  if (service.interface_too) names.endpoint += " or interface";
  names.host = expand(host_template(service, partition, place, {}), partition, values);
  names.privatelink = privatelink_name(service, partition, place, service.expects);
  return names;
}

std::string default_set() {
  std::string ids;
  for (const Service& service : services()) {
    if (service.default_set) ids += (ids.empty() ? "" : ", ") + std::string(service.id);
  }
  return ids;
}

std::string what_it_is(const Service& service) {
  const std::string name(service.name);
  return service.used_for.empty() ? name : name + ": " + std::string(service.used_for);
}

std::string services_as_text(std::string_view region, const Style& style) {
  constexpr std::size_t id_width = 18;
  constexpr std::size_t endpoint_width = 22;
  constexpr std::size_t host_width = 48;
  const std::string nothing = style.utf8 ? "–" : "-";
  std::string text;
  for (const Service& service : services()) {
    const ServiceNames names = names_of(service, region);
    text += paint(pad(service.id, id_width), Tone::strong, style) + pad(names.endpoint, endpoint_width);
    const std::vector<std::string> about =
        wrap(what_it_is(service), kPageColumns - id_width - endpoint_width);
    for (std::size_t i = 0; i < about.size(); ++i) {
      text += (i == 0 ? std::string() : std::string(id_width + endpoint_width, ' ')) + about[i] + '\n';
    }
    const std::string host = names.host.empty() ? nothing : names.host + ':' + std::to_string(service.port);
    const std::string privatelink = names.privatelink.empty() ? nothing : names.privatelink;
    const bool fits = 2 + std::max(host.size(), host_width) + 1 + privatelink.size() <= kPageColumns;
    const std::string between = fits ? " " : "\n  ";
    text += "  " + paint(pad(host, fits ? host_width : 0) + between + privatelink, Tone::faint, style) + '\n';
  }
  text += '\n';
  for (const std::string& line :
       wrap("probed when nothing is known of the task: " + default_set(), kPageColumns)) {
    text += line + '\n';
  }
  return text;
}

void write_service(JsonWriter& json, const Service& service, std::string_view region) {
  const ServiceNames names = names_of(service, region);
  json.begin_object();
  json.field("id", service.id);
  json.field("name", service.name);
  json.field_or_null("used_for", service.used_for);
  json.field("expects", to_string(service.expects));
  json.field("interface_too", service.interface_too);
  json.field_or_null("host", names.host);
  json.field("port", int{service.port});
  json.field_or_null("privatelink_name", names.privatelink);
  json.field("default", service.default_set);
  json.field("exit_unit", service.exit_unit);
  json.end_object();
}

std::string services_as_json(std::string_view region) {
  std::string line;
  JsonWriter json(line);
  json.begin_object();
  json.field("schema", "vpc-probe/services/1");
  json.field_or_null("region", region);
  write_array(json, "services", services(),
              [&](JsonWriter& to, const Service& service) { write_service(to, service, region); });
  json.end_object();
  return line + '\n';
}

std::string code_or_nothing(const std::string& text) { return text.empty() ? "" : '`' + text + '`'; }

}  // namespace

std::string services_text(Format format, std::string_view region, const Style& style) {
  return format == Format::json ? services_as_json(region) : services_as_text(region, style);
}

std::string services_markdown() {
  std::string text = "| service | what | endpoint | host | PrivateLink name |\n|---|---|---|---|---|\n";
  std::size_t others = 0;
  for (const Service& service : services()) {
    if (service.used_for.empty()) {
      ++others;
      continue;
    }
    const ServiceNames names = names_of(service, {});
    text += "| `" + std::string(service.id) + "` | " + what_it_is(service) + " | " + names.endpoint + " | " +
            code_or_nothing(names.host) + " | " + code_or_nothing(names.privatelink) + " |\n";
  }
  text += "\n" + std::to_string(others) +
          " more services have interface endpoints: `vpc-probe services` lists all.\n";
  return text + "\nProbed when nothing is known of the task: " + default_set() + ".\n";
}

}  // namespace vpcprobe
