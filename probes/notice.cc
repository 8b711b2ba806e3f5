#include "probes/notice.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cstring>
#include <thread>
#include <vector>

#include "probes/signals_blocked.h"
#include "probes/syscall.h"

namespace vpcprobe {
namespace {

using Clock = std::chrono::steady_clock;
using std::chrono::milliseconds;

constexpr std::size_t kMostAskers = 16;
constexpr std::size_t kMostRequest = 8 * 1024;
constexpr milliseconds kPatience{2000};
constexpr milliseconds kAfterFailedAccept{100};  // out of descriptors: no busy loop

struct LocalName {
  sockaddr_un address{};
  socklen_t length = 0;

  explicit LocalName(std::string_view name) {
    constexpr std::size_t most = 100;
    name = name.substr(0, most);
    address.sun_family = AF_UNIX;
    std::memcpy(address.sun_path + 1, name.data(), name.size());  // a leading NUL: no file
    length = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + 1 + name.size());
  }
  const sockaddr* get() const { return reinterpret_cast<const sockaddr*>(&address); }
};

int milliseconds_until(Clock::time_point then) {
  const auto left = std::chrono::ceil<milliseconds>(then - Clock::now());
  return static_cast<int>(std::clamp<std::int64_t>(left.count(), 0, 3'600'000));
}

struct Place {
  int fd;
  const Notice* notice;
  std::string content_type;  ///< empty: no HTTP, the notice is said to whoever connects
};

struct Asker {
  int fd;
  const Place* place;
  Clock::time_point until;
  std::string request;
  std::string answer;
  std::size_t sent = 0;
};

std::string reply(std::string_view status, std::string_view content_type, std::string_view body) {
  std::string text = "HTTP/1.1 ";
  text.append(status).append("\r\nContent-Type: ").append(content_type);
  text.append("\r\nContent-Length: ").append(std::to_string(body.size()));
  return text.append("\r\nConnection: close\r\n\r\n").append(body);
}

}  // namespace

std::optional<std::string> answer_http(std::string_view request, std::string_view page,
                                       std::string_view content_type) {
  constexpr std::string_view plain = "text/plain; charset=utf-8";
  if (request.find("\r\n\r\n") == std::string_view::npos && request.find("\n\n") == std::string_view::npos) {
    if (request.size() < kMostRequest) return std::nullopt;
    return reply("431 Request Header Fields Too Large", plain, "too long\n");
  }
  const std::string_view line = request.substr(0, request.find_first_of("\r\n"));
  const std::size_t space = line.find(' ');
  const std::size_t end = space == std::string_view::npos ? space : line.find(' ', space + 1);
  if (end == std::string_view::npos || !line.substr(end + 1).starts_with("HTTP/1."))
    return reply("400 Bad Request", plain, "no HTTP request\n");
  const std::string_view method = line.substr(0, space);
  const std::string_view target = line.substr(space + 1, end - space - 1);
  if (target.substr(0, target.find('?')) != "/metrics")
    return reply("404 Not Found", plain, "there is /metrics\n");
  if (method == "GET") return reply("200 OK", content_type, page);
  if (method != "HEAD") return reply("405 Method Not Allowed", plain, "GET it\n");
  std::string head = reply("200 OK", content_type, page);
  head.resize(head.size() - page.size());
  return head;
}

/// The thread and what it looks after. Places are added from outside, under the mutex.
class NoticeBoard::Desk {
 public:
  Desk() : wake_(check_syscall("eventfd", eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK))) {}
  ~Desk() {
    stop_ = true;
    nudge();
    if (thread_.joinable()) thread_.join();
    for (const Asker& asker : askers_) close(asker.fd);
    for (const auto& place : places_) close(place->fd);
    close(wake_);
  }
  Desk(const Desk&) = delete;
  Desk& operator=(const Desk&) = delete;

  void start() {
    const SignalsBlocked blocked;
    thread_ = std::thread([this] { work(); });
  }

  std::string open(int family, const sockaddr* address, socklen_t length, const Notice& notice,
                   std::string_view content_type) {
    const int fd = socket(family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (fd < 0) return strerror(errno);
    const int on = 1;
    setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    if (bind(fd, address, length) != 0 || listen(fd, kMostAskers) != 0) {
      std::string problem = strerror(errno);
      close(fd);
      return problem;
    }
    const std::lock_guard lock(mutex_);
    places_.push_back(std::make_unique<Place>(Place{fd, &notice, std::string(content_type)}));
    nudge();
    return {};
  }

 private:
  void nudge() const {
    const std::uint64_t one = 1;
    [[maybe_unused]] const ssize_t written = write(wake_, &one, sizeof one);
  }

  void work() {
    while (!stop_) {
      std::vector<pollfd> wanted{{wake_, POLLIN, 0}};
      for (const Asker& asker : askers_)
        wanted.push_back({asker.fd, static_cast<short>(asker.answer.empty() ? POLLIN : POLLOUT), 0});
      const std::size_t listening_from = wanted.size();
      const std::vector<const Place*> places = open_places();
      for (const Place* place : places) wanted.push_back({place->fd, POLLIN, 0});
      poll(wanted.data(), wanted.size(), patience());
      std::uint64_t nudges = 0;
      if (wanted.front().revents != 0 && read(wake_, &nudges, sizeof nudges) < 0) continue;
      for (std::size_t i = 0; i < askers_.size(); ++i)
        if (wanted[i + 1].revents != 0) serve(askers_[i]);
      drop_finished();
      for (std::size_t i = 0; i < places.size(); ++i)
        if (wanted[listening_from + i].revents != 0) welcome(*places[i]);
    }
  }

  std::vector<const Place*> open_places() {
    std::vector<const Place*> open;
    if (askers_.size() >= kMostAskers || Clock::now() < accept_from_) return open;
    const std::lock_guard lock(mutex_);
    for (const auto& place : places_) open.push_back(place.get());
    return open;
  }

  int patience() const {
    if (askers_.empty() && Clock::now() >= accept_from_) return -1;
    Clock::time_point first = Clock::now() + kPatience;
    if (accept_from_ > Clock::now()) first = accept_from_;
    for (const Asker& asker : askers_) first = std::min(first, asker.until);
    return milliseconds_until(first);
  }

  void welcome(const Place& place) {
    const int fd = accept4(place.fd, nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC);
    if (fd < 0) {
      if (errno != EAGAIN && errno != EINTR && errno != ECONNABORTED)
        accept_from_ = Clock::now() + kAfterFailedAccept;
      return;
    }
    askers_.push_back({fd, &place, Clock::now() + kPatience, {}, {}});
    Asker& asker = askers_.back();
    if (place.content_type.empty()) asker.answer = place.notice->get();
    serve(asker);
    drop_finished();
  }

  /// `until` in the past marks one who is done.
  static void finish(Asker& asker) { asker.until = Clock::time_point::min(); }

  static void hear(Asker& asker) {
    std::array<char, 2048> bytes;
    const ssize_t count = read(asker.fd, bytes.data(), bytes.size());
    if (count < 0 && (errno == EAGAIN || errno == EINTR)) return;
    if (count <= 0) return finish(asker);
    asker.request.append(bytes.data(), static_cast<std::size_t>(count));
    if (auto answer = answer_http(asker.request, asker.place->notice->get(), asker.place->content_type))
      asker.answer = std::move(*answer);
  }

  static void serve(Asker& asker) {
    if (asker.answer.empty() && !asker.place->content_type.empty()) hear(asker);
    while (asker.sent < asker.answer.size()) {
      const ssize_t count = send(asker.fd, asker.answer.data() + asker.sent, asker.answer.size() - asker.sent,
                                 MSG_NOSIGNAL | MSG_DONTWAIT);
      if (count < 0 && (errno == EAGAIN || errno == EINTR)) return;
      if (count <= 0) return finish(asker);
      asker.sent += static_cast<std::size_t>(count);
    }
    if (!asker.answer.empty() || asker.place->content_type.empty()) finish(asker);
  }

  void drop_finished() {
    const auto now = Clock::now();
    for (const Asker& asker : askers_)
      if (asker.until <= now) close(asker.fd);
    std::erase_if(askers_, [&](const Asker& asker) { return asker.until <= now; });
  }

  int wake_;
  std::atomic<bool> stop_{false};
  std::mutex mutex_;
  std::vector<std::unique_ptr<Place>> places_;
  std::vector<Asker> askers_;  // the thread's own
  Clock::time_point accept_from_{};
  std::thread thread_;
};

NoticeBoard::NoticeBoard() = default;
NoticeBoard::~NoticeBoard() = default;

std::string NoticeBoard::start() {
  if (desk_) return {};
  try {
    auto desk = std::make_unique<Desk>();
    desk->start();
    desk_ = std::move(desk);
    return {};
  } catch (const std::system_error& failure) {
    return failure.code().message();
  }
}

std::string NoticeBoard::offer_locally(std::string_view name, const Notice& notice) {
  if (std::string problem = start(); !problem.empty()) return problem;
  const LocalName local(name);
  return desk_->open(AF_UNIX, local.get(), local.length, notice, "");
}

std::string NoticeBoard::offer_over_http(const SocketAddress& address, const Notice& notice,
                                         std::string_view content_type) {
  if (std::string problem = start(); !problem.empty()) return problem;
  sockaddr_storage storage{};
  const socklen_t length = address.fill(storage);
  return desk_->open(storage.ss_family, reinterpret_cast<const sockaddr*>(&storage), length, notice,
                     content_type);
}

std::optional<std::string> ask_locally(std::string_view name, milliseconds limit) {
  const auto until = Clock::now() + limit;
  const int fd = check_syscall("socket", socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
  const LocalName local(name);
  std::optional<std::string> text;
  if (connect(fd, local.get(), local.length) == 0) {
    std::string read_so_far;
    std::array<char, 2048> bytes;
    pollfd wanted{fd, POLLIN, 0};
    while (read_so_far.size() < kMostRequest && poll(&wanted, 1, milliseconds_until(until)) > 0) {
      const ssize_t count = read(fd, bytes.data(), bytes.size());
      if (count == 0) text = read_so_far;
      if (count <= 0) break;
      read_so_far.append(bytes.data(), static_cast<std::size_t>(count));
    }
  }
  close(fd);
  return text;
}

}  // namespace vpcprobe
