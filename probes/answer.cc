#include "probes/answer.h"

#include <algorithm>
#include <charconv>
#include <ctime>

#include "probes/letter_case.h"
#include "probes/take_line.h"
#include "probes/trimmed.h"
#include "version.h"

namespace vpcprobe {
namespace {

constexpr std::size_t kMaxRequestId = 128;
constexpr std::size_t kMaxServer = 64;

// Headers that only AWS's front ends and the ECR registry send: the answer came from there.
struct AwsHeader {
  std::string_view name;
  bool is_id;  // its value is a request id for AWS Support
};
constexpr std::array kAwsHeaders{
    AwsHeader{"x-amzn-requestid", true},  AwsHeader{"x-amz-request-id", true},
    AwsHeader{"x-amz-id-2", false},       AwsHeader{"x-amz-apigw-id", true},
    AwsHeader{"x-amzn-errortype", false}, AwsHeader{"docker-distribution-api-version", false},
};

std::string printable(std::string_view text, std::size_t most) {
  std::string out;
  for (const char c : text.substr(0, most))
    if (c >= ' ' && c <= '~') out += c;
  return out;
}

void read_header(std::string_view name, std::string_view value, WallTime now, HttpObservation& seen) {
  for (const AwsHeader& header : kAwsHeaders) {
    if (!same_name(name, header.name)) continue;
    seen.status = HttpStatus::aws;
    if (header.is_id && seen.request_id.empty()) seen.request_id = printable(value, kMaxRequestId);
  }
  if (same_name(name, "server")) seen.server = printable(value, kMaxServer);
  if (!same_name(name, "date")) return;
  if (const auto date = parse_http_date(value))
    seen.clock_offset = std::chrono::round<std::chrono::seconds>(*date - now);
}

// "HTTP/1.1 403 Forbidden" → 403; 0 for anything else.
int status_code(std::string_view line) {
  if (line.size() < 12 || !line.starts_with("HTTP/1.") || line[8] != ' ') return 0;
  int code = 0;
  const auto [end, error] = std::from_chars(line.data() + 9, line.data() + 12, code);
  return error == std::errc{} && end == line.data() + 12 && code >= 100 ? code : 0;
}

}  // namespace

AnswerHead::State AnswerHead::feed(std::string_view bytes) {
  if (state_ != State::more) return state_;
  const std::size_t searched = head_.size() < 3 ? 0 : head_.size() - 3;
  head_.append(bytes.substr(0, kMaxHead - head_.size()));
  constexpr std::string_view kProtocol = "HTTP/1.";
  const std::size_t known = std::min(head_.size(), kProtocol.size());
  const auto blank = std::min(head_.find("\r\n\r\n", searched), head_.find("\n\n", searched));
  if (head_.compare(0, known, kProtocol, 0, known) != 0) {
    state_ = State::not_http;
  } else if (blank != std::string::npos) {
    head_.resize(blank);
    state_ = status_code(head_) == 0 ? State::not_http : State::complete;
  } else if (head_.size() >= kMaxHead) {
    state_ = State::too_large;
  }
  return state_;
}

HttpObservation AnswerHead::read(WallTime now) const {
  HttpObservation seen;
  seen.status = HttpStatus::not_aws;
  seen.code = status_code(head_);
  std::string_view rest = head_;
  while (!rest.empty()) {
    const std::string_view line = take_line(rest);
    const auto colon = line.find(':');
    if (colon != std::string_view::npos)
      read_header(line.substr(0, colon), trimmed(line.substr(colon + 1), " \t\r"), now, seen);
  }
  return seen;
}

std::optional<WallTime> parse_http_date(std::string_view text) {
  std::tm broken{};
  const std::string terminated(text.substr(0, 40));
  const char* end = strptime(terminated.c_str(), "%a, %d %b %Y %H:%M:%S GMT", &broken);
  if (end == nullptr || *end != '\0') return std::nullopt;
  constexpr int first_year = 1970 - 1900;
  constexpr int last_year = 2199 - 1900;  // WallTime counts nanoseconds: it ends in 2262
  if (broken.tm_year < first_year || broken.tm_year > last_year) return std::nullopt;
  return std::chrono::system_clock::from_time_t(timegm(&broken));
}

std::string question(std::string_view method, std::string_view path, std::string_view host) {
  std::string text;
  text.append(method).append(" ").append(path).append(" HTTP/1.1\r\nHost: ").append(host);
  text.append("\r\nUser-Agent: vpc-probe/" VPC_PROBE_VERSION "\r\nAccept: */*\r\n");
  if (method == "OPTIONS")
    text.append("Origin: https://vpc-probe.invalid\r\nAccess-Control-Request-Method: POST\r\n");
  text.append("Content-Length: 0\r\nConnection: close\r\n\r\n");
  return text;
}

}  // namespace vpcprobe
