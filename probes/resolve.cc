// The one file that knows c-ares: 1.18 (Debian 12) and 1.34 (Debian 13).
#define CARES_NO_DEPRECATED  // 1.34 deprecates ares_query and ares_parse_*_reply; 1.18 has nothing else
#include "probes/resolve.h"

#include <ares.h>
#include <arpa/nameser.h>
#include <sys/time.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstring>
#include <new>
#include <stdexcept>
#include <utility>

#include "probes/library_versions.h"

namespace vpcprobe {
namespace {

constexpr std::uint32_t kAnswered = 1;

struct Record {
  IpAddress address;
  std::uint32_t ttl;
};

// One question of one type, alive until c-ares has called back.
struct Question {
  Readiness answered;
  int* outstanding = nullptr;
  Readiness* idle = nullptr;
  Family family = Family::ipv4;
  DnsStatus status = DnsStatus::cancelled;
  std::chrono::steady_clock::time_point ended;
  std::vector<Record> records;
  std::vector<std::string> cnames;
};

DnsStatus status_of(int ares_status) {
  switch (ares_status) {
    case ARES_SUCCESS:
      return DnsStatus::ok;
    case ARES_ENODATA:
      return DnsStatus::no_data;
    case ARES_ENOTFOUND:
      return DnsStatus::not_found;
    case ARES_ESERVFAIL:
    case ARES_ENOTIMP:
      return DnsStatus::server_failure;
    case ARES_EREFUSED:
      return DnsStatus::refused;
    case ARES_ETIMEOUT:
      return DnsStatus::timeout;
    case ARES_ECONNREFUSED:
      return DnsStatus::unreachable;
    case ARES_ECANCELLED:
    case ARES_EDESTRUCTION:
      return DnsStatus::cancelled;
    default:
      return DnsStatus::malformed;
  }
}

constexpr unsigned kTypeCname = 5;  // RFC 1035 section 3.2.2

unsigned read16(const unsigned char* at) { return static_cast<unsigned>(at[0]) << 8 | at[1]; }

// Expands the name at `at` and moves past it; empty where it is malformed.
std::string read_name(const unsigned char*& at, const unsigned char* answer, int length) {
  char* name = nullptr;
  long used = 0;
  if (ares_expand_name(at, answer, length, &name, &used) != ARES_SUCCESS) return "";
  at += used;
  std::string text(name);
  ares_free_string(name);
  return text;
}

template <typename Row, typename Parse>
int read_rows(Question& question, const unsigned char* answer, int length, Parse parse) {
  // No record is shorter than 12 bytes, so no answer holds more.
  std::vector<Row> rows(static_cast<std::size_t>(length) / 12 + 1);
  int count = static_cast<int>(rows.size());
  const int status = parse(answer, length, nullptr, rows.data(), &count);
  question.cnames = read_cnames(answer, length);
  if (status != ARES_SUCCESS) return status;
  for (int i = 0; i < count; ++i) {
    const Row& row = rows[static_cast<std::size_t>(i)];
    IpAddress address;
    address.family = question.family;
    std::memcpy(address.bytes.data(), &row, static_cast<std::size_t>(address.bits()) / 8);
    question.records.push_back({address, static_cast<std::uint32_t>(std::max(row.ttl, 0))});
  }
  return count > 0 ? ARES_SUCCESS : ARES_ENODATA;
}

// Both rows begin with the address; `read_rows` copies it from there.
static_assert(offsetof(ares_addrttl, ipaddr) == 0 && offsetof(ares_addr6ttl, ip6addr) == 0);

int read_answer(Question& question, const unsigned char* answer, int length) {
  return question.family == Family::ipv4
             ? read_rows<ares_addrttl>(question, answer, length, ares_parse_a_reply)
             : read_rows<ares_addr6ttl>(question, answer, length, ares_parse_aaaa_reply);
}

extern "C" void on_answer(void* argument, int status, int /*timeouts*/, unsigned char* answer, int length) {
  auto& question = *static_cast<Question*>(argument);
  if (status == ARES_SUCCESS && answer != nullptr) status = read_answer(question, answer, length);
  question.status = status_of(status);
  question.ended = std::chrono::steady_clock::now();
  if (--*question.outstanding == 0) question.idle->set(kAnswered);
  question.answered.set(kAnswered);
}

// Of the two types: addresses win, then what says most about the name, then what says most about the
// resolver.
DnsStatus together(DnsStatus a, DnsStatus b) {
  constexpr std::array kOrder{DnsStatus::ok,          DnsStatus::cancelled, DnsStatus::server_failure,
                              DnsStatus::refused,     DnsStatus::malformed, DnsStatus::timeout,
                              DnsStatus::unreachable, DnsStatus::not_found, DnsStatus::no_data};
  const auto rank = [&](DnsStatus status) { return std::find(kOrder.begin(), kOrder.end(), status); };
  return std::min(rank(a), rank(b)) == rank(a) ? a : b;
}

void add(ResolverAnswer& answer, const Question& question, std::chrono::steady_clock::time_point begun) {
  answer.status = together(answer.status, question.status);
  answer.elapsed = std::max(answer.elapsed, std::chrono::duration_cast<Elapsed>(question.ended - begun));
  if (answer.cnames.empty()) answer.cnames = question.cnames;
  for (const Record& record : question.records) {
    answer.addresses.push_back(record.address);
    answer.ttl = std::min(answer.ttl.value_or(record.ttl), record.ttl);
  }
}

}  // namespace

// c-ares 1.18 keeps only the first name of a chain of CNAMEs, so the chain is read here (RFC 1035
// section 4.1).
std::vector<std::string> read_cnames(const unsigned char* answer, int length) {
  std::vector<std::string> cnames;
  constexpr int kHeader = 12;
  constexpr int kQuestionTail = 4;  // type, class
  constexpr int kRecordHead = 10;   // type, class, TTL, length of the data
  constexpr std::size_t kMostCnames = 16;
  if (length < kHeader) return cnames;
  const unsigned char* const end = answer + length;
  const unsigned char* at = answer + kHeader;
  if (read16(answer + 4) != 1 || read_name(at, answer, length).empty() || end - at < kQuestionTail)
    return cnames;
  at += kQuestionTail;
  for (unsigned left = read16(answer + 6); left > 0 && cnames.size() < kMostCnames; --left) {
    if (read_name(at, answer, length).empty() || end - at < kRecordHead) return cnames;
    const unsigned type = read16(at);
    const auto size = static_cast<long>(read16(at + 8));
    at += kRecordHead;
    if (end - at < size) return cnames;
    const unsigned char* target = at;
    if (type == kTypeCname) cnames.push_back(read_name(target, answer, length));
    at += size;
  }
  return cnames;
}

class Resolver::Channel final : public EventSource {
 public:
  Channel(Loop& loop, SocketAddress server, std::chrono::milliseconds timeout);
  ~Channel() { ares_destroy(channel_); }
  Channel(const Channel&) = delete;
  Channel& operator=(const Channel&) = delete;

  void start(Question& question, const std::string& name);
  Task<void> finish(Question& question, Parkable* parkable);
  void on_events(int fd, std::uint32_t bits) override {
    ares_process_fd(channel_, (bits & Readiness::kReadable) != 0 ? fd : ARES_SOCKET_BAD,
                    (bits & Readiness::kWritable) != 0 ? fd : ARES_SOCKET_BAD);
  }

  bool cancelled() const { return loop_.cancelled(); }

  const SocketAddress server;

 private:
  static void on_socket(void* argument, ares_socket_t fd, int readable, int writable) {
    auto& self = *static_cast<Channel*>(argument);
    const std::uint32_t bits =
        (readable != 0 ? Readiness::kReadable : 0) | (writable != 0 ? Readiness::kWritable : 0);
    self.loop_.watch_levels(fd, bits, self);
  }
  Task<void> keep_time();

  Loop& loop_;
  ares_channel channel_ = nullptr;
  int outstanding_ = 0;
  bool keeping_time_ = false;
  Readiness idle_;
};

Resolver::Channel::Channel(Loop& loop, SocketAddress address, std::chrono::milliseconds timeout)
    : server(address), loop_(loop) {
  ares_options options{};
  // NOCHECKRESP: SERVFAIL and REFUSED are answers to report, not reasons to try elsewhere.
  options.flags = ARES_FLAG_NOCHECKRESP | ARES_FLAG_NOSEARCH | ARES_FLAG_NOALIASES | ARES_FLAG_EDNS;
  options.timeout = static_cast<int>(std::max<long long>(timeout.count() / 3, 1));
  options.tries = 2;  // 1.18 doubles the time for each: t + 2t
  options.sock_state_cb = on_socket;
  options.sock_state_cb_data = this;
  int mask = ARES_OPT_FLAGS | ARES_OPT_TRIES | ARES_OPT_TIMEOUTMS | ARES_OPT_SOCK_STATE_CB;
#ifdef ARES_OPT_QUERY_CACHE
  // 1.34 keeps answers, and shortens its time-outs by experience: a third try, and none longer than the
  // first.
  options.qcache_max_ttl = 0;
  options.maxtimeout = options.timeout;
  options.tries = 3;
  mask |= ARES_OPT_QUERY_CACHE | ARES_OPT_MAXTIMEOUTMS;
#endif
  if (ares_init_options(&channel_, &options, mask) != ARES_SUCCESS) throw std::bad_alloc();
  if (ares_set_servers_ports_csv(channel_, server.to_string().c_str()) != ARES_SUCCESS) {
    ares_destroy(channel_);
    throw std::invalid_argument("resolver " + server.to_string());
  }
}

// c-ares has timers but no timer: this wakes it when its next one is due, as long as questions are out.
Task<void> Resolver::Channel::keep_time() {
  while (outstanding_ > 0) {
    timeval left{1, 0};
    ares_timeout(channel_, nullptr, &left);
    const auto span = std::chrono::seconds(left.tv_sec) + std::chrono::microseconds(left.tv_usec);
    Wait timer(loop_, idle_, kAnswered, std::chrono::steady_clock::now() + span);
    const Wake wake = co_await timer;
    if (wake == Wake::timeout) ares_process_fd(channel_, ARES_SOCKET_BAD, ARES_SOCKET_BAD);
    if (wake == Wake::cancelled) ares_cancel(channel_);
  }
  keeping_time_ = false;
}

void Resolver::Channel::start(Question& question, const std::string& name) {
  question.outstanding = &outstanding_;
  question.idle = &idle_;
  ++outstanding_;
  ares_query(channel_, name.c_str(), ns_c_in, question.family == Family::ipv4 ? ns_t_a : ns_t_aaaa, on_answer,
             &question);
  if (!std::exchange(keeping_time_, true)) loop_.spawn(keep_time());
}

Task<void> Resolver::Channel::finish(Question& question, Parkable* parkable) {
  constexpr std::chrono::hours kUntilAnswered{24};  // c-ares ends every question; it cannot end just one
  const auto never = std::chrono::steady_clock::now() + kUntilAnswered;
  Wait answer(loop_, question.answered, kAnswered, never, parkable);
  const Wake wake = co_await answer;
  if (wake == Wake::cancelled) ares_cancel(channel_);  // calls back at once
}

Resolver::Resolver(Loop& loop, SocketAddress server, std::chrono::milliseconds timeout)
    : channel_(std::make_unique<Channel>(loop, server, timeout)) {}
Resolver::~Resolver() = default;

Task<ResolverAnswer> Resolver::ask(std::string name, bool ipv4, bool ipv6, Parkable* parkable) {
  ResolverAnswer answer;
  answer.resolver = channel_->server;
  if (channel_->cancelled()) co_return answer;
  std::vector<Question> questions;
  questions.reserve(2);  // c-ares holds their addresses
  if (ipv4) questions.emplace_back().family = Family::ipv4;
  if (ipv6) questions.emplace_back().family = Family::ipv6;
  const auto begun = std::chrono::steady_clock::now();
  for (Question& question : questions) channel_->start(question, name);
  for (Question& question : questions) {
    Task<void> finished = channel_->finish(question, parkable);
    co_await finished;
  }
  answer.status = questions.front().status;
  for (const Question& question : questions) add(answer, question, begun);
  co_return answer;
}

std::string dns_library() { return std::string("c-ares ") + ares_version(nullptr); }

}  // namespace vpcprobe
