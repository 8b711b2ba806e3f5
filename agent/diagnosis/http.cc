// Stage 4: HTTP over TLS, and the clock, which its answers show.
#include <algorithm>
#include <cstdlib>

#include "agent/base/http_status.h"
#include "agent/diagnosis/call_findings.h"
#include "agent/diagnosis/findings.h"
#include "agent/diagnosis/texts.h"
#include "agent/diagnosis/words.h"

namespace vpcprobe {
namespace {

constexpr std::uint16_t https_port = 443;

constexpr std::chrono::seconds tolerated_skew =
    std::chrono::minutes(5);  // as far as SigV4 lets a clock be off

/// A TLS service that is not AWS, on a port of its own, need not speak HTTP.
bool must_speak_http(const Subject& subject) {
  return expects_aws_answer(subject.planned) || subject.planned.target.port == https_port;
}

AddressList with_http(const Subject& subject, std::initializer_list<HttpStatus> statuses) {
  AddressList found;
  for (const AddressReport* address : subject.addresses.all()) {
    const auto& http = address->seen.http;
    if (http && std::find(statuses.begin(), statuses.end(), http->status) != statuses.end())
      found.push_back(address);
  }
  return found;
}

std::string http_words(const HttpObservation& http) {
  const std::string after = " after " + duration_words(http.elapsed);
  switch (http.status) {
    case HttpStatus::timeout:
      return "no complete answer in " + duration_words(http.elapsed);
    case HttpStatus::reset:
      return "a reset" + after;
    case HttpStatus::closed:
      return "a close" + after;
    case HttpStatus::not_http:
      return "bytes that are not HTTP";
    case HttpStatus::too_large:
      return "headers without end";
    default:
      return "HTTP " + std::to_string(http.code) +
             (http.server.empty() ? "" : " from \"" + http.server + "\"");
  }
}

Finding http_finding(const Rule& rule, const Subject& subject, const AddressList& shown,
                     const std::string& observed) {
  const HttpObservation& http = *shown.front()->seen.http;
  Finding finding = about(rule, subject, shown, observed);
  add_evidence(finding, "http_status", std::string(to_string(http.status)));
  add_evidence(finding, "code", static_cast<std::int64_t>(http.code));
  add_evidence(finding, "server", http.server);
  add_evidence(finding, "private_answer", is_inside(shown.front()->scope));
  return finding;
}

/// A signed call that got no answer where an unsigned one did.
const CallObservation* unanswered_call(const EndpointReport& seen) {
  const auto found = std::find_if(seen.calls.begin(), seen.calls.end(), [](const CallObservation& call) {
    return call.status != CallStatus::answered && call.status != CallStatus::cancelled;
  });
  return found == seen.calls.end() ? nullptr : &*found;
}

Finding silent_call(const Rule& rule, const Subject& subject, const CallObservation& call) {
  Finding finding =
      about(rule, subject, {},
            call.peer.address.to_string() + " answers an unsigned question, and to the signed " +
                call.operation + " comes no whole answer in " + duration_words(call.elapsed));
  finding.addresses = {call.peer.address.to_string()};
  add_evidence(finding, "http_status", std::string(to_string(call.status)));
  add_evidence(finding, "signed", true);
  return finding;
}

/// AWS's word that the time in a signed request is wrong.
Findings clock_rejected(const Case& scene, const Rule& rule) {
  Findings rejected = check_calls(scene, rule);
  if (rejected.empty()) return {};
  rejected.resize(1);
  rejected.front().endpoint.clear();
  add_evidence(rejected.front(), "offset", std::string("AWS rejects the time of a signed request"));
  return rejected;
}

Findings check_http_silent(const Case& scene, const Rule& rule) {
  Findings findings;
  for (const Subject& subject : subjects_of(scene)) {
    if (!must_speak_http(subject)) continue;
    const AddressList mute =
        with_http(subject, {HttpStatus::timeout, HttpStatus::reset, HttpStatus::closed, HttpStatus::failed});
    if (mute.empty()) {
      if (const CallObservation* call = unanswered_call(subject.seen))
        findings.push_back(silent_call(rule, subject, *call));
      continue;
    }
    findings.push_back(http_finding(rule, subject, mute,
                                    "TLS with " + address_words(mute) + " stands; to " +
                                        subject.planned.target.method + " " + subject.planned.target.path +
                                        " comes " + http_words(*mute.front()->seen.http)));
  }
  return findings;
}

Findings check_http_not_aws(const Case& scene, const Rule& rule) {
  Findings findings;
  for (const Subject& subject : subjects_of(scene)) {
    if (!expects_aws_answer(subject.planned)) continue;
    const AddressList foreign =
        with_http(subject, {HttpStatus::not_aws, HttpStatus::not_http, HttpStatus::too_large});
    if (foreign.empty()) continue;
    Finding finding =
        http_finding(rule, subject, foreign,
                     address_words(foreign) + " answers " + http_words(*foreign.front()->seen.http) +
                         ", without an AWS request id");
    add_evidence(finding, "wants_proxy_login",
                 foreign.front()->seen.http->code == http_status::proxy_authentication_required);
    findings.push_back(std::move(finding));
  }
  return findings;
}

Findings check_clock_skewed(const Case& scene, const Rule& rule) {
  std::vector<std::chrono::seconds> offsets;
  for (const EndpointReport& endpoint : scene.endpoints) {
    for (const AddressReport& address : endpoint.addresses) {
      const auto& http = address.seen.http;
      // Only AWS's clock is taken for the right one.
      if (http && http->status == HttpStatus::aws && http->clock_offset)
        offsets.push_back(*http->clock_offset);
    }
  }
  if (offsets.empty()) return clock_rejected(scene, rule);
  const auto middle = offsets.begin() + static_cast<std::ptrdiff_t>(offsets.size() / 2);
  std::nth_element(offsets.begin(), middle, offsets.end());
  if (std::chrono::abs(*middle) <= tolerated_skew) return clock_rejected(scene, rule);
  const std::string off =
      std::to_string(std::abs(middle->count())) + " s " + (middle->count() > 0 ? "slow" : "fast");
  Finding finding = about_all(
      rule, {}, {},
      "the local clock is " + off + " against the Date of " + count_words(offsets.size(), "AWS answer"));
  add_evidence(finding, "offset", off);
  add_evidence(finding, "offset_s", static_cast<std::int64_t>(middle->count()));
  add_evidence(finding, "clock_status", scene.context.clock_status);
  return {finding};
}

// What the conditions below name, besides what an endpoint is.
constexpr std::string_view kEvidence[] = {"private_answer", "signed", "wants_proxy_login"};

constexpr Rule kRows[] = {
    {
        .code = "http-silent",
        .meaning = "TLS stands, but no complete HTTP answer comes: silence, a reset or a close",
        .title = "{name}: TLS stands, but no HTTP answer comes",
        .stage = 4,
        .check = check_http_silent,
        .one_fault_if_same = "http_status",
        .ecs_reason = "net/http: request canceled (Client.Timeout exceeded while awaiting headers)",
        .causes = {{{"mtu-black-hole", mtu_black_hole},
                    {"firewall-drops-http",
                     "a firewall or proxy on the path swallows the request or the answer"},
                    {"server-does-not-answer", "the server does not answer this question", "custom"},
                    {"large-packets-lost",
                     "a signed request is larger than an unsigned one by its session token, 1 KiB and more: "
                     "packets of that size get lost",
                     "signed"},
                    {"service-disturbed", "the service itself is disturbed: see the AWS Health Dashboard",
                     "!custom"}}},
        .fix = {{{through_a_tunnel, show_routes, true}, {lower_mtu}}},
    },
    {
        .code = "http-not-aws",
        .meaning = "an HTTP answer without any AWS request id, or something that is not HTTP",
        .title = "{name}: something else than AWS answers",
        .stage = 4,
        .check = check_http_not_aws,
        .one_fault_if_same = "http_status code server",
        .ecs_reason = "unexpected status code {code}",
        .causes = {{{"proxy-wants-login", "a proxy on the path wants a login", "wants_proxy_login"},
                    {"proxy-answers-for-aws", "a proxy, filter or load balancer answers instead of AWS"},
                    {"name-leads-elsewhere", leads_elsewhere}}},
        .fix = {{{"Show which resources have these addresses", show_interfaces, true, "private_answer"},
                 {through_a_proxy, show_routes, true},
                 {"List the private hosted zones of the VPC", show_hosted_zones, true}}},
    },
    {
        .code = "clock-skewed",
        .meaning = "the local clock is more than 5 minutes off AWS's: signed requests are rejected",
        .title = "The local clock is wrong: {offset}",
        .stage = 5,
        .task_wide = true,
        .check = check_clock_skewed,
        .ecs_reason = "SignatureDoesNotMatch or RequestTimeTooSkewed",
        .causes = {{{"host-clock-not-synchronised",
                     "the host's clock is not synchronised (on EC2: chrony does not reach 169.254.169.123)"},
                    {"clock-changed-in-container",
                     "something in the container changes the clock it sees (libfaketime, a VM's clock)"}}},
        .fix = {{{compare_clocks},
                 {"On EC2, see whether chrony is synchronised: chronyc tracking", "", true},
                 {"On Fargate, stop the task and start another: it lands on another host"}}},
    },
};
static_assert(conditions_exist(kRows, kEvidence), "a cause or fix names a condition that no check sets");
static_assert(rows_are_complete(kRows), "a row lacks a code, a text, a cause or a fix");

}  // namespace

std::span<const Rule> http_rules() { return kRows; }

}  // namespace vpcprobe
