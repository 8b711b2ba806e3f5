// Whatever EventBridge delivers: an event becomes options, a reason to do nothing, or one line that says what
// is wrong. What was kept of earlier ones is read whatever it is, and fits its parameter again.
#include <cstdlib>

#include "agent/doctor/ecs_event.h"
#include "agent/doctor/fault_state.h"

using namespace vpcprobe;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  constexpr std::size_t longest = 4096;
  constexpr UnixSeconds now = 1'795'768'800;
  const auto state = read_fault_state(text, now);
  if (state && write_fault_state(state.value(), now, longest).json.size() > longest) std::abort();
  const auto event = read_ecs_event(text);
  if (!event && (event.error().message.empty() || event.error().message.find('\n') != std::string::npos))
    std::abort();
  if (!event || !event.value() || event.value()->options.empty()) return 0;
  const char* words[] = {"vpc-probe", "doctor"};
  const auto invocation = parse_options(
      2, words, [](const char*) { return nullptr; }, event.value()->options);
  if (!invocation && invocation.error().message.find('\n') != std::string::npos) std::abort();
  return 0;
}
