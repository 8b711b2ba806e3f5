#pragma once
#include <chrono>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

#include "probes/address.h"

namespace vpcprobe {

/// A text that one thread sets and another hands out.
class Notice {
 public:
  void set(std::string text) {
    const std::lock_guard lock(mutex_);
    text_ = std::move(text);
  }
  std::string get() const {
    const std::lock_guard lock(mutex_);
    return text_;
  }

 private:
  mutable std::mutex mutex_;
  std::string text_;
};

/// Serves notices from its own thread, so that a client is answered at once, even while a round of probes
/// runs or hangs. Bounded: 16 askers at a time, 2 s and 8 KiB each.
class NoticeBoard {
 public:
  NoticeBoard();
  ~NoticeBoard();  ///< ends the thread
  NoticeBoard(const NoticeBoard&) = delete;
  NoticeBoard& operator=(const NoticeBoard&) = delete;

  /// Offers a notice to processes of this network namespace, at a socket that needs no file system (unix(7),
  /// "abstract"). The name is cut to 100 bytes. Returns what went wrong, or nothing. `notice` must outlive
  /// this.
  std::string offer_locally(std::string_view name, const Notice& notice);

  /// Offers a notice as `GET /metrics` over HTTP. Returns what went wrong, or nothing.
  std::string offer_over_http(const SocketAddress& address, const Notice& notice,
                              std::string_view content_type);

 private:
  class Desk;
  std::string start();  ///< what went wrong, or nothing
  std::unique_ptr<Desk> desk_;
};

/// The notice offered locally under this name, or nothing where no process answers within `limit`.
std::optional<std::string> ask_locally(std::string_view name, std::chrono::milliseconds limit);

/// The answer to an HTTP request, of which these bytes have come so far; nothing while it is incomplete.
/// Pure.
std::optional<std::string> answer_http(std::string_view request, std::string_view page,
                                       std::string_view content_type);

}  // namespace vpcprobe
