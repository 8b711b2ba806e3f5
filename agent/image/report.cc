#include "agent/image/report.h"

#include <algorithm>
#include <array>
#include <cstdio>

#include "agent/base/http_status.h"
#include "agent/base/words.h"

namespace vpcprobe {
namespace {

struct EndWords {
  HopEnd end;
  std::string_view words;
};
constexpr std::array kEndWords = std::to_array<EndWords>({
    {HopEnd::not_reached, "no address of it works"},
    {HopEnd::too_long, "an answer longer than any such answer may be"},
    {HopEnd::redirect_malformed, "a redirect to what is no address"},
    {HopEnd::redirect_to_plain_http, "a redirect to something that is not https"},
    {HopEnd::redirect_loop, "redirects without end"},
    {HopEnd::cancelled, "not finished: the run ended before"},
});

struct StopWords {
  PullStop stop;
  std::string_view words;
};
constexpr std::array kStopWords = std::to_array<StopWords>({
    {PullStop::no_credentials, "not rehearsed: there are no credentials to log in to the registry with"},
    {PullStop::login_required, "not rehearsed: the registry wants a login of its own"},
    {PullStop::cancelled, "not rehearsed to its end: the run ended before"},
});

/// Hosts that gave first bytes, each once, and the longest wait.
struct FirstBytes {
  std::vector<std::string> hosts;
  Elapsed longest{};
};

FirstBytes first_bytes_of(const ImageObservation& image) {
  FirstBytes out;
  for (const Hop& hop : image.hops) {
    if (hop.step != PullStep::layer || hop.end != HopEnd::answered ||
        hop.status >= http_status::first_redirect)
      continue;
    out.longest = std::max(out.longest, hop.first_byte);
    if (std::find(out.hosts.begin(), out.hosts.end(), hop.host) == out.hosts.end())
      out.hosts.push_back(hop.host);
  }
  return out;
}

std::string complete_words(const ImageObservation& image) {
  const FirstBytes first = first_bytes_of(image);
  std::string words = count_words(image.layers, "layer") + ", " + size_words(image.bytes) +
                      "; first byte within " + duration_words(first.longest) + ", from " +
                      enumerate(first.hosts, 3);
  if (image.foreign_layers > 0)
    words += "; " + count_words(image.foreign_layers, "layer") + " of other hosts not asked for";
  if (const auto estimate = pull_estimate(image)) {
    words += "; " + size_words(image.measured->bytes) + " came in " +
             duration_words(image.measured->elapsed) + ": at that pace the pull takes " +
             duration_words(*estimate);
  }
  return words;
}

}  // namespace

std::string hop_end_words(const Hop& hop) {
  const auto row = std::find_if(kEndWords.begin(), kEndWords.end(),
                                [&](const EndWords& words) { return words.end == hop.end; });
  if (row != kEndWords.end()) return std::string(row->words);
  if (hop.end == HopEnd::no_answer) return "no complete answer in " + duration_words(hop.elapsed);
  if (hop.end == HopEnd::cut_off)
    return "the connection ended before the answer was complete, after " + duration_words(hop.elapsed);
  if (hop.end == HopEnd::unusable) return hop.detail;
  return "HTTP " + std::to_string(hop.status) + (hop.error.code.empty() ? "" : " " + hop.error.code);
}

std::string pull_words(const ImageReport& image) {
  const auto stop = std::find_if(kStopWords.begin(), kStopWords.end(),
                                 [&](const StopWords& words) { return words.stop == image.seen.stop; });
  if (stop != kStopWords.end()) return std::string(stop->words);
  if (is_complete(image.seen)) return complete_words(image.seen);
  if (image.seen.suits == false) return "has nothing for this platform";
  const auto& hops = image.seen.hops;
  const auto failed = std::find_if(hops.rbegin(), hops.rend(), [](const Hop& hop) {
    return hop.end != HopEnd::answered || hop.status >= http_status::first_error;
  });
  if (failed == hops.rend()) return "the image names no platform";
  return "ends at the " + std::string(to_string(failed->step)) + ", at " + failed->host + ": " +
         hop_end_words(*failed);
}

std::string size_words(std::uint64_t bytes) {
  constexpr std::array<const char*, 5> units{"kB", "MB", "GB", "TB", "PB"};
  constexpr double step = 1000;
  if (bytes < 1000) return count_words(bytes, "byte");
  double value = static_cast<double>(bytes) / step;
  std::size_t unit = 0;
  while (value >= step && unit + 1 < units.size()) {
    value /= step;
    ++unit;
  }
  std::array<char, 32> text{};
  std::snprintf(text.data(), text.size(), value < 100 ? "%.1f %s" : "%.0f %s", value, units.at(unit));
  return text.data();
}

std::optional<Elapsed> pull_estimate(const ImageObservation& image) {
  if (!image.measured || image.measured->bytes == 0) return std::nullopt;
  const double share = static_cast<double>(image.bytes) / static_cast<double>(image.measured->bytes);
  return Elapsed(static_cast<std::int64_t>(share * static_cast<double>(image.measured->elapsed.count())));
}

}  // namespace vpcprobe
