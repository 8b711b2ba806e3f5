#include "agent/image/pull.h"

#include <algorithm>
#include <array>

#include "agent/base/http_status.h"

namespace vpcprobe {

std::string_view to_string(PullStep step) {
  static constexpr std::array<std::string_view, 7> names{"login",    "token",  "manifest", "repository",
                                                         "platform", "config", "layer"};
  return names.at(static_cast<std::size_t>(step));
}

std::string_view to_string(HopEnd end) {
  static constexpr std::array<std::string_view, 10> names{"answered",
                                                          "not_reached",
                                                          "no_answer",
                                                          "cut_off",
                                                          "too_long",
                                                          "redirect_malformed",
                                                          "redirect_to_plain_http",
                                                          "redirect_loop",
                                                          "unusable",
                                                          "cancelled"};
  return names.at(static_cast<std::size_t>(end));
}

std::string_view to_string(PullStop stop) {
  static constexpr std::array<std::string_view, 4> names{"none", "no_credentials", "login_required",
                                                         "cancelled"};
  return names.at(static_cast<std::size_t>(stop));
}

bool was_cut(const PullObservation& pulls) {
  return std::any_of(pulls.images.begin(), pulls.images.end(),
                     [](const ImageObservation& image) { return image.stop == PullStop::cancelled; });
}

bool is_complete(const ImageObservation& image) {
  const auto went_well = [](const Hop& hop) {
    return hop.end == HopEnd::answered && hop.status < http_status::first_error;
  };
  // A registry announces its authentication with 401; the next hop of the same step then counts.
  const auto superseded = [&](const Hop& hop) {
    return hop.status == http_status::unauthorized && &hop != &image.hops.back() &&
           std::any_of(&hop + 1, &image.hops.back() + 1,
                       [&](const Hop& later) { return later.step == hop.step; });
  };
  return image.stop == PullStop::none && image.suits.value_or(false) &&
         std::all_of(image.hops.begin(), image.hops.end(),
                     [&](const Hop& hop) { return went_well(hop) || superseded(hop); });
}

}  // namespace vpcprobe
