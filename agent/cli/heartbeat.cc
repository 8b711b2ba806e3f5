#include "agent/cli/heartbeat.h"

#include <array>
#include <charconv>

#include "agent/base/printable.h"
#include "probes/take_line.h"

namespace vpcprobe {
namespace {

constexpr std::string_view kFirstLine = "vpc-probe watch 1";
constexpr std::array kVerdicts{Verdict::pass, Verdict::warn, Verdict::fail, Verdict::incomplete};

template <typename Number>
bool read_number(std::string_view text, Number& number) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  return error == std::errc() && end == text.data() + text.size();
}

}  // namespace

std::string to_text(const Heartbeat& heartbeat) {
  std::string text(kFirstLine);
  text += "\n" + std::to_string(heartbeat.due_by.count()) + "\n";
  if (!heartbeat.verdict) return text + "none\n";
  text.append(to_string(*heartbeat.verdict)).append("\n");
  text += std::to_string(heartbeat.exit_code) + "\n";
  text += printable(heartbeat.state, true) + "\n" + heartbeat.since + "\n";
  return text;
}

std::optional<Heartbeat> parse_heartbeat(std::string_view text) {
  Heartbeat heartbeat;
  if (take_line(text) != kFirstLine) return std::nullopt;
  std::int64_t due = 0;
  if (!read_number(take_line(text), due)) return std::nullopt;
  heartbeat.due_by = std::chrono::milliseconds(due);
  const std::string_view verdict = take_line(text);
  if (verdict == "none") return heartbeat;
  for (const Verdict known : kVerdicts)
    if (to_string(known) == verdict) heartbeat.verdict = known;
  if (!heartbeat.verdict || !read_number(take_line(text), heartbeat.exit_code)) return std::nullopt;
  heartbeat.state = take_line(text);
  heartbeat.since = take_line(text);
  if (heartbeat.since.empty()) return std::nullopt;
  return heartbeat;
}

std::string heartbeat_name(const Environment& environment) {
  constexpr std::size_t kept = 72;  // the end of the address names the container
  const char* uri = environment("ECS_CONTAINER_METADATA_URI_V4");
  std::string_view container = uri == nullptr ? "" : uri;
  if (container.size() > kept) container.remove_prefix(container.size() - kept);
  return "vpc-probe watch " + std::string(container);
}

std::chrono::milliseconds monotonic_now() {
  return std::chrono::duration_cast<std::chrono::milliseconds>(
      std::chrono::steady_clock::now().time_since_epoch());
}

Health judge(const std::optional<std::string>& answer, std::chrono::milliseconds now) {
  if (!answer) return {false, "no watch answers here"};
  const auto heartbeat = parse_heartbeat(*answer);
  if (!heartbeat) return {false, "what answers is no watch of this version"};
  if (now > heartbeat->due_by) {
    const auto late = std::chrono::duration_cast<std::chrono::seconds>(now - heartbeat->due_by);
    return {false, "the watch hangs: its round is overdue by " + std::to_string(late.count()) + " s"};
  }
  if (!heartbeat->verdict) return {false, "no verdict yet"};
  const std::string what = heartbeat->state + " since " + heartbeat->since;
  return {heartbeat->exit_code == 0, what};
}

}  // namespace vpcprobe
