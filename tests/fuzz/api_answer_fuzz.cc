// Any bytes as the answer to a signed call: the first line is the error header, the rest the body. What comes
// out is short, harmless and without the keys.
#include <cstdint>
#include <cstdlib>
#include <string>

#include "agent/base/printable.h"
#include "agent/calls/api_answer.h"
#include "agent/calls/call_verdict.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace vpcprobe;
  const std::string input(reinterpret_cast<const char*>(data), size);
  const std::size_t line = std::min(input.find('\n'), input.size());
  HttpReply reply;
  reply.headers = {"x-amzn-ErrorType: " + input.substr(0, line),
                   "x-amz-request-id: " + input.substr(0, line)};
  reply.body = input.substr(std::min(line + 1, input.size()));
  const AwsKeys keys{"AKIDPLANTED", "secret/of+planted=key", "token/of+planted=session"};
  for (const ApiCall& row : api_calls()) {
    if (row.sample) continue;  // read as the others are, with less in the row
    PlannedCall call;
    call.operation = &row;
    call.object = "object";
    for (const long status : {200L, 400L, 503L}) {
      reply.status = status;
      const CallObservation seen = read_call_reply(reply, call, keys);
      for (const std::string* text : {&seen.error, &seen.message, &seen.request_id}) {
        if (printable(*text, true) != *text || text->size() > 4 * 1024) std::abort();
        if (text->find(keys.secret_access_key) != std::string::npos) std::abort();
        if (text->find(keys.session_token) != std::string::npos) std::abort();
      }
      if (!verdict_of(seen).code.empty() && seen.allowed) std::abort();
    }
  }
  return 0;
}
