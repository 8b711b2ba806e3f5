// Any bytes as messages: the explanation is printable text and valid JSON.
#include <cstdint>
#include <cstdlib>
#include <nlohmann/json.hpp>
#include <string_view>

#include "agent/base/printable.h"
#include "agent/explain/explain.h"
#include "agent/render/explanation.h"

namespace {

void must_be_printable(std::string_view text, bool utf8) {
  for (std::size_t start = 0; start < text.size();) {
    const std::size_t end = std::min(text.find('\n', start), text.size());
    const std::string_view line = text.substr(start, end - start);
    if (vpcprobe::printable(line, utf8) != line) std::abort();
    start = end + 1;
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view input(reinterpret_cast<const char*>(data), size);
  const auto explanation = vpcprobe::explain(vpcprobe::read_stop_messages(input), {});
  must_be_printable(vpcprobe::explanation_text(explanation, {false, true}), true);
  must_be_printable(vpcprobe::explanation_text(explanation, {false, false}), false);
  const std::string json = vpcprobe::explanation_json(explanation);
  for (const char c : json.substr(0, json.size() - 1)) {
    if (static_cast<unsigned char>(c) < 0x20) std::abort();
  }
  if (!nlohmann::json::accept(json)) std::abort();
  return 0;
}
