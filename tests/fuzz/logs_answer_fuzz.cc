// Whatever answers in place of CloudWatch Logs: one decision, one line, and never more refused than was sent.
#include <cstdint>
#include <cstdlib>
#include <string>

#include "agent/delivery/log_batches.h"

using namespace vpcprobe;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  constexpr std::size_t sent = 7;
  const std::string text(reinterpret_cast<const char*>(data), size);
  HttpReply reply;
  reply.status = size % 2 == 0 ? 200 : 400;
  reply.body = text;
  reply.headers = {"Date: " + text.substr(0, text.find('\n'))};
  if (read_logs_answer(reply, sent, {}, {}).refused > sent) std::abort();
  return 0;
}
