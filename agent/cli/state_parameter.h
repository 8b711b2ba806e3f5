#pragma once
// Where the doctor as a function keeps what it said: one parameter of SSM.
//
// A new execution environment knows nothing. A parameter needs two rights on one resource, which belongs to
// the stack and goes with it. Other places need more: an object in S3 a bucket and the right to list it
// (without, S3 answers 403 for what is not there); tags of the function a right that policies by tag turn
// into others; its description the right to change its role.
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "agent/calls/api_client.h"
#include "agent/doctor/fault_state.h"

namespace vpcprobe {

/// The state is read, changed and written: the function needs a reserved concurrency of 1.
class StateParameter {
 public:
  /// `client` must outlive this.
  StateParameter(ApiClient& client, std::string name) : client_(client), name_(std::move(name)) {}

  /// Where it cannot be read nothing is said: the alarm on the function's errors tells more than the same
  /// message for each task that fails. A parameter that is not there or that holds no state begins a new one.
  Result<FaultState> read(UnixSeconds now);
  /// Why it was not written; nothing where it was.
  std::optional<UsageError> write(const FaultState& state, UnixSeconds now);

  /// What is wrong with the state, one line each. The log has them too.
  const std::vector<std::string>& warnings() const { return warnings_; }

 private:
  UsageError failure(const ApiCallReply& reply) const { return {about(problem_of(reply)), true}; }
  void warn(const std::string& what);
  std::string about(const std::string& what) const;

  ApiClient& client_;
  std::string name_;
  std::int64_t version_ = 0;  ///< of the parameter as it was read or written last; 0: it is not there
  std::vector<std::string> warnings_;
};

}  // namespace vpcprobe
