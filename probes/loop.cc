#include "probes/loop.h"

#include <sys/epoll.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <utility>

#include "probes/syscall.h"

namespace vpcprobe {
namespace {

std::uint32_t to_epoll(std::uint32_t readiness_bits) {
  std::uint32_t events = 0;
  if ((readiness_bits & Readiness::kReadable) != 0) events |= EPOLLIN;
  if ((readiness_bits & Readiness::kWritable) != 0) events |= EPOLLOUT;
  return events;
}

// An error or hang-up makes both directions worth trying: the call that follows reports it.
std::uint32_t from_epoll(std::uint32_t events) {
  std::uint32_t bits = 0;
  if ((events & (EPOLLIN | EPOLLRDHUP | EPOLLERR | EPOLLHUP)) != 0) bits |= Readiness::kReadable;
  if ((events & (EPOLLOUT | EPOLLERR | EPOLLHUP)) != 0) bits |= Readiness::kWritable;
  return bits;
}

}  // namespace

void Readiness::set(std::uint32_t bits) {
  bits_ |= bits;
  if (waiter_ != nullptr && (bits_ & waiter_->wanted_) != 0) waiter_->end(Wake::ready);
}

bool Wait::await_ready() {
  if (loop_.cancelled_) {
    wake_ = Wake::cancelled;
    return true;
  }
  if ((readiness_.bits_ & wanted_) == 0) return false;
  readiness_.bits_ &= ~wanted_;
  return true;
}

void Wait::await_suspend(std::coroutine_handle<> handle) {
  handle_ = handle;
  readiness_.waiter_ = this;
  TimePoint first = deadline_;
  if (parkable_ != nullptr) first = std::min(first, std::chrono::steady_clock::now() + parkable_->patience);
  timer_ = loop_.timers_.emplace(first, this);
}

void Wait::end(Wake wake) {
  wake_ = wake;
  readiness_.waiter_ = nullptr;
  readiness_.bits_ &= ~wanted_;
  loop_.timers_.erase(timer_);
  loop_.ready_.push_back(handle_);
}

Loop::Loop(TimePoint deadline, const std::atomic<bool>& stop)
    : epoll_(check_syscall("epoll_create1", epoll_create1(EPOLL_CLOEXEC))),
      deadline_(deadline),
      stop_(stop),
      now_(std::chrono::steady_clock::now()) {}

Loop::~Loop() { close(epoll_); }

struct Loop::Root {
  struct promise_type {
    Root get_return_object() { return {std::coroutine_handle<promise_type>::from_promise(*this)}; }
    std::suspend_always initial_suspend() const noexcept { return {}; }
    std::suspend_never final_suspend() const noexcept { return {}; }
    void return_void() const noexcept {}
    void unhandled_exception() const noexcept { std::terminate(); }  // run_root catches everything
  };
  std::coroutine_handle<> handle;
};

Loop::Root Loop::run_root(Loop& loop, Task<void> task) {
  try {
    co_await task;
  } catch (...) {
    if (!loop.failure_) loop.failure_ = std::current_exception();
  }
  --loop.live_;
}

void Loop::spawn(Task<void> task) {
  ++live_;
  ready_.push_back(run_root(*this, std::move(task)).handle);
}

void Loop::run() {
  while (live_ > 0) turn();
  if (failure_) std::rethrow_exception(std::exchange(failure_, nullptr));
}

void Loop::turn() {
  resume_ready();
  if (live_ == 0) return;
  // All pending events are handled before any timer: after a pause of the process, an answer that has arrived
  // must not count as a timeout.
  take_events(poll_milliseconds());
  const bool over = now_ >= deadline_ || stop_.load(std::memory_order_relaxed) || failure_;
  if (over && !cancelled_) cancel_all();
  expire_timers();
}

void Loop::take_events(int wait_milliseconds) {
  std::array<epoll_event, 64> events;
  int count = 0;
  do {
    count = epoll_wait(epoll_, events.data(), static_cast<int>(events.size()), wait_milliseconds);
    if (count < 0 && errno != EINTR) check_syscall("epoll_wait", count);
    now_ = std::chrono::steady_clock::now();
    for (int i = 0; i < count; ++i) {
      const epoll_event& event = events[static_cast<std::size_t>(i)];
      EventSource* source = slot(event.data.fd);
      if (source != nullptr) source->on_events(event.data.fd, from_epoll(event.events));
    }
    wait_milliseconds = 0;
  } while (count == static_cast<int>(events.size()));
}

void Loop::resume_ready() {
  while (!ready_.empty()) {
    const auto handle = ready_.front();
    ready_.pop_front();
    handle.resume();
  }
}

void Loop::expire_timers() {
  while (!timers_.empty() && timers_.begin()->first <= now_) {
    Wait* wait = timers_.begin()->second;
    if (wait->parkable_ != nullptr && wait->deadline_ > now_) {
      timers_.erase(wait->timer_);
      wait->timer_ = timers_.emplace(wait->deadline_, wait);
      std::exchange(wait->parkable_, nullptr)->park();
    } else {
      wait->end(Wake::timeout);
    }
  }
}

void Loop::cancel_all() {
  cancelled_ = true;
  while (!timers_.empty()) timers_.begin()->second->end(Wake::cancelled);
}

int Loop::poll_milliseconds() const {
  using std::chrono::milliseconds;
  constexpr milliseconds kLookAtStop{100};
  if (!ready_.empty()) return 0;
  TimePoint next = std::chrono::steady_clock::now() + kLookAtStop;
  if (!timers_.empty()) next = std::min(next, timers_.begin()->first);
  if (!cancelled_) next = std::min(next, deadline_);
  const auto left = std::chrono::ceil<milliseconds>(next - std::chrono::steady_clock::now());
  return static_cast<int>(std::max(left, milliseconds{0}).count());
}

EventSource*& Loop::slot(int fd) {
  const auto index = static_cast<std::size_t>(fd);
  if (index >= sources_.size()) sources_.resize(index + 1, nullptr);
  return sources_[index];
}

void Loop::watch_edges(int fd, EventSource& source) {
  epoll_event event{};
  event.events = EPOLLIN | EPOLLOUT | EPOLLRDHUP | EPOLLET;
  event.data.fd = fd;
  check_syscall("epoll_ctl", epoll_ctl(epoll_, EPOLL_CTL_ADD, fd, &event));
  slot(fd) = &source;
}

void Loop::watch_levels(int fd, std::uint32_t readiness_bits, EventSource& source) {
  if (readiness_bits == 0) {
    epoll_ctl(epoll_, EPOLL_CTL_DEL, fd, nullptr);
    forget(fd);
    return;
  }
  epoll_event event{};
  event.events = to_epoll(readiness_bits);
  event.data.fd = fd;
  const int operation = slot(fd) == nullptr ? EPOLL_CTL_ADD : EPOLL_CTL_MOD;
  check_syscall("epoll_ctl", epoll_ctl(epoll_, operation, fd, &event));
  slot(fd) = &source;
}

void Loop::forget(int fd) { slot(fd) = nullptr; }

}  // namespace vpcprobe
