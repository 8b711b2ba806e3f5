#pragma once
// Runs rows of the table of reads, follows pages, and keeps what was refused.
#include <map>
#include <span>
#include <string>
#include <vector>

#include "agent/calls/api_client.h"
#include "agent/doctor/api_reads.h"

namespace vpcprobe {

/// One page that was answered.
struct ReadPage {
  const ApiRead* row = nullptr;
  std::string subject;  ///< value of the row's variable
  std::string json;     ///< as the AWS CLI prints it
};

class ApiReading {
 public:
  explicit ApiReading(ApiClient& client) : client_(client) {}

  ReadValues values;  ///< of the variables in the rows' templates

  /// Makes the calls of all rows, those with a variable once for each of its values. Pages are followed, 100
  /// at most for a call and 256 MiB at most in all.
  std::vector<ReadPage> read(std::span<const ApiRead> rows);

  /// Why a part was not seen, or not all of it: part → one line. The first refusal of each part counts.
  const std::map<std::string, std::string, std::less<>>& refusals() const { return refusals_; }
  void refuse(std::string_view part, const std::string& why) {
    refusals_.try_emplace(std::string(part), why);
  }
  /// Not empty where the credentials themselves are not accepted: one line.
  const std::string& credentials_problem() const { return credentials_problem_; }

 private:
  struct Wanted;
  void take(Wanted& wanted, ApiCallReply& reply, std::vector<ReadPage>& pages, std::vector<Wanted>& next);

  ApiClient& client_;
  std::map<std::string, std::string, std::less<>> refusals_;
  std::string credentials_problem_;
  std::size_t bytes_ = 0;
};

}  // namespace vpcprobe
