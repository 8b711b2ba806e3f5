#include "agent/calls/denial.h"

#include "agent/base/text_search.h"

namespace vpcprobe {
namespace {

/// The kinds of policy as AWS writes them, in lower case, and the finding each one is.
struct PolicyKind {
  std::string_view words;
  std::string_view name;
  std::string_view code;
};
constexpr PolicyKind kKinds[] = {
    {"vpc endpoint policy", "VPC endpoint policy", "denied-endpoint-policy"},
    {"identity-based policy", "identity-based policy", "denied-identity-policy"},
    {"resource-based policy", "resource-based policy", "denied-resource-policy"},
    {"role trust policy", "role trust policy", "denied-resource-policy"},
    {"service control policy", "service control policy", "denied-scp"},
    {"resource control policy", "resource control policy", "denied-rcp"},
    {"permissions boundary", "permissions boundary", "denied-boundary"},
    {"session policy", "session policy", "denied-session-policy"},
};

constexpr std::string_view kPerform = "not authorized to perform: ";
constexpr std::string_view kNoPolicy = "because no ";
constexpr std::string_view kExplicit = "explicit deny in a";

/// Words that mean a refusal without AWS's sentence around them.
constexpr std::string_view kBareDenials[] = {"accessdenied", "access denied", "not authorized to perform",
                                             "unauthorizedoperation", "authorizationerror"};

void name_policy(Denial& denial, std::string_view because) {
  for (const PolicyKind& kind : kKinds) {
    if (!because.starts_with(kind.words)) continue;
    denial.policy = kind.name;
    denial.code = kind.code;
    return;
  }
}

/// What follows the sentence's last words before the kind: "a", "an" and a space for an explicit deny.
void read_policy(Denial& denial, std::string_view lower) {
  if (const auto at = lower.find(kExplicit); at != std::string_view::npos) {
    denial.explicit_deny = true;
    lower.remove_prefix(at + kExplicit.size());
    if (lower.starts_with('n')) lower.remove_prefix(1);
    if (lower.starts_with(' ')) lower.remove_prefix(1);
    name_policy(denial, lower);
  } else if (const auto no = lower.find(kNoPolicy); no != std::string_view::npos) {
    name_policy(denial, lower.substr(no + kNoPolicy.size()));
  }
}

/// The word of `text` behind the place of `mark` in `lower`, up to a space, comma or quote; without S3's
/// quotes.
std::string word_after(std::string_view text, std::string_view lower, std::string_view mark) {
  std::string_view word = after(lower, mark, " ,\"'`<");
  if (word.empty()) word = after(lower, std::string(mark) + '"', " ,\"'`<");
  if (word.empty()) return {};
  const auto begin = static_cast<std::size_t>(word.data() - lower.data());
  std::string found(text.substr(begin, word.size()));
  while (!found.empty() && (found.back() == '.' || found.back() == ';')) found.pop_back();
  return found;
}

}  // namespace

std::optional<Denial> read_denial(std::string_view text) {
  const std::string line = on_one_line(text);
  const std::string lower = lower_case(line);
  bool denied = false;
  for (const std::string_view words : kBareDenials) denied = denied || lower.find(words) != std::string::npos;
  if (!denied) return std::nullopt;
  Denial denial;
  denial.code = "denied-unspecified";
  if (const auto at = lower.find(kPerform); at != std::string::npos) {
    const std::string_view sentence = std::string_view(lower).substr(at);
    const std::string_view written = std::string_view(line).substr(at);
    denial.principal = word_after(line, lower, "user: ");
    denial.action = word_after(written, sentence, kPerform);
    denial.resource = word_after(written, sentence, "on resource: ");
    read_policy(denial, sentence);
  }
  return denial;
}

std::string role_name_of(std::string_view principal) {
  constexpr std::string_view assumed = ":assumed-role/";
  if (const auto at = principal.find(assumed); at != std::string_view::npos) {
    const std::string_view rest = principal.substr(at + assumed.size());
    return std::string(rest.substr(0, rest.find('/')));
  }
  const bool role = principal.find(":role/") != std::string_view::npos;
  return role ? std::string(principal.substr(principal.rfind('/') + 1)) : std::string();
}

}  // namespace vpcprobe
