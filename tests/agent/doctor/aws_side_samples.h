#pragma once
// AWS's side for tests: answers by a function, a clock that only pauses move.
#include <functional>
#include <string>
#include <vector>

#include "agent/doctor/aws_side.h"

struct FakeSide {
  /// Answers a call.
  std::function<vpcprobe::ApiCallReply(const vpcprobe::ApiCallRequest&)> answer;
  std::vector<std::string> actions;  ///< all calls, in their order
  std::vector<std::string> said;
  vpcprobe::AwsSide::Clock::time_point now{};
  /// The signal comes with the pause that begins now or later.
  vpcprobe::AwsSide::Clock::time_point stops_at = vpcprobe::AwsSide::Clock::time_point::max();

  /// Until `patience` has passed. This must outlive it.
  vpcprobe::AwsSide side(std::chrono::seconds patience = std::chrono::seconds(300));
  long count(const std::string& action) const;
};

vpcprobe::ApiCallReply answered(const std::string& json, const std::string& function_error = "");
vpcprobe::ApiCallReply refused(const std::string& type, const std::string& message = "");
