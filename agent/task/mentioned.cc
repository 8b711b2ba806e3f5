#include "agent/task/mentioned.h"

#include <algorithm>
#include <array>
#include <optional>

#include "agent/aws/host_name.h"
#include "agent/aws/known_host.h"
#include "agent/base/add_once.h"
#include "agent/base/ascii.h"
#include "agent/base/text_search.h"
#include "agent/task/placeholder.h"
#include "probes/address.h"

namespace vpcprobe {
namespace {

constexpr std::size_t kLongestValue = 4096;
constexpr std::size_t kMostHosts = 16;
constexpr std::string_view kSchemeMark = "://";

/// The port that a URL without one means. Source: IANA's registry of service names and ports.
struct SchemePort {
  std::string_view scheme;
  std::uint16_t port;
};
constexpr std::array kSchemePorts = std::to_array<SchemePort>({
    {.scheme = "http", .port = 80},         {.scheme = "https", .port = 443},
    {.scheme = "ws", .port = 80},           {.scheme = "wss", .port = 443},
    {.scheme = "grpcs", .port = 443},       {.scheme = "postgres", .port = 5432},
    {.scheme = "postgresql", .port = 5432}, {.scheme = "mysql", .port = 3306},
    {.scheme = "mysql2", .port = 3306},     {.scheme = "mariadb", .port = 3306},
    {.scheme = "sqlserver", .port = 1433},  {.scheme = "mssql", .port = 1433},
    {.scheme = "oracle", .port = 1521},     {.scheme = "redis", .port = 6379},
    {.scheme = "rediss", .port = 6379},     {.scheme = "valkey", .port = 6379},
    {.scheme = "valkeys", .port = 6379},    {.scheme = "memcached", .port = 11211},
    {.scheme = "mongodb", .port = 27017},   {.scheme = "amqp", .port = 5672},
    {.scheme = "amqps", .port = 5671},      {.scheme = "mqtt", .port = 1883},
    {.scheme = "mqtts", .port = 8883},      {.scheme = "stomp+ssl", .port = 61614},
    {.scheme = "kafka", .port = 9092},      {.scheme = "nats", .port = 4222},
    {.scheme = "ldap", .port = 389},        {.scheme = "ldaps", .port = 636},
    {.scheme = "smtp", .port = 587},        {.scheme = "smtps", .port = 465},
    {.scheme = "sftp", .port = 22},         {.scheme = "clickhouse", .port = 9000},
    {.scheme = "cassandra", .port = 9042},  {.scheme = "neo4j", .port = 7687},
    {.scheme = "bolt", .port = 7687},
});

/// The port behind a bare host, by its domain. Databases of RDS have several: their port has to be said.
struct DomainPort {
  std::string_view part;
  std::uint16_t port;
};
constexpr std::array kDomainPorts = std::to_array<DomainPort>({
    {.part = ".cache.amazonaws.com", .port = 6379},
    {.part = ".docdb.amazonaws.com", .port = 27017},
    {.part = ".redshift.amazonaws.com", .port = 5439},
    {.part = ".neptune.amazonaws.com", .port = 8182},
    {.part = ".es.amazonaws.com", .port = 443},
    {.part = ".aoss.amazonaws.com", .port = 443},
});

/// A variable with such a name holds a host where its value could be one.
constexpr std::array<std::string_view, 9> kHostNames = {"HOST",    "HOSTNAME", "ENDPOINT", "ADDRESS", "ADDR",
                                                        "BROKERS", "SERVER",   "SERVERS",  "DOMAIN"};
/// Their values are never looked into.
constexpr std::array<std::string_view, 5> kSecretNames = {"PASSWORD", "PASSWD", "SECRET", "TOKEN",
                                                          "CREDENTIAL"};

std::string upper_case(std::string_view text) {
  std::string out(text);
  for (char& c : out) c = upper(c);
  return out;
}

/// A name that a resolver outside the task can know: with a dot and letters at the end. Names of one label
/// are other containers or Service Connect's, which only the task itself resolves.
bool is_outside_name(std::string_view host) {
  const std::size_t dot = host.rfind('.');
  if (!is_host_name(host) || dot == std::string_view::npos || dot == 0) return false;
  const std::string_view last = host.substr(dot + 1);
  return last.size() >= 2 && std::all_of(last.begin(), last.end(), is_letter);
}

bool is_outside_address(std::string_view host) {
  const auto literal = IpAddress::parse(host);
  if (!literal) return false;
  const Scope scope = scope_of(*literal, {});
  return scope != Scope::loopback && scope != Scope::link_local;
}

std::optional<MentionedHost> host_of(std::string_view host, std::uint16_t port, std::string_view where) {
  if (port == 0 || is_open(host)) return std::nullopt;
  const bool outside =
      is_outside_address(host) || (is_outside_name(host) && lower_case(host) != "localhost.localdomain");
  if (!outside) return std::nullopt;
  return MentionedHost{lower_case(host), port, std::string(where)};
}

/// `HOST[:PORT]` or `[ADDRESS][:PORT]`.
std::optional<MentionedHost> host_and_port(std::string_view text, std::uint16_t port,
                                           std::string_view where) {
  std::string_view host = text;
  std::string_view rest;
  if (text.starts_with('[')) {
    const std::size_t close = text.find(']');
    if (close == std::string_view::npos) return std::nullopt;
    host = text.substr(1, close - 1);
    rest = text.substr(close + 1);
  } else {
    const std::size_t colon = std::min(text.find(':'), text.size());
    host = text.substr(0, colon);
    rest = text.substr(colon);
  }
  if (!rest.empty() && (rest[0] != ':' || !read_port(rest.substr(1), port))) return std::nullopt;
  return host_of(host, port, where);
}

std::uint16_t port_of_scheme(std::string_view scheme) {
  const std::string lower = lower_case(scheme);
  const std::string_view base = std::string_view(lower).substr(0, lower.find('+'));
  for (const std::string_view name : {std::string_view(lower), base}) {
    const auto row = std::find_if(kSchemePorts.begin(), kSchemePorts.end(),
                                  [&](const SchemePort& known) { return known.scheme == name; });
    if (row != kSchemePorts.end()) return row->port;
  }
  return 0;
}

/// The scheme that ends where `mark` begins.
std::string_view scheme_before(std::string_view text, std::size_t mark) {
  std::size_t begin = mark;
  const auto fits = [](char c) { return is_letter_or_digit(c) || c == '+' || c == '-' || c == '.'; };
  while (begin > 0 && fits(text[begin - 1])) --begin;
  return text.substr(begin, mark - begin);
}

/// The part between the scheme and the path, without user and password. A password may hold any character
/// but a space or a quote, so that the last `@` counts; in a path of HTTP an `@` is nothing special.
std::string_view authority_of(std::string_view rest, bool http) {
  rest = rest.substr(0, rest.find_first_of(" \t\r\n\"'<>`"));
  const std::size_t path = std::min(rest.find_first_of("/?#;"), rest.size());
  const std::size_t at = http ? rest.substr(0, path).rfind('@') : rest.rfind('@');
  if (at != std::string_view::npos) rest.remove_prefix(at + 1);
  return rest.substr(0, rest.find_first_of("/?#;"));
}

void add(std::vector<MentionedHost>& hosts, const std::optional<MentionedHost>& host) {
  if (host && hosts.size() < kMostHosts) add_once(hosts, {*host});
}

/// `SCHEME://HOST[:PORT],HOST…`, any number of them.
void add_urls(std::vector<MentionedHost>& hosts, std::string_view value, std::string_view where) {
  for (std::size_t mark = value.find(kSchemeMark); mark != std::string_view::npos;
       mark = value.find(kSchemeMark, mark + kSchemeMark.size())) {
    const std::string_view scheme = scheme_before(value, mark);
    const std::uint16_t port = port_of_scheme(scheme);
    std::string_view authority =
        authority_of(value.substr(mark + kSchemeMark.size()), lower_case(scheme).starts_with("http"));
    while (!authority.empty()) {
      const std::size_t comma = std::min(authority.find(','), authority.size());
      add(hosts, host_and_port(authority.substr(0, comma), port, where));
      authority.remove_prefix(std::min(comma + 1, authority.size()));
    }
  }
}

/// `jdbc:oracle:thin:@//HOST:PORT/NAME`, `jdbc:oracle:thin:@HOST:PORT:SID`.
void add_oracle(std::vector<MentionedHost>& hosts, std::string_view value, std::string_view where) {
  constexpr std::uint16_t port = 1521;
  const std::size_t at = value.find('@');
  if (!lower_case(value).starts_with("jdbc:oracle:") || at == std::string_view::npos) return;
  std::string_view rest = value.substr(at + 1);
  if (rest.starts_with("//")) rest.remove_prefix(2);
  rest = rest.substr(0, rest.find_first_of("/ ?"));
  const std::size_t sid = rest.find(':', std::min(rest.find(':'), rest.size() - 1) + 1);
  add(hosts, host_and_port(rest.substr(0, sid), port, where));
}

/// `HOST:PORT` between commas and spaces, as lists of brokers are written.
void add_pairs(std::vector<MentionedHost>& hosts, std::string_view value, std::string_view where) {
  constexpr std::string_view separators = " \t\r\n,;=\"'";
  while (!value.empty()) {
    const std::size_t end = std::min(value.find_first_of(separators), value.size());
    const std::string_view word = value.substr(0, end);
    const bool plain =
        word.find_first_of("/@") == std::string_view::npos && word.find(':') != std::string_view::npos;
    if (plain) add(hosts, host_and_port(word, 0, where));
    value.remove_prefix(std::min(end + 1, value.size()));
  }
}

bool ends_in(std::string_view name, std::string_view word) {
  return name == word ||
         (name.ends_with(word) && !name.empty() && name[name.size() - word.size() - 1] == '_');
}

std::uint16_t port_of_domain(const std::string& host) {
  for (const DomainPort& row : kDomainPorts) {
    if (host.find(row.part) != std::string::npos) return row.port;
  }
  const auto known = recognise_aws_name(host);
  return known ? known->service->port : 0;
}

/// A bare host under a name like DB_HOST, with the port that DB_PORT says.
void add_bare(std::vector<MentionedHost>& hosts, const std::string& name, const std::string& value,
              const std::map<std::string, std::string>& environment) {
  const std::string upper = upper_case(name);
  for (const std::string_view word : kHostNames) {
    if (!ends_in(upper, word)) continue;
    std::uint16_t port = 0;
    const std::string stem = name.substr(0, name.size() - word.size());
    for (const std::string& sibling : {stem + "PORT", stem + "port"}) {
      const auto said = environment.find(sibling);
      if (said != environment.end()) read_port(said->second, port);
    }
    if (port == 0) port = port_of_domain(lower_case(value));
    return add(hosts, host_of(value, port, name));
  }
}

bool is_secret(std::string_view name) {
  const std::string upper = upper_case(name);
  return std::any_of(kSecretNames.begin(), kSecretNames.end(),
                     [&](std::string_view word) { return upper.find(word) != std::string::npos; });
}

void add_all(std::vector<MentionedHost>& hosts, std::string_view value, std::string_view where) {
  if (value.size() > kLongestValue) value = value.substr(0, kLongestValue);
  add_urls(hosts, value, where);
  add_oracle(hosts, value, where);
  if (value.find(kSchemeMark) == std::string_view::npos) add_pairs(hosts, value, where);
}

}  // namespace

std::vector<MentionedHost> hosts_in_environment(const std::map<std::string, std::string>& environment) {
  std::vector<MentionedHost> hosts;
  for (const auto& [name, value] : environment) {
    if (is_secret(name)) continue;
    add_all(hosts, value, name);
    add_bare(hosts, name, value, environment);
  }
  return hosts;
}

std::vector<MentionedHost> hosts_in_process(const char* const* variables) {
  constexpr std::string_view own_options = "VPC_PROBE_";
  std::map<std::string, std::string> environment;
  for (; *variables != nullptr; ++variables) {
    const std::string_view text = *variables;
    const std::size_t equals = text.find('=');
    if (equals == std::string_view::npos || text.starts_with(own_options)) continue;
    environment[std::string(text.substr(0, equals))] = text.substr(equals + 1);
  }
  return hosts_in_environment(environment);
}

std::vector<MentionedHost> hosts_in_command(const std::vector<std::string>& command) {
  std::vector<MentionedHost> hosts;
  for (const std::string& word : command) add_all(hosts, word, "command");
  return hosts;
}

}  // namespace vpcprobe
