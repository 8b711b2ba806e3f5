#include "agent/doctor/api_reading.h"

#include <algorithm>
#include <array>

namespace vpcprobe {
namespace {

constexpr unsigned kMostPages = 100;
constexpr std::size_t kMostBytes = 256U << 20;

// AWS: "Common errors" of STS, EC2 and ECS. The last three are EC2's and ECS's for the same.
constexpr std::array<std::string_view, 8> kWrongCredentials{
    "ExpiredToken",          "InvalidClientTokenId", "SignatureDoesNotMatch",       "IncompleteSignature",
    "ExpiredTokenException", "AuthFailure",          "UnrecognizedClientException", "RequestExpired"};

// The words after these repeat the caller and the action, with EC2 up to 2 KB: the type says enough.
constexpr std::array<std::string_view, 3> kNotAllowed{"UnauthorizedOperation", "AccessDenied",
                                                      "AccessDeniedException"};

template <std::size_t size>
bool is_among(const std::array<std::string_view, size>& types, const std::string& type) {
  return std::find(types.begin(), types.end(), type) != types.end();
}

std::string with_subject(const std::string& json, const std::string& subject) {
  const std::string member = "{\"PrefixListId\":\"" + subject + "\"";
  return member + (json.size() > 2 ? "," : "") + json.substr(1);
}

}  // namespace

struct ApiReading::Wanted {
  const ApiRead* row;
  std::string subject;
  ApiCallRequest call;
  unsigned page = 1;
};

void ApiReading::take(Wanted& wanted, ApiCallReply& reply, std::vector<ReadPage>& pages,
                      std::vector<Wanted>& next) {
  const ApiRead& row = *wanted.row;
  if (reply.outcome != CallOutcome::answered) {
    const std::string& type = reply.error.type;
    const std::string why = is_among(kNotAllowed, type) ? type : problem_of(reply);
    refuse(row.part, std::string(row.api) + ":" + std::string(row.action) + ": " + why);
    if (is_among(kWrongCredentials, type)) credentials_problem_ = why;
    return;
  }
  bytes_ += reply.answer.json.size();
  std::string& json = reply.answer.json;
  pages.push_back(
      {&row, wanted.subject, row.adds_subject ? with_subject(json, wanted.subject) : std::move(json)});
  if (reply.answer.next_token.empty()) return;
  if (wanted.page == kMostPages || bytes_ > kMostBytes)
    return refuse(row.part, std::string(row.action) + ": only the first " + std::to_string(wanted.page) +
                                " pages were read");
  wanted.call.next_token = std::move(reply.answer.next_token);
  ++wanted.page;
  next.push_back(std::move(wanted));
}

std::vector<ReadPage> ApiReading::read(std::span<const ApiRead> rows) {
  std::vector<Wanted> wanted;
  for (const ApiRead& row : rows) {
    const auto found = values.find(row.per);
    std::vector<std::string> subjects = found == values.end() ? std::vector<std::string>() : found->second;
    if (row.per.empty()) subjects = {""};
    for (const std::string& subject : subjects)
      wanted.push_back({&row, subject, request_of(row, values, subject)});
  }
  std::vector<ReadPage> pages;
  while (!wanted.empty()) {
    std::vector<ApiCallRequest> calls;
    for (const Wanted& one : wanted) calls.push_back(one.call);
    std::vector<ApiCallReply> replies = client_.call(calls);
    std::vector<Wanted> next;
    for (std::size_t i = 0; i < wanted.size(); ++i) take(wanted[i], replies[i], pages, next);
    wanted = std::move(next);
  }
  return pages;
}

}  // namespace vpcprobe
