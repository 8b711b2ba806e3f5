#include "agent/render/json_within.h"

#include <algorithm>

#include "agent/diagnosis/reach.h"
#include "agent/render/render.h"

namespace vpcprobe {
namespace {

template <typename T>
void cut_to(std::vector<T>& list, std::size_t most) {
  if (list.size() > most) list.erase(list.begin() + static_cast<std::ptrdiff_t>(most), list.end());
}

void shorten(EndpointReport& endpoint, std::size_t most) {
  // Those that fail say more.
  std::stable_partition(
      endpoint.addresses.begin(), endpoint.addresses.end(),
      [](const AddressReport& address) { return reach_of(address.seen) != Reach::connects; });
  cut_to(endpoint.addresses, most);
  if (!endpoint.dns) return;
  cut_to(endpoint.dns->addresses, most);
  for (ResolverAnswer& answer : endpoint.dns->resolvers) cut_to(answer.addresses, most);
}

void shorten(Finding& finding, std::size_t most) {
  cut_to(finding.addresses, most);
  for (Evidence& fact : finding.evidence)
    if (auto* texts = std::get_if<std::vector<std::string>>(&fact.value)) cut_to(*texts, most);
}

}  // namespace

std::string render_shortened(const Report& report, std::size_t most, const std::string& sink) {
  std::string whole = render_json(report, {});
  if (whole.size() <= most) return whole;
  for (const std::size_t kept : {64U, 8U, 0U}) {
    Report shorter = report;
    for (EndpointReport& endpoint : shorter.endpoints) shorten(endpoint, kept);
    for (EndpointReport& control : shorter.controls) shorten(control, kept);
    for (Finding& finding : shorter.findings) shorten(finding, kept);
    shorter.sinks.push_back({sink, 0, 0,
                             "a report of " + std::to_string(whole.size()) +
                                 " bytes is too long: of each endpoint " + std::to_string(kept) +
                                 " addresses are kept"});
    std::string text = render_json(shorter, {});
    if (text.size() <= most) return text;
  }
  return {};
}

}  // namespace vpcprobe
