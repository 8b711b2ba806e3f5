// Any bytes as an HTTP answer, in two pieces: what is kept is bounded and printable.
#include <algorithm>
#include <cstdint>
#include <cstdlib>

#include "probes/answer.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace vpcprobe;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  AnswerHead head;
  head.feed(text.substr(0, size / 2));
  if (head.feed(text.substr(size / 2)) != AnswerHead::State::complete) return 0;
  const HttpObservation seen = head.read({});
  const auto printable = [](const std::string& field) {
    return std::all_of(field.begin(), field.end(), [](char c) { return c >= ' ' && c <= '~'; });
  };
  if (!printable(seen.request_id) || !printable(seen.server)) std::abort();
  if (seen.request_id.size() > 128 || seen.server.size() > 64 || seen.code < 100) std::abort();
  return 0;
}
