#pragma once
#include <atomic>
#include <chrono>
#include <coroutine>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <exception>
#include <map>
#include <vector>

#include "probes/task.h"

namespace vpcprobe {

class Loop;
class Wait;

/// Why a wait ended. `cancelled`: the run's deadline or a signal; every later wait ends so at once.
enum class Wake : std::uint8_t { ready, timeout, cancelled };

/// A set of event bits that one coroutine at a time may wait for. Bits stay set until a wait takes them.
class Readiness {
 public:
  static constexpr std::uint32_t kReadable = 1;
  static constexpr std::uint32_t kWritable = 2;

  /// Sets bits; a waiting coroutine becomes ready and is resumed by the loop, never from here.
  void set(std::uint32_t bits);

 private:
  friend class Wait;
  friend class Loop;
  std::uint32_t bits_ = 0;
  Wait* waiter_ = nullptr;
};

/// Receives the events of one descriptor. Called by the loop with no coroutine on the stack.
class EventSource {
 public:
  virtual void on_events(int fd, std::uint32_t readiness_bits) = 0;

 protected:
  ~EventSource() = default;
};

/// Told once when a wait has lasted `patience`: a silent peer must not hold up the others.
class Parkable {
 public:
  virtual void park() = 0;
  std::chrono::milliseconds patience{};

 protected:
  ~Parkable() = default;
};

/// Awaitable: until one of `wanted` is set, or `deadline`. Each wait takes the bits it waited for.
class Wait {
 public:
  using TimePoint = std::chrono::steady_clock::time_point;

  Wait(Loop& loop, Readiness& readiness, std::uint32_t wanted, TimePoint deadline,
       Parkable* parkable = nullptr)
      : loop_(loop), readiness_(readiness), wanted_(wanted), deadline_(deadline), parkable_(parkable) {}

  bool await_ready();
  void await_suspend(std::coroutine_handle<> handle);
  Wake await_resume() const { return wake_; }

 private:
  friend class Loop;
  friend class Readiness;
  void end(Wake wake);

  Loop& loop_;
  Readiness& readiness_;
  std::uint32_t wanted_;
  TimePoint deadline_;
  Parkable* parkable_;
  std::coroutine_handle<> handle_;
  std::multimap<TimePoint, Wait*>::iterator timer_;
  Wake wake_ = Wake::ready;
};

/// The one event loop: epoll, a timer map and a queue of coroutines that may go on. Events and timers only
/// mark and queue; coroutines are resumed from `run` alone, so no library frame is ever below them. epoll
/// (not poll) because its cost follows the ready descriptors, not the open ones: 10 000 addresses cost the
/// same each.
class Loop {
 public:
  using TimePoint = std::chrono::steady_clock::time_point;

  /// Runs until `deadline` at the latest, or until `stop` is set (looked at every 100 ms and on EINTR).
  Loop(TimePoint deadline, const std::atomic<bool>& stop);
  ~Loop();
  Loop(const Loop&) = delete;
  Loop& operator=(const Loop&) = delete;

  /// Takes a coroutine and starts it on the next turn.
  void spawn(Task<void> task);
  /// Returns when every spawned coroutine has ended; rethrows the first exception one of them let out.
  void run();

  /// When the events now being handled were noticed: all of one turn share it.
  TimePoint now() const { return now_; }
  bool cancelled() const { return cancelled_; }
  /// Cancels every wait on the next turn, as the deadline does.
  void end() { deadline_ = now_; }

  /// Edge-triggered for both directions: the owner reads and writes until EAGAIN.
  void watch_edges(int fd, EventSource& source);
  /// Level-triggered for the given bits, as libraries expect; no bits: stops watching.
  void watch_levels(int fd, std::uint32_t readiness_bits, EventSource& source);
  /// To be called before the descriptor is closed.
  void forget(int fd);

 private:
  friend class Wait;
  struct Root;  // a spawned coroutine: destroys itself at its end
  static Root run_root(Loop& loop, Task<void> task);
  void turn();
  void take_events(int wait_milliseconds);
  void resume_ready();
  void expire_timers();
  void cancel_all();
  int poll_milliseconds() const;
  EventSource*& slot(int fd);

  int epoll_;
  TimePoint deadline_;
  const std::atomic<bool>& stop_;
  TimePoint now_;
  bool cancelled_ = false;
  std::vector<EventSource*> sources_;  // by descriptor: a stale event for a closed one finds null
  std::multimap<TimePoint, Wait*> timers_;
  std::deque<std::coroutine_handle<>> ready_;
  std::size_t live_ = 0;  // spawned coroutines that have not ended
  std::exception_ptr failure_;
};

}  // namespace vpcprobe
