#include "agent/aws/service_reference.h"

#include <algorithm>
#include <array>

#include "agent/aws/arn.h"
#include "agent/base/ascii.h"
#include "agent/base/nearest.h"

namespace vpcprobe {
namespace {

bool is_api_id(std::string_view text) {
  return !text.empty() && text.size() <= 63 && std::all_of(text.begin(), text.end(), [](char c) {
    return is_small_letter(c) || is_digit(c) || c == '-';
  });
}

bool is_stage(std::string_view text) {
  return !text.empty() && text.size() <= 128 && std::all_of(text.begin(), text.end(), [](char c) {
    return is_letter_or_digit(c) || c == '-' || c == '_' || c == '$';
  });
}

/// What may follow the colon, by the placeholder in the service's host.
struct Completion {
  std::string_view placeholder;
  std::string HostValues::*member;
  bool (*is_right)(std::string_view);
  std::string_view wanted;
  std::string_view
      open;  ///< what stands for it where it is needed and not known; empty where it is not needed
};
constexpr std::array kCompletions = std::to_array<Completion>({
    {"{apiid}", &HostValues::api_id, is_api_id, "an API id: execute-api:API-ID or execute-api:API-ID/STAGE",
     "<api-id>"},
    {"{fsid}", &HostValues::file_system_id, is_file_system_id, "a file system: efs:fs-0123456789abcdef0",
     "<fs-id>"},
    {"{account}", &HostValues::account, is_account, "an account of 12 digits", ""},
});

}  // namespace

bool is_file_system_id(std::string_view text) {
  if (!text.starts_with("fs-")) return false;
  text.remove_prefix(3);
  return text.size() >= 8 && text.size() <= 40 &&
         text.find_first_not_of("0123456789abcdef") == std::string_view::npos;
}

Result<ServiceReference> parse_service_reference(std::string_view text) {
  const std::size_t colon = text.find(':');
  const std::string_view id = text.substr(0, colon);
  ServiceReference reference{find_service(id), {}};
  if (reference.service == nullptr) {
    std::vector<std::string_view> ids;
    for (const Service& service : services()) ids.push_back(service.id);
    return UsageError{"no service of the catalog" + did_you_mean(id, ids) +
                      " (vpc-probe services lists them)"};
  }
  if (reference.service->host.empty())
    return UsageError{"its host name is not known here; give it with --target HOST"};
  if (colon == std::string_view::npos) return reference;
  std::string_view completion = text.substr(colon + 1);
  for (const Completion& row : kCompletions) {
    if (reference.service->host.find(row.placeholder) == std::string_view::npos) continue;
    const std::size_t slash = completion.find('/');
    if (slash != std::string_view::npos &&
        reference.service->path.find("{stage}") != std::string_view::npos) {
      reference.values.stage = completion.substr(slash + 1);
      if (!is_stage(reference.values.stage)) return UsageError{"no stage after the slash"};
      completion = completion.substr(0, slash);
    }
    if (!row.is_right(completion))
      return UsageError{"the colon must be followed by " + std::string(row.wanted)};
    reference.values.*row.member = completion;
    return reference;
  }
  return UsageError{"nothing may follow " + std::string(id)};
}

std::string reference_to(const Service& service, std::string_view host) {
  std::string text(service.id);
  for (const Completion& row : kCompletions) {
    if (row.open.empty() || service.host.find(row.placeholder) == std::string_view::npos) continue;
    const auto known = recognise(host);
    const bool said = known && known->service == &service;
    text += ":" + (said ? known->values.*row.member : std::string(row.open));
  }
  return text;
}

}  // namespace vpcprobe
