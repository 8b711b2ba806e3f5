#include "aws_side_samples.h"

#include <algorithm>

using namespace vpcprobe;

AwsSide FakeSide::side(std::chrono::seconds patience) {
  AwsSide made;
  made.call = [this](const std::vector<ApiCallRequest>& calls) {
    std::vector<ApiCallReply> replies;
    for (const ApiCallRequest& call : calls) {
      actions.push_back(call.action);
      replies.push_back(answer(call));
    }
    return replies;
  };
  made.now = [this] { return now; };
  made.pause = [this](std::chrono::milliseconds length) {
    if (now >= stops_at) return false;
    now += length;
    return true;
  };
  made.says = [this](const std::string& words) { said.push_back(words); };
  made.end = now + patience;
  return made;
}

long FakeSide::count(const std::string& action) const {
  return std::count(actions.begin(), actions.end(), action);
}

ApiCallReply answered(const std::string& json, const std::string& function_error) {
  ApiCallReply reply;
  reply.outcome = CallOutcome::answered;
  reply.answer.json = json;
  reply.function_error = function_error;
  return reply;
}

ApiCallReply refused(const std::string& type, const std::string& message) {
  ApiCallReply reply;
  reply.outcome = CallOutcome::refused;
  reply.error = {type, message};
  return reply;
}
