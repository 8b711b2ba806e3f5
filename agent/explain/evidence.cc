#include "agent/explain/evidence.h"

#include <algorithm>
#include <array>
#include <charconv>

#include "agent/aws/amazon_resolver.h"
#include "agent/aws/host_name.h"
#include "agent/aws/known_host.h"
#include "agent/base/ascii.h"
#include "agent/base/text_search.h"

namespace vpcprobe {
namespace {

constexpr std::size_t kMostHosts = 16;
constexpr std::size_t kMostCuts = 2;
constexpr std::size_t kMostAddresses = 16;
constexpr std::size_t kMostArns = 8;
constexpr std::size_t kMostStatuses = 8;
// Help pages that messages link to, and the host whose messages have the link. No request went there.
struct HelpPage {
  std::string_view page;
  std::string_view speaker;  ///< empty: any
};
constexpr std::array<HelpPage, 3> kHelpPages{
    {{"www.docker.com", "docker.io"}, {"docs.docker.com", "docker.io"}, {"docs.aws.amazon.com", ""}}};

bool is_host_char(char c) { return is_letter_or_digit(c) || c == '.' || c == '-' || c == '_'; }
bool is_arn_char(char c) {
  return is_host_char(c) || std::string_view(":/+=,@*").find(c) != std::string_view::npos;
}

template <typename Number>
bool starts_with_number(std::string_view text, Number& number) {
  const auto read = std::from_chars(text.data(), text.data() + text.size(), number);
  return read.ec == std::errc() && read.ptr != text.data();
}

std::uint16_t port_at(std::string_view rest) {
  std::uint16_t port = 0;
  if (rest.starts_with(':')) starts_with_number(rest.substr(1), port);
  return port;
}

/// Reads the hosts and addresses of a line.
class Reader {
 public:
  Reader(std::string_view line, const NetworkRanges& ranges) : line_(line), ranges_(ranges) {}

  void read(MessageEvidence& evidence) {
    for (std::size_t at = 0; at < line_.size();) {
      if (line_[at] == '[') {
        at = read_ipv6(at, evidence);
      } else if (is_host_char(line_[at])) {
        std::size_t end = at;
        while (end < line_.size() && is_host_char(line_[end])) ++end;
        read_word(at, end, evidence);
        at = end;
      } else {
        ++at;
      }
    }
  }

 private:
  std::size_t read_ipv6(std::size_t at, MessageEvidence& evidence) {
    constexpr std::size_t longest = 45;
    const std::size_t close = line_.substr(at, longest + 2).find(']');
    if (close == std::string_view::npos) return at + 1;
    const auto address = IpAddress::parse(line_.substr(at + 1, close - 1));
    if (address) add_address(*address, at, at + close + 1, evidence);
    return at + close + 1;
  }

  void read_word(std::size_t begin, std::size_t end, MessageEvidence& evidence) {
    std::string_view word = line_.substr(begin, end - begin);
    while (word.ends_with('.') || word.ends_with('-')) word.remove_suffix(1);
    if (word.find('.') == std::string_view::npos && !stands_after(begin, "dial tcp: lookup ")) return;
    if (word.find_first_not_of("0123456789.") == std::string_view::npos) {
      if (const auto address = IpAddress::parse(word))
        add_address(*address, begin, begin + word.size(), evidence);
      return;
    }
    add_host(word, begin, evidence);
  }

  /// "10.0.1.23:40312->52.1.2.3:443: read: connection reset by peer"
  AddressRole role_of(std::size_t begin, std::uint16_t port, std::size_t end) const {
    std::string_view rest = line_.substr(end);
    rest.remove_prefix(std::min(rest.find_first_not_of(":0123456789"), rest.size()));
    if (port == kDnsPort) return AddressRole::resolver;
    if (rest.starts_with("->")) return AddressRole::local;
    if (begin >= 2 && line_.substr(begin - 2, 2) == "->") return AddressRole::remote;
    return port == 0 ? AddressRole::mentioned : AddressRole::remote;
  }

  void add_address(const IpAddress& address, std::size_t begin, std::size_t end,
                   MessageEvidence& evidence) const {
    const std::uint16_t port = port_at(line_.substr(end));
    const AddressRole role = role_of(begin, port, end);
    const bool is_known =
        std::any_of(evidence.addresses.begin(), evidence.addresses.end(), [&](const NamedAddress& other) {
          return other.address == address && other.port == port && other.role == role;
        });
    if (is_known || evidence.addresses.size() == kMostAddresses) return;
    NamedAddress named{address, port, role, scope_of(address, ranges_), {}, {}};
    const AddressOwner owner = named.scope == Scope::public_ ? owner_of(address) : AddressOwner{};
    if (!owner.service.empty()) {
      named.owner = std::string(owner.service) + " " + std::string(owner.region);
      const Service* service = find_service(lower_case(owner.service));
      if (service != nullptr && service->expects == EndpointType::gateway) named.service = service->id;
    }
    evidence.addresses.push_back(std::move(named));
  }

  bool stands_after(std::size_t begin, std::string_view mark) const {
    return begin >= mark.size() && line_.substr(begin - mark.size(), mark.size()) == mark;
  }

  /// "connection #49 to logs.eu-west-1.amazonaws.com:443 timed out", "Failed to connect to
  /// proxy.example:3128".
  bool is_connected_to(std::size_t begin, std::size_t length) const {
    if (!stands_after(begin, " to ") || port_at(line_.substr(begin + length)) == 0) return false;
    constexpr std::size_t longest = 24;
    const std::size_t from = begin > longest ? begin - longest : 0;
    const std::string before = lower_case(line_.substr(from, begin - from));
    return before.find("connect") != std::string::npos;
  }

  /// The platform cuts long messages off; some then end in dots.
  bool is_cut_at(std::size_t end) const {
    constexpr std::size_t least_dots = 2;
    const std::string_view rest = line_.substr(end);
    const std::size_t dots = rest.find_first_not_of(".-");
    return dots == std::string_view::npos || dots >= least_dots || rest.substr(dots).starts_with("…");
  }

  /// Completes a host name that was cut off; false if it may be AWS's and is too short to know. A message has
  /// one end: the number of attempts is bounded.
  bool complete_cut(std::string& host) {
    if (cuts_ == kMostCuts) return false;
    ++cuts_;
    if (recognise_aws_name(host) || !may_begin_aws_name(host)) return true;
    host = complete_aws_name(host);
    return !host.empty();
  }

  void add_host(std::string_view word, std::size_t begin, MessageEvidence& evidence) {
    std::string host = lower_case(word);
    const auto help = std::find_if(kHelpPages.begin(), kHelpPages.end(),
                                   [&](const HelpPage& known) { return known.page == host; });
    if (help != kHelpPages.end()) host = help->speaker;
    // Node, whose errors nothing cuts off.
    const bool whole = stands_after(begin, "ENOTFOUND ") || stands_after(begin, "EAI_AGAIN ");
    const bool asked = whole || stands_after(begin, "://") || stands_after(begin, "lookup ") ||
                       stands_after(begin, "(host='") || stands_after(begin, "attempted address: ") ||
                       stands_after(begin, "onnect to host ") || is_connected_to(begin, word.size());
    if (!is_host_name(host) || (asked && !whole && is_cut_at(begin + word.size()) && !complete_cut(host)))
      return;
    const std::string_view rest = line_.substr(begin + word.size());
    const bool image =
        rest.starts_with('/') && (begin == 0 || line_[begin - 1] == ' ' || line_[begin - 1] == '"');
    const bool aws = is_aws_name(host);
    const std::string_view tail = std::string_view(host).substr(host.rfind('.') + 1);
    if (!(asked || image || aws) || tail.size() < 2 || !is_letter(tail.front())) return;
    const auto same = std::find_if(evidence.hosts.begin(), evidence.hosts.end(),
                                   [&](const NamedHost& other) { return other.host == host; });
    if (same != evidence.hosts.end()) {
      same->asked = same->asked || asked;
      return;
    }
    if (evidence.hosts.size() == kMostHosts) return;
    NamedHost named;
    named.host = host;
    named.asked = asked;
    named.aws = aws;
    if (const std::uint16_t port = port_at(rest); port != 0 && asked) named.port = port;
    if (const auto known = recognise_aws_name(host)) {
      named.service = known->service;
      named.partition = known->partition;
      named.region = known->values.region;
      named.account = known->values.account;
      named.form = known->form;
      if (named.port == 443) named.port = known->service->port;
    }
    evidence.hosts.push_back(std::move(named));
  }

  std::string_view line_;
  const NetworkRanges& ranges_;
  std::size_t cuts_ = 0;
};

/// Docker omits its own registry in an image's name.
void add_implied_registry(std::string_view lower, std::vector<NamedHost>& hosts) {
  struct Mention {
    std::string_view before;
    std::string_view then;
  };
  // Only Docker Hub answers with this page.
  if (lower.find("(hap429)") != std::string_view::npos) {
    NamedHost docker;
    docker.host = "docker.io";
    hosts.push_back(std::move(docker));
    return;
  }
  constexpr std::array<Mention, 3> kMentions = {{{"pull access denied for ", ", "},
                                                 {"api error (404): repository ", " not found"},
                                                 {"manifest for ", " not found"}}};
  for (const Mention& mention : kMentions) {
    const std::string_view name = after(lower, mention.before, " ,");
    const std::string_view first = name.substr(0, name.find('/'));
    const bool has_registry =
        first.size() < name.size() && first.find_first_of(".:") != std::string_view::npos;
    if (name.empty() || has_registry) continue;
    const auto end = static_cast<std::size_t>(name.data() + name.size() - lower.data());
    if (!lower.substr(end).starts_with(mention.then)) continue;
    NamedHost docker;
    docker.host = "docker.io";
    hosts.push_back(std::move(docker));
    return;
  }
}

void add_status(int status, std::vector<int>& statuses) {
  const bool is_one = status == 0 || (status >= 100 && status <= 599);
  const bool is_new = std::find(statuses.begin(), statuses.end(), status) == statuses.end();
  if (is_one && is_new && statuses.size() < kMostStatuses) statuses.push_back(status);
}

std::vector<int> read_statuses(std::string_view lower) {
  constexpr std::array<std::string_view, 5> before = {"statuscode: ", "status code: ", "status code ",
                                                      "api error (", "http status "};
  constexpr std::array<std::string_view, 11> whole = {
      "400 bad request",         "401 unauthorized",      "403 forbidden",         "404 not found",
      "407 proxy auth",          "429 too many requests", "500 internal server",   "502 bad gateway",
      "503 service unavailable", "504 gateway timeout",   "307 temporary redirect"};
  std::vector<int> statuses;
  for (const std::string_view mark : before) {
    int status = -1;
    if (starts_with_number(after(lower, mark), status)) add_status(status, statuses);
  }
  for (const std::string_view words : whole) {
    int status = -1;
    if (lower.find(words) != std::string_view::npos && starts_with_number(words, status))
      add_status(status, statuses);
  }
  return statuses;
}

std::optional<int> read_attempts(std::string_view lower) {
  for (const std::string_view mark :
       {"been retried ", "maximum number of attempts, ", "download failed after attempts="}) {
    int attempts = 0;
    if (starts_with_number(after(lower, mark, " ,;:"), attempts)) return attempts;
  }
  return std::nullopt;
}

std::vector<std::string> read_arns(std::string_view line, std::string_view lower) {
  std::vector<std::string> arns;
  for (std::size_t at = lower.find("arn:"); at != std::string_view::npos && arns.size() < kMostArns;
       at = lower.find("arn:", at + 1)) {
    std::size_t end = at;
    while (end < line.size() && is_arn_char(line[end])) ++end;
    std::string arn(line.substr(at, end - at));
    while (!arn.empty() && std::string_view(".,:").find(arn.back()) != std::string_view::npos) arn.pop_back();
    const bool is_new = std::find(arns.begin(), arns.end(), arn) == arns.end();
    if (is_new && std::count(arn.begin(), arn.end(), ':') >= 5) arns.push_back(std::move(arn));
  }
  return arns;
}

/// "linux/arm64": what the task runs on, in "descriptor matching platform 'linux/arm64'".
std::string read_platform(std::string_view lower) {
  constexpr std::array<std::string_view, 2> systems = {"linux/", "windows/"};
  constexpr std::array<std::string_view, 4> processors = {"amd64", "arm64", "arm/v7", "386"};
  for (const std::string_view system : systems) {
    for (const std::string_view processor : processors) {
      std::string platform(system);
      if (lower.find(platform.append(processor)) != std::string_view::npos) return platform;
    }
  }
  return {};
}

/// Names of services in the SDKs for Go and Java, where they are not the catalog's without their spaces.
struct SdkName {
  std::string_view name;  ///< in lower case
  std::string_view service;
};
constexpr auto kSdkNames = std::to_array<SdkName>({{"cloudwatch logs", "logs"},
                                                   {"cloudwatchlogs", "logs"},
                                                   {"securitytokenservice", "sts"},
                                                   {"dynamodbv2", "dynamodb"},
                                                   {"cloudwatch", "monitoring"},
                                                   {"eventbridge", "events"},
                                                   {"sfn", "states"},
                                                   {"kinesis", "kinesis-streams"},
                                                   {"firehose", "kinesis-firehose"},
                                                   {"efs", "elasticfilesystem"},
                                                   {"ecr", "ecr.api"},
                                                   {"amp", "aps"}});

/// Of "operation error Secrets Manager: GetSecretValue, …" and "… (Service: AWSSecretsManager; Status Code:
/// 400)"; the first, which the program called itself, unless the call for its credentials failed before.
const Service* read_called(std::string_view lower) {
  constexpr std::size_t longest = 40;
  const std::string_view for_credentials =
      after(lower, "get credentials: failed to refresh cached credentials", "");
  std::string_view rest =
      after(for_credentials.empty() ? lower : for_credentials, "operation error ", "").substr(0, longest);
  if (rest.empty()) rest = after(lower, "(service: ", "").substr(0, longest);
  const std::size_t end = rest.find_first_of(":,;");
  if (end == std::string_view::npos) return nullptr;
  rest = rest.substr(0, end);
  for (const std::string_view maker : {"amazon", "aws", " "}) {
    if (rest.starts_with(maker)) rest.remove_prefix(maker.size());
  }
  std::string name(rest);
  const auto row = std::find_if(kSdkNames.begin(), kSdkNames.end(),
                                [&](const SdkName& known) { return known.name == name; });
  if (row != kSdkNames.end()) return find_service(row->service);
  std::string joined = name;
  std::replace(name.begin(), name.end(), ' ', '-');
  joined.erase(std::remove(joined.begin(), joined.end(), ' '), joined.end());
  const Service* service = find_service(joined);
  if (service == nullptr) service = find_service(name);
  return service != nullptr && service->host.empty() ? nullptr : service;
}

/// Clears what must not appear in a command: AWS uses no other characters there.
void keep_plain(std::string& text) {
  constexpr std::size_t longest = 2048;
  if (text.size() > longest || !std::all_of(text.begin(), text.end(), is_arn_char)) text.clear();
}

}  // namespace

std::string_view to_string(AddressRole role) {
  constexpr std::array<std::string_view, 4> kRoles = {"remote", "local", "resolver", "mentioned"};
  return kRoles.at(static_cast<std::size_t>(role));
}

MessageEvidence read_evidence(std::string_view line, const NetworkRanges& ranges) {
  MessageEvidence evidence;
  const std::string lower = lower_case(line);
  Reader(line, ranges).read(evidence);
  if (evidence.hosts.empty()) add_implied_registry(lower, evidence.hosts);
  evidence.http_statuses = read_statuses(lower);
  evidence.attempts = read_attempts(lower);
  evidence.arns = read_arns(line, lower);
  evidence.platform = read_platform(lower);
  evidence.denial = read_denial(line);
  evidence.called = read_called(lower);
  if (evidence.denial) {
    keep_plain(evidence.denial->principal);
    keep_plain(evidence.denial->action);
    keep_plain(evidence.denial->resource);
  }
  return evidence;
}

const NamedHost* asked_host(const MessageEvidence& evidence) {
  const auto asked = std::find_if(evidence.hosts.rbegin(), evidence.hosts.rend(),
                                  [](const NamedHost& host) { return host.asked; });
  if (asked != evidence.hosts.rend()) return &*asked;
  return evidence.hosts.empty() ? nullptr : &evidence.hosts.back();
}

const NamedAddress* remote_address(const MessageEvidence& evidence) {
  for (const AddressRole role : {AddressRole::remote, AddressRole::mentioned}) {
    for (const NamedAddress& address : evidence.addresses) {
      // Loopback is a mount helper's own proxy.
      if (address.role == role && address.scope != Scope::loopback) return &address;
    }
  }
  return nullptr;
}

}  // namespace vpcprobe
