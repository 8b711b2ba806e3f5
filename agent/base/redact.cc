#include "agent/base/redact.h"

#include <algorithm>

#include "agent/base/text_search.h"

namespace vpcprobe {
namespace {

constexpr std::string_view kGone = "…";
constexpr std::string_view kWordEnds = " \"'`<>()[]{}\\,";

/// What is followed by a secret, up to the end of the word.
constexpr std::string_view kMarks[] = {
    "x-amz-",          "awsaccesskeyid=",   "signature=",   "token=",        "password=", "secret=",
    "secretaccesskey", "secret_access_key", "sessiontoken", "session_token", "bearer ",   "basic "};

/// Where the value behind a mark begins: past its name and the sign that joins them.
std::size_t value_at(std::string_view text, std::size_t at) {
  while (at < text.size() && kWordEnds.find(text[at]) == std::string_view::npos && text[at] != '=' &&
         text[at] != ':')
    ++at;
  while (at < text.size() && std::string_view("=: \"").find(text[at]) != std::string_view::npos) ++at;
  return at;
}

/// End of the word that begins at `at`.
std::size_t word_end(std::string_view text, std::size_t at) {
  return std::min(text.find_first_of(kWordEnds, at), text.size());
}

/// A URL's "user:password@" and all behind its '?'.
void add_url(std::string& out, std::string_view url) {
  const std::size_t host = url.find("://") + 3;
  const std::size_t path = std::min(url.find_first_of("/?", host), url.size());
  const std::size_t user = url.substr(0, path).rfind('@');
  const std::size_t query = std::min(url.find('?', host), url.size());
  out.append(url.substr(0, host));
  const std::size_t rest = user == std::string_view::npos || user < host ? host : user;
  if (rest > host) out.append(kGone);
  out.append(url.substr(rest, query - rest));
  if (query < url.size()) out.append("?").append(kGone);
}

std::string without_queries(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  while (!text.empty()) {
    const std::size_t scheme = text.find("://");
    if (scheme == std::string_view::npos) break;
    std::size_t begin = scheme;
    while (begin > 0 && kWordEnds.find(text[begin - 1]) == std::string_view::npos) --begin;
    const std::size_t end = word_end(text, scheme);
    out.append(text.substr(0, begin));
    add_url(out, text.substr(begin, end - begin));
    text.remove_prefix(end);
  }
  return out.append(text);
}

}  // namespace

std::string without(std::string text, std::string_view secret) {
  if (secret.empty()) return text;
  for (std::size_t at = text.find(secret); at != std::string::npos; at = text.find(secret, at))
    text.replace(at, secret.size(), kGone);
  return text;
}

std::string without_secrets(std::string_view text, std::size_t longest) {
  const bool cut = text.size() > longest;
  std::string clean = without_queries(text.substr(0, longest));
  for (const std::string_view mark : kMarks) {
    const std::string lower = lower_case(clean);
    std::string out;
    std::size_t from = 0;
    for (std::size_t at = lower.find(mark); at != std::string::npos; at = lower.find(mark, from)) {
      const bool whole = mark.back() == '=' || mark.back() == ' ';
      const std::size_t value = whole ? at + mark.size() : value_at(clean, at + mark.size());
      const std::size_t end = std::min(clean.find_first_of(" \"'`<>&,;", value), clean.size());
      out.append(clean, from, value - from);
      if (end > value) out.append(kGone);
      from = end;
    }
    clean = out.append(clean, from);
  }
  return cut ? clean.append(" ").append(kGone) : clean;
}

}  // namespace vpcprobe
