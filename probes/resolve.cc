#include "probes/resolve.h"

#include <algorithm>
#include <array>
#include <utility>

#include "probes/dns_exchange.h"

namespace vpcprobe {
namespace {

constexpr std::uint32_t kEnded = 1;

// One question of one type. Shared with the coroutine that asks it: on cancellation the one that waits for it
// may end first.
struct Question {
  Readiness ended;
  DnsOutcome outcome{{DnsStatus::cancelled, {}, {}}, {}};
};

Task<void> put(DnsExchange& exchange, std::shared_ptr<Question> question, std::string name, Family family) {
  Task<DnsOutcome> asked = exchange.ask(name, family);
  question->outcome = co_await asked;
  question->ended.set(kEnded);
}

// Of the two types: addresses win, then what says most about the name, then what says most about the
// resolver.
DnsStatus together(DnsStatus a, DnsStatus b) {
  constexpr std::array kOrder{DnsStatus::ok,      DnsStatus::cancelled,   DnsStatus::server_failure,
                              DnsStatus::refused, DnsStatus::malformed,   DnsStatus::truncated,
                              DnsStatus::timeout, DnsStatus::unreachable, DnsStatus::not_found,
                              DnsStatus::no_data};
  const auto rank = [&](DnsStatus status) { return std::find(kOrder.begin(), kOrder.end(), status); };
  return std::min(rank(a), rank(b)) == rank(a) ? a : b;
}

void add(ResolverAnswer& answer, const DnsOutcome& outcome) {
  answer.status = together(answer.status, outcome.reply.status);
  answer.elapsed = std::max(answer.elapsed, outcome.elapsed);
  if (answer.cnames.empty()) answer.cnames = outcome.reply.cnames;
  for (const AddressRecord& record : outcome.reply.records) {
    answer.addresses.push_back(record.address);
    answer.ttl = std::min(answer.ttl.value_or(record.ttl), record.ttl);
  }
}

}  // namespace

Resolver::Resolver(Loop& loop, SocketAddress server, std::chrono::milliseconds timeout, DnsPace& pace)
    : exchange_(std::make_unique<DnsExchange>(loop, server, timeout, pace)) {}
Resolver::~Resolver() = default;

Task<ResolverAnswer> Resolver::ask(std::string name, bool ipv4, bool ipv6, Parkable* parkable) {
  ResolverAnswer answer;
  answer.resolver = exchange_->server();
  Loop& loop = exchange_->loop();
  if (loop.cancelled() || (!ipv4 && !ipv6)) co_return answer;
  std::vector<std::shared_ptr<Question>> questions;
  const auto begun = std::chrono::steady_clock::now();
  for (const Family family : {Family::ipv4, Family::ipv6}) {
    if (!(family == Family::ipv4 ? ipv4 : ipv6)) continue;
    questions.push_back(std::make_shared<Question>());
    loop.spawn(put(*exchange_, questions.back(), name, family));
  }
  constexpr std::chrono::hours kUntilEnded{24};  // every question ends by its own time-out
  for (const auto& question : questions) {
    Wait ended(loop, question->ended, kEnded, begun + kUntilEnded, parkable);
    const Wake wake = co_await ended;
    if (wake == Wake::cancelled) co_return answer;
  }
  answer.status = questions.front()->outcome.reply.status;
  for (const auto& question : questions) add(answer, question->outcome);
  co_return answer;
}

}  // namespace vpcprobe
