// What each address did at each stage, in words of the table.
#include "agent/render/table_rows.h"

#include <algorithm>
#include <cstdio>
#include <map>
#include <set>
#include <tuple>
#include <utility>

#include "agent/base/text_layout.h"
#include "agent/base/words.h"
#include "agent/render/endpoint_path.h"

namespace vpcprobe {
namespace {

struct MarkLook {
  const char* utf8;
  const char* ascii;
  Tone tone;
};
constexpr std::array<MarkLook, 4> kMarks{
    {{"✓", "v", Tone::good}, {"?", "?", Tone::careful}, {"!", "!", Tone::careful}, {"✗", "x", Tone::bad}}};

constexpr std::array<std::string_view, 10> kDnsWords{"",        "not found", "no address",  "SERVFAIL",
                                                     "refused", "silent",    "unreachable", "malformed",
                                                     "cut off", "truncated"};
constexpr std::array<std::string_view, 6> kTcpWords{"", "silent", "refused", "no route", "failed", "cut off"};
constexpr std::array<std::string_view, 13> kTlsWords{
    "",        "silent",  "reset",       "closed", "untrusted", "wrong name", "expired",
    "too new", "not TLS", "old version", "alert",  "failed",    "cut off"};
constexpr std::array<std::string_view, 9> kHttpWords{"AWS",      "not AWS",   "silent", "reset",  "closed",
                                                     "not HTTP", "too large", "failed", "cut off"};

template <typename Enum, std::size_t N>
std::string word(const std::array<std::string_view, N>& words, Enum status) {
  return std::string(words.at(static_cast<std::size_t>(status)));
}

std::string duration_text(Elapsed elapsed) {
  const double ms = static_cast<double>(elapsed.count()) / 1000.0;
  std::array<char, 48> text{};
  if (ms < 0.1) {
    std::snprintf(text.data(), text.size(), "%.2f ms", ms);
  } else if (ms < 10) {
    std::snprintf(text.data(), text.size(), "%.1f ms", ms);
  } else if (ms < 1000) {
    std::snprintf(text.data(), text.size(), "%.0f ms", ms);
  } else {
    std::snprintf(text.data(), text.size(), "%.1f s", ms / 1000);
  }
  return text.data();
}

std::string name_cell(const EndpointReport& endpoint) {
  if (!endpoint.dns) return "–";
  const DnsObservation& dns = *endpoint.dns;
  return dns.status == DnsStatus::ok ? duration_text(dns.elapsed) : word(kDnsWords, dns.status);
}

std::string tcp_cell(const AddressObservation& seen) {
  if (!seen.tcp) return "–";
  if (seen.tcp->status != TcpStatus::ok) return word(kTcpWords, seen.tcp->status);
  // The kernel's round trip is free of our own delays; a lost SYN shows in our clock only.
  const bool kernel = seen.tcp->rtt_us > 0 && seen.tcp->syn_retransmits == 0;
  return duration_text(kernel ? Elapsed(seen.tcp->rtt_us) : seen.tcp->elapsed);
}

std::string tls_cell(const AddressObservation& seen) {
  if (!seen.tls) return "–";
  const TlsObservation& tls = *seen.tls;
  if (tls.status == TlsStatus::alert && tls.alert >= 0) return "alert " + std::to_string(tls.alert);
  if (tls.status != TlsStatus::ok) return word(kTlsWords, tls.status);
  constexpr std::string_view prefix = "TLSv";
  const bool known = tls.version.rfind(prefix, 0) == 0;
  return (known ? tls.version.substr(prefix.size()) : tls.version) + "  " + duration_text(tls.elapsed);
}

std::string http_cell(const AddressObservation& seen) {
  if (!seen.http) return "–";
  const std::string status = word(kHttpWords, seen.http->status);
  const bool answered = seen.http->status == HttpStatus::aws || seen.http->status == HttpStatus::not_aws;
  return answered ? std::to_string(seen.http->code) + ' ' + status : status;
}

/// An AWS answer is its code alone: that AWS answers is what is expected.
std::string short_http_cell(const AddressObservation& seen) {
  const bool is_aws = seen.http && seen.http->status == HttpStatus::aws;
  return is_aws ? std::to_string(seen.http->code) : http_cell(seen);
}

std::string path_text(Path path) { return spaced(to_string(path)); }

template <typename Stage, typename Status>
Mark mark_of_stage(const std::optional<Stage>& stage, Status good, Status cancelled) {
  if (!stage || stage->status == good) return Mark::ok;
  return stage->status == cancelled ? Mark::unknown : Mark::bad;
}

Mark mark_of(const EndpointReport& endpoint, const AddressObservation& seen) {
  if (!seen.tcp) return Mark::unknown;
  const bool right = seen.http && answers_rightly(endpoint, *seen.http);
  return std::max({mark_of_stage(seen.tcp, TcpStatus::ok, TcpStatus::cancelled),
                   mark_of_stage(seen.tls, TlsStatus::ok, TlsStatus::cancelled),
                   right ? Mark::ok : mark_of_stage(seen.http, HttpStatus::aws, HttpStatus::cancelled)});
}

/// What the findings say of an endpoint's addresses. The findings must outlive it.
class Judgement {
 public:
  explicit Judgement(const std::vector<Finding>& findings) {
    for (const Finding& finding : findings) {
      // A request that will be denied is no fault of the address.
      if (finding.severity == Severity::note || finding.stage > last_network_stage) continue;
      const std::size_t known = seen_.size();
      seen_.push_back({finding.severity == Severity::error ? Mark::bad : Mark::careful,
                       {finding.addresses.begin(), finding.addresses.end()}});
      if (!finding.endpoint.empty()) {
        of_endpoint_[finding.endpoint].push_back(known);
      } else if (!finding.addresses.empty()) {
        for (const std::string& endpoint : finding.covers) of_endpoint_[endpoint].push_back(known);
      }
    }
  }

  Mark of(const std::string& endpoint, const std::string& address) const {
    Mark mark = Mark::ok;
    const auto found = of_endpoint_.find(endpoint);
    if (found == of_endpoint_.end()) return mark;
    for (const std::size_t index : found->second) {
      const Seen& seen = seen_[index];
      if (seen.addresses.empty() || seen.addresses.contains(address)) mark = std::max(mark, seen.mark);
    }
    return mark;
  }

 private:
  static constexpr int last_network_stage = 4;
  struct Seen {
    Mark mark;
    std::set<std::string_view> addresses;  ///< empty: all of the endpoint
  };
  std::vector<Seen> seen_;
  std::map<std::string, std::vector<std::size_t>> of_endpoint_;
};

/// Addresses that are shown as one row: one address, or all of a network with the same outcome.
struct Group {
  std::string network;  ///< "10.0.1.0/24", or empty for the whole endpoint
  Mark mark = Mark::ok;
  Scope scope = Scope::public_;
  std::string owner;
  std::vector<const AddressReport*> members;
};

/// Everything that makes two addresses look different in the table, but their times.
using Outcome = std::tuple<Mark, TcpStatus, TlsStatus, std::string, HttpStatus, int>;
Outcome outcome_of(const AddressReport& address, Mark mark) {
  const AddressObservation& seen = address.seen;
  return {mark,
          seen.tcp ? seen.tcp->status : TcpStatus::cancelled,
          seen.tls ? seen.tls->status : TlsStatus::cancelled,
          seen.tls ? seen.tls->version : std::string(),
          seen.http ? seen.http->status : HttpStatus::cancelled,
          seen.http ? seen.http->code : -1};
}

/// How closely addresses are put together.
enum class Detail { each, networks, endpoints };

std::string network_of(const IpAddress& address, Detail detail) {
  if (detail == Detail::each) return address.to_string();
  if (detail == Detail::endpoints) return {};
  Cidr network{address, address.family == Family::ipv4 ? 24 : 64};
  const auto kept = static_cast<std::size_t>(network.prefix / 8);
  std::fill(network.base.bytes.begin() + static_cast<std::ptrdiff_t>(kept), network.base.bytes.end(),
            std::uint8_t{0});
  return network.to_string();
}

std::vector<Group> groups_of(const EndpointReport& endpoint, const Judgement& judgement, Detail detail) {
  std::vector<Group> groups;
  std::map<std::pair<std::string, Outcome>, std::size_t> known;
  for (const AddressReport& address : endpoint.addresses) {
    const Mark mark = std::max(mark_of(endpoint, address.seen),
                               judgement.of(endpoint.id, address.seen.address.to_string()));
    const std::string network = network_of(address.seen.address, detail);
    const auto [found, added] = known.try_emplace({network, outcome_of(address, mark)}, groups.size());
    if (added) groups.push_back({network, mark, address.scope, address.owner, {}});
    groups[found->second].members.push_back(&address);
  }
  return groups;
}

std::string address_cell(const Group& group) {
  if (group.members.size() == 1) return group.members.front()->seen.address.to_string();
  const std::string count = counted(group.members.size(), "address", "addresses");
  return group.network.empty() ? count : group.network + ": " + count;
}

/// The member with the median connect time stands for its group.
const AddressObservation& typical(Group& group) {
  const auto middle = group.members.begin() + static_cast<std::ptrdiff_t>(group.members.size() / 2);
  const auto time = [](const AddressReport* address) {
    return address->seen.tcp ? address->seen.tcp->elapsed : Elapsed{};
  };
  std::nth_element(
      group.members.begin(), middle, group.members.end(),
      [time](const AddressReport* left, const AddressReport* right) { return time(left) < time(right); });
  return (*middle)->seen;
}

std::string place_of(const Group& group) {
  if (group.scope == Scope::subnet) return "own subnet";
  return is_inside(group.scope) || group.owner.empty() ? std::string() : '(' + group.owner + ')';
}

void add_rows(std::vector<Row>& rows, const EndpointReport& endpoint, const Judgement& judgement,
              Detail detail) {
  bool first = true;
  std::string above;  // what the row above says of its place
  for (Group& group : groups_of(endpoint, judgement, detail)) {
    const AddressObservation& seen = typical(group);
    const std::string place = place_of(group);
    rows.push_back(
        {group.mark,
         first,
         place == above ? "" : place,
         {first ? endpoint.id : "", address_cell(group), first ? name_cell(endpoint) : "", tcp_cell(seen),
          tls_cell(seen), http_cell(seen), first ? path_text(endpoint.path) : ""}});
    first = false;
    above = place;
  }
  if (!first) return;
  const bool cut = !endpoint.dns || endpoint.dns->status == DnsStatus::cancelled;
  rows.push_back({cut ? Mark::unknown : Mark::bad,
                  true,
                  "",
                  {endpoint.id, "–", name_cell(endpoint), "–", "–", "–", path_text(endpoint.path)}});
}

std::vector<Row> rows_of(const Report& report, const Judgement& judgement, Detail detail) {
  std::vector<Row> rows;
  for (const EndpointReport& endpoint : report.endpoints) add_rows(rows, endpoint, judgement, detail);
  return rows;
}

/// Endpoints with a table of their own length: the worst rows are kept, each with its endpoint's name.
TableRows worst_of(std::vector<Row> rows, std::size_t most) {
  std::string endpoint;
  for (Row& row : rows) {
    if (row.first) endpoint = row.cells[endpoint_column];
    row.cells[endpoint_column] = endpoint;
  }
  std::stable_sort(rows.begin(), rows.end(),
                   [](const Row& left, const Row& right) { return left.mark > right.mark; });
  const std::size_t left_out = rows.size() - most;
  rows.resize(most);
  return {std::move(rows), true, left_out};
}

/// The group that stands for the endpoint first: most addresses that answer, or most that do not.
void put_typical_first(std::vector<Group>& groups) {
  const auto rank = [](const Group& group) {
    const bool answers = group.mark == Mark::ok || group.mark == Mark::careful;
    return std::pair(answers, group.members.size());
  };
  const auto first =
      std::max_element(groups.begin(), groups.end(),
                       [rank](const Group& left, const Group& right) { return rank(left) < rank(right); });
  std::rotate(groups.begin(), first, first + 1);
}

EndpointRows nameless_rows(const EndpointReport& endpoint) {
  const bool cut = !endpoint.dns || endpoint.dns->status == DnsStatus::cancelled;
  const Mark mark = cut ? Mark::unknown : Mark::bad;
  const std::string name = endpoint.dns ? word(kDnsWords, endpoint.dns->status) : std::string();
  return {mark,
          endpoint.id,
          path_text(endpoint.path),
          name.empty() ? "–" : "name " + name,
          {{mark, "", "–", "–", "–"}}};
}

EndpointRows rows_of_endpoint(const EndpointReport& endpoint, const Judgement& judgement) {
  if (endpoint.addresses.empty()) return nameless_rows(endpoint);
  std::vector<Group> groups = groups_of(endpoint, judgement, Detail::endpoints);
  put_typical_first(groups);
  EndpointRows shown{Mark::ok, endpoint.id, path_text(endpoint.path), "", {}};
  std::size_t answering = 0;
  for (Group& group : groups) {
    const AddressObservation& seen = typical(group);
    if (mark_of(endpoint, seen) == Mark::ok) answering += group.members.size();
    shown.worst = std::max(shown.worst, group.mark);
    shown.rows.push_back(
        {group.mark, address_cell(group), tcp_cell(seen), tls_cell(seen), short_http_cell(seen)});
  }
  shown.answer = std::to_string(answering) + " of " + std::to_string(endpoint.addresses.size());
  return shown;
}

}  // namespace

std::string mark_text(Mark mark, const Style& style) {
  const MarkLook& look = kMarks.at(static_cast<std::size_t>(mark));
  return paint(style.utf8 ? look.utf8 : look.ascii, look.tone, style) + ' ';
}

std::vector<EndpointRows> endpoint_rows(const Report& report) {
  const Judgement judgement(report.findings);
  std::vector<EndpointRows> shown;
  for (const EndpointReport& endpoint : report.endpoints)
    shown.push_back(rows_of_endpoint(endpoint, judgement));
  return shown;
}

TableRows table_rows(const Report& report, std::size_t most) {
  const Judgement judgement(report.findings);
  std::vector<Row> rows;
  for (const Detail detail : {Detail::each, Detail::networks, Detail::endpoints}) {
    rows = rows_of(report, judgement, detail);
    if (rows.size() <= most) return {std::move(rows), detail != Detail::each, 0};
  }
  return worst_of(std::move(rows), most);
}

}  // namespace vpcprobe
