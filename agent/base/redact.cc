#include "agent/base/redact.h"

#include <algorithm>

#include "agent/base/ascii.h"
#include "agent/base/printable.h"
#include "agent/base/text_search.h"

namespace vpcprobe {
namespace {

constexpr std::string_view kGone = "…";
constexpr std::string_view kWordEnds = " \"'`<>()[]{}\\,";

/// What stands before a secret: "password=…", "SessionToken: …", "Authorization: Bearer …".
struct Mark {
  std::string_view text;
  enum { joined, named, scheme } kind;  ///< the sign is in it; a name before '=' or ':'; a word before it
};
constexpr Mark kMarks[] = {
    {"x-amz-", Mark::named},          {"awsaccesskeyid=", Mark::joined},  {"signature=", Mark::joined},
    {"token=", Mark::joined},         {"password=", Mark::joined},        {"secret=", Mark::joined},
    {"secretaccesskey", Mark::named}, {"secret_access_key", Mark::named}, {"sessiontoken", Mark::named},
    {"session_token", Mark::named},   {"bearer ", Mark::scheme},          {"basic ", Mark::scheme}};

/// What follows "basic" and "bearer" in a sentence, and is no credential: "no basic auth credentials".
constexpr std::string_view kAfterScheme[] = {
    "auth",  "authentication", "authorization", "credential", "credentials", "header", "scheme",
    "token", "tokens",         "was",           "is",         "or",          "and",    "challenge"};

/// Common words of error texts. A value that equals one of them is a placeholder, not a secret; the text
/// would be unreadable without it.
constexpr std::string_view kNouns[] = {"secret", "secrets", "token",   "password", "key",
                                       "keys",   "access",  "session", "user",     "login",
                                       "public", "private", "none",    "null",     "example"};

template <std::size_t N>
bool is_one_of(std::string_view word, const std::string_view (&words)[N]) {
  return std::find(std::begin(words), std::end(words), lower_case(word)) != std::end(words);
}

bool is_word_byte(char c) { return is_letter_or_digit(c) || c == '_'; }

bool stands_alone(std::string_view text, std::size_t at, std::size_t size) {
  const bool before = at > 0 && is_word_byte(text[at - 1]);
  const bool after = at + size < text.size() && is_word_byte(text[at + size]);
  return !before && !after;
}

/// A word that no sentence has: long, of mixed letters and digits, as keys and tokens are.
bool looks_generated(std::string_view word) {
  constexpr std::size_t shortest = 16;
  const auto has = [&](char first, char last) {
    return std::any_of(word.begin(), word.end(), [=](char c) { return c >= first && c <= last; });
  };
  return word.size() >= shortest && has('0', '9') && (has('a', 'z') || has('A', 'Z'));
}

/// Where the value of a named secret begins: past its name and the sign that joins them. The end of the text
/// if what follows the name is only the rest of a sentence: "the SessionToken is not valid".
std::size_t value_at(std::string_view text, std::size_t at) {
  while (at < text.size() && kWordEnds.find(text[at]) == std::string_view::npos && text[at] != '=' &&
         text[at] != ':')
    ++at;
  bool joined = false;
  for (; at < text.size() && std::string_view("=: \"").find(text[at]) != std::string_view::npos; ++at)
    joined |= text[at] == '=' || text[at] == ':';
  const std::size_t end = std::min(text.find_first_of(kWordEnds, at), text.size());
  return joined || looks_generated(text.substr(at, end - at)) ? at : text.size();
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
  constexpr std::size_t never_by_chance = 16;  // a shorter value may be a part of a word
  if (secret.empty() || is_one_of(secret, kNouns)) return text;
  std::size_t at = text.find(secret);
  while (at != std::string::npos) {
    if (secret.size() >= never_by_chance || stands_alone(text, at, secret.size())) {
      text.replace(at, secret.size(), kGone);
      at += kGone.size();
    } else {
      ++at;
    }
    at = text.find(secret, at);
  }
  return text;
}

namespace {

/// `text` without the values behind one kind of mark.
std::string without_marked(std::string_view text, const Mark& mark) {
  const std::string lower = lower_case(text);
  std::string out;
  std::size_t from = 0;
  for (std::size_t at = lower.find(mark.text); at != std::string::npos; at = lower.find(mark.text, from)) {
    const std::size_t behind = at + mark.text.size();
    std::size_t value = mark.kind == Mark::named ? value_at(text, behind) : behind;
    std::size_t end = std::min(text.find_first_of(" \"'`<>&,;", value), text.size());
    const std::string_view word =
        text.substr(value, std::min(text.find_first_of(" .,:;", value), end) - value);
    const bool in_sentence = mark.kind == Mark::scheme && is_one_of(word, kAfterScheme);
    if (value == text.size() || in_sentence) value = end = behind;
    out.append(text, from, value - from);
    if (end > value) out.append(kGone);
    from = end;
  }
  return out.append(text.substr(from));
}

}  // namespace

std::string without_secrets(std::string_view text, std::size_t longest) {
  const bool cut = text.size() > longest;
  std::string clean = without_queries(text.substr(0, longest));
  for (const Mark& mark : kMarks) clean = without_marked(clean, mark);
  return cut ? clean.append(" ").append(kGone) : clean;
}

std::string safe_line(std::string_view text, std::size_t longest) {
  return printable(without_secrets(text, longest), true);
}

}  // namespace vpcprobe
