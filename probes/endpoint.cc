// One run: name → each address: TCP → TLS → HTTP; all names and addresses at once.
#include "probes/endpoint.h"

#include <algorithm>
#include <array>
#include <csignal>
#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <set>

#include "probes/answer.h"
#include "probes/connect.h"
#include "probes/dns_pace.h"
#include "probes/handshake.h"
#include "probes/loop.h"
#include "probes/progress.h"
#include "probes/resolve.h"

namespace vpcprobe {
namespace {

// Names asked at once: with A and AAAA at two resolvers 256 packets, which the pace of DNS lets out at once.
constexpr unsigned kNamesInFlight = 64;

// How long a wait may last before the next probe in line may also start. An unanswered SYN puts no load on a
// peer; a slow name server or TLS server may be busy, and more requests would make it slower.
constexpr std::chrono::milliseconds kNamePatience{500};
constexpr std::chrono::milliseconds kConnectPatience{50};
constexpr std::chrono::milliseconds kServerPatience{1000};

/// Work that may start when there is room. A slot is given back at the end, or when its holder is kept
/// waiting by a silent peer; open descriptors are bounded besides.
class Slots {
 public:
  Slots(unsigned most, Descriptors& descriptors) : most_(most), descriptors_(descriptors) {}
  bool free() const { return held_ < most_ && descriptors_.is_free(); }

  class Slot final : public Parkable {
   public:
    Slot(Slots& slots, struct Run& run, std::chrono::milliseconds first_patience) : slots_(slots), run_(run) {
      patience = first_patience;
      ++slots_.held_;
      ++slots_.descriptors_.open;
    }
    Slot(const Slot&) = delete;
    Slot& operator=(const Slot&) = delete;
    ~Slot();
    void park() override;

   private:
    Slots& slots_;
    struct Run& run_;
    bool held_ = true;
  };

 private:
  unsigned most_;
  Descriptors& descriptors_;
  unsigned held_ = 0;
};

struct Name {
  const Target* target;
  EndpointObservation* seen;
  bool control;
};

// One address of a name, waiting for its turn. `index` is its place in the name's addresses.
struct Visit {
  Name name;
  std::size_t index;
};

struct Run {
  Run(const std::vector<Target>& control_targets, const ProbeSettings& how, const std::atomic<bool>& stop,
      ProbeProgress& shown)
      : settings(how),
        controls(control_targets),
        progress(shown),
        loop(std::chrono::steady_clock::now() + how.deadline, stop),
        descriptors{free_descriptors()},
        name_slots(kNamesInFlight, questions),
        visit_slots(how.max_in_flight, descriptors) {
    for (const SocketAddress& server : how.resolvers)
      resolvers.emplace_back(loop, server, how.stage_timeout, pace);
  }

  void start_what_fits();
  void start_controls();
  void visit_addresses(const Name& name, const std::vector<IpAddress>& addresses);
  /// To be called at the end of a target's question, and of the probe of one of its addresses.
  void end_work(bool is_well);

  const ProbeSettings& settings;
  const std::vector<Target>& controls;
  ProbeProgress& progress;
  Observation seen;
  Loop loop;
  std::optional<TlsContext> tls;  // made while the first answers are under way
  DnsPace pace;
  std::deque<Resolver> resolvers;
  Descriptors questions{kNamesInFlight * 4};
  Descriptors descriptors;
  Slots name_slots;
  Slots visit_slots;
  std::deque<Name> names;
  std::deque<Visit> visits;
  bool controls_started = false;
  SynAnswers answers;             // of the targets
  std::size_t work_left = 0;      // of the targets: questions and addresses whose probe has not ended
  bool all_answer = true;         // of the targets, where it has
  bool needs_controls = false;    // a target's public address connects or stays silent
  bool has_cut_controls = false;  // everything else had ended
};

// A silent address gave its slot back earlier (park), but gives its descriptor back only now.
Slots::Slot::~Slot() {
  --slots_.descriptors_.open;
  if (std::exchange(held_, false)) --slots_.held_;
  run_.start_what_fits();
}

void Slots::Slot::park() {
  if (!std::exchange(held_, false)) return;
  --slots_.held_;
  run_.start_what_fits();
}

// Reading the roots takes milliseconds: spawned behind the first questions, so that no probe waits for it.
Task<void> prepare_tls(Run& run) {
  run.tls.emplace(run.settings.more_roots);
  co_return;
}

// What the resolvers said together: the status of the first that answered at all (if none did, of the first),
// and the addresses in the order of the resolvers, whichever was faster.
void settle(EndpointObservation& seen) {
  if (!seen.dns || seen.dns->resolvers.empty()) return;
  DnsObservation& dns = *seen.dns;
  const auto answered = [](const ResolverAnswer& answer) {
    return answer.status != DnsStatus::timeout && answer.status != DnsStatus::unreachable &&
           answer.status != DnsStatus::truncated && answer.status != DnsStatus::cancelled;
  };
  auto first = std::find_if(dns.resolvers.begin(), dns.resolvers.end(), answered);
  if (first == dns.resolvers.end()) first = dns.resolvers.begin();
  dns.status = first->status;
  dns.elapsed = first->elapsed;
  dns.cnames = first->cnames;
  std::map<IpAddress, AddressObservation> visited;
  for (AddressObservation& address : seen.addresses) visited.emplace(address.address, std::move(address));
  seen.addresses.clear();
  for (const ResolverAnswer& answer : dns.resolvers) {
    for (const IpAddress& address : answer.addresses) {
      const auto found = visited.find(address);
      if (found == visited.end()) continue;
      dns.addresses.push_back(address);
      seen.addresses.push_back(std::move(found->second));
      visited.erase(found);
    }
  }
}

// A name that every resolver is asked for. New addresses of each answer are probed at once, so a silent
// resolver delays nothing else.
struct Asking {
  Asking(Run& of, Name asked) : run(of), name(asked), slot(of.name_slots, of, kNamePatience) {}
  Run& run;
  Name name;
  Slots::Slot slot;
  std::set<IpAddress> known;
  bool answered = false;
};

Task<void> ask_one(std::shared_ptr<Asking> asking, std::size_t index) {
  const ProbeSettings& how = asking->run.settings;
  Resolver& resolver = asking->run.resolvers[index];
  Task<ResolverAnswer> asked = resolver.ask(asking->name.target->host, how.ipv4, how.ipv6, &asking->slot);
  ResolverAnswer answer = co_await asked;
  std::vector<IpAddress> fresh;
  for (const IpAddress& address : answer.addresses)
    if (asking->known.insert(address).second) fresh.push_back(address);
  const bool resolved = answer.status == DnsStatus::ok;
  asking->name.seen->dns->resolvers[index] = std::move(answer);
  if (!std::exchange(asking->answered, true) && !asking->name.control) ++asking->run.progress.names_known;
  asking->run.visit_addresses(asking->name, fresh);
  if (!asking->name.control) asking->run.end_work(resolved);
}

void ask_all(Run& run, Name name) {
  if (!name.control) ++run.progress.names;
  name.seen->dns.emplace().resolvers.resize(run.resolvers.size());
  const auto asking = std::make_shared<Asking>(run, name);
  for (std::size_t i = 0; i < run.resolvers.size(); ++i) run.loop.spawn(ask_one(asking, i));
}

Task<HttpObservation> ask_http(TlsStream& stream, const Target& target, Loop::TimePoint deadline,
                               Parkable& slot) {
  using Io = TlsStream::Io;
  HttpObservation failed;
  const auto begun = std::chrono::steady_clock::now();
  const std::string text = question(target.method, target.path, target.host);
  Task<Io> asked = stream.write(text, deadline, &slot);
  Io io = co_await asked;
  AnswerHead head;
  AnswerHead::State state = AnswerHead::State::more;
  std::array<char, 4096> buffer;
  while (io == Io::ok && state == AnswerHead::State::more) {
    std::size_t count = 0;
    Task<Io> read = stream.read(buffer, count, deadline, &slot);
    io = co_await read;
    if (io == Io::ok) state = head.feed({buffer.data(), count});
  }
  const auto elapsed = std::chrono::duration_cast<Elapsed>(std::chrono::steady_clock::now() - begun);
  if (state == AnswerHead::State::complete) {
    HttpObservation seen = head.read(std::chrono::system_clock::now());
    seen.elapsed = elapsed;
    co_return seen;
  }
  static constexpr std::array kOfIo{HttpStatus::failed, HttpStatus::timeout, HttpStatus::reset,
                                    HttpStatus::closed, HttpStatus::failed,  HttpStatus::cancelled};
  failed.status = kOfIo[static_cast<std::size_t>(io)];
  if (state == AnswerHead::State::not_http) failed.status = HttpStatus::not_http;
  if (state == AnswerHead::State::too_large) failed.status = HttpStatus::too_large;
  failed.elapsed = elapsed;
  co_return failed;
}

SynPlan syn_plan(Run& run, const Name& name) {
  const auto stage = run.settings.stage_timeout;
  const auto limit = name.control ? std::min(stage, run.settings.control_timeout) : stage;
  return {name.control ? kControlSyns : kEndpointSyns, limit, &run.answers, &run.descriptors};
}

// What the connect to one address says about the run.
void count_connect(Run& run, const AddressObservation& seen) {
  const TcpStatus status = seen.tcp->status;
  const bool answers = status == TcpStatus::ok || status == TcpStatus::refused;
  run.progress.end_connect(answers);
  if (answers) run.answers.add(seen.tcp->elapsed);
  const bool connects_or_silent = status == TcpStatus::ok || status == TcpStatus::timeout;
  const bool is_public = scope_of(seen.address, run.settings.ranges) == Scope::public_;
  run.needs_controls = run.needs_controls || (is_public && connects_or_silent);
}

Task<void> probe_address(Run& run, const Name& name, AddressObservation& seen, Parkable& slot) {
  const auto stage = run.settings.stage_timeout;
  const Target& target = *name.target;
  const SocketAddress peer{seen.address, target.port};
  if (!name.control) run.progress.begin_connect();
  const SynPlan plan = syn_plan(run, name);
  Task<Connection> connected = connect_tcp(run.loop, peer, plan, &slot);
  const Connection connection = co_await connected;
  seen.tcp = connection.seen;
  if (!name.control) count_connect(run, seen);
  if (seen.tcp->status != TcpStatus::ok || target.until == Until::tcp) co_return;

  slot.patience = kServerPatience;
  TlsStream stream(*run.tls, *connection.socket, target.host);
  Task<TlsObservation> shaken = stream.handshake(std::chrono::steady_clock::now() + stage, &slot);
  seen.tls = co_await shaken;
  if (seen.tls->status != TlsStatus::ok || target.until == Until::tls) co_return;

  Task<HttpObservation> answered = ask_http(stream, target, std::chrono::steady_clock::now() + stage, slot);
  seen.http = co_await answered;
}

// The name's list of addresses may grow during the probe, so the observation is stored when it is complete.
Task<void> visit_address(Run& run, Visit visit, std::unique_ptr<Slots::Slot> slot) {
  if (run.loop.cancelled()) co_return;
  AddressObservation seen;
  seen.address = visit.name.seen->addresses[visit.index].address;
  Task<void> probed = probe_address(run, visit.name, seen, *slot);
  co_await probed;
  const bool answers = seen.tcp->status == TcpStatus::ok && (!seen.tls || seen.tls->status == TlsStatus::ok);
  visit.name.seen->addresses[visit.index] = std::move(seen);
  if (!visit.name.control) run.end_work(answers);
}

void Run::start_what_fits() {
  while (!names.empty() && name_slots.free()) {
    const Name name = names.front();
    names.pop_front();
    ask_all(*this, name);
  }
  while (!visits.empty() && visit_slots.free()) {
    const Visit visit = visits.front();
    visits.pop_front();
    loop.spawn(
        visit_address(*this, visit, std::make_unique<Slots::Slot>(visit_slots, *this, kConnectPatience)));
  }
}

void Run::start_controls() {
  if (std::exchange(controls_started, true)) return;
  for (std::size_t i = 0; i < controls.size(); ++i) names.push_back({&controls[i], &seen.controls[i], true});
}

void Run::visit_addresses(const Name& name, const std::vector<IpAddress>& addresses) {
  for (const IpAddress& address : addresses) {
    visits.push_back({name, name.seen->addresses.size()});
    name.seen->addresses.emplace_back().address = address;
    if (name.control) continue;
    ++progress.addresses;
    ++work_left;
    if (scope_of(address, settings.ranges) == Scope::public_) start_controls();
  }
  start_what_fits();
}

void Run::end_work(bool is_well) {
  if (loop.cancelled()) return;
  all_answer = all_answer && is_well;
  const bool awaited = needs_controls && (settings.await_controls || !all_answer);
  if (--work_left > 0 || !controls_started || awaited) return;
  has_cut_controls = true;
  loop.end();
}

}  // namespace

Observation run_probes(const std::vector<Target>& targets, const std::vector<Target>& controls,
                       const ProbeSettings& settings, const std::atomic<bool>& stop) {
  ProbeProgress unread;
  return run_probes(targets, controls, settings, stop, unread);
}

Observation run_probes(const std::vector<Target>& targets, const std::vector<Target>& controls,
                       const ProbeSettings& settings, const std::atomic<bool>& stop,
                       ProbeProgress& progress) {
  std::signal(SIGPIPE, SIG_IGN);  // OpenSSL writes with write(2): a peer's RST must be an error, not the end
  const auto begun = std::chrono::steady_clock::now();
  Run run(controls, settings, stop, progress);
  run.seen.started_at = std::chrono::system_clock::now();
  run.seen.endpoints.resize(targets.size());
  run.seen.controls.resize(controls.size());
  std::deque<Name> literals;
  for (std::size_t i = 0; i < targets.size(); ++i) {
    const bool literal = IpAddress::parse(targets[i].host).has_value();
    (literal ? literals : run.names).push_back({&targets[i], &run.seen.endpoints[i], false});
  }
  run.work_left = run.names.size() * run.resolvers.size();
  run.start_what_fits();
  run.loop.spawn(prepare_tls(run));
  for (const Name& name : literals) run.visit_addresses(name, {*IpAddress::parse(name.target->host)});
  run.loop.run();
  for (EndpointObservation& endpoint : run.seen.endpoints) settle(endpoint);
  for (EndpointObservation& control : run.seen.controls) settle(control);
  run.seen.complete = run.has_cut_controls || !run.loop.cancelled();
  run.seen.duration = std::chrono::duration_cast<Elapsed>(std::chrono::steady_clock::now() - begun);
  return std::move(run.seen);
}

}  // namespace vpcprobe
