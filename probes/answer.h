#pragma once
#include <array>
#include <chrono>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "probes/observation.h"

namespace vpcprobe {

/// Most that is read of an HTTP answer: AWS's heads are below 2 KiB.
inline constexpr std::size_t kMaxHead = 16 * 1024;

/// Reads the head of an HTTP/1 answer from bytes as they come; bounded; any bytes are safe.
class AnswerHead {
 public:
  enum class State { more, complete, not_http, too_large };

  /// Takes the next bytes. After anything but `more` the rest is ignored.
  State feed(std::string_view bytes);
  /// The observation, once `complete`: status aws or not_aws. `now` is the local clock.
  HttpObservation read(WallTime now) const;

 private:
  std::string head_;
  State state_ = State::more;
};

/// Reads an HTTP date (RFC 9110 IMF-fixdate): "Mon, 23 Nov 2026 22:31:00 GMT".
std::optional<WallTime> parse_http_date(std::string_view text);

/// The one harmless question that is asked of an address. OPTIONS goes out as a CORS preflight: AWS's JSON
/// services answer that with 200 and a request id.
std::string question(std::string_view method, std::string_view path, std::string_view host);

}  // namespace vpcprobe
