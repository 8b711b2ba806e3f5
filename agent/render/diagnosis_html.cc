// The diagnosis as a page of its own: each path hop by hop, with the rule that blocks it.
#include <array>

#include "agent/base/redact.h"
#include "agent/base/words.h"
#include "agent/render/diagnosis.h"
#include "agent/render/html_writer.h"
#include "version.h"

namespace vpcprobe {
namespace {

constexpr std::size_t kMostPaths = 200;
constexpr std::size_t kLongestMessage = 4096;  // of ECS, in bytes

/// A path: its hops below each other, joined by a line that breaks where one denies.
constexpr std::string_view kStyle = R"css(
.hops{list-style:none;padding:0;margin:.4rem 0 0}
.hops>li{position:relative;padding:.1rem 0 .5rem 2.2rem}.hops>li::before{content:"";position:absolute;left:.62rem;top:0;
bottom:0;border-left:4px solid currentColor}.hops>.closed::before{border-left-style:dashed}
.hops>.beyond::before{border-left:3px dotted}
.hops .mark{position:absolute;left:0;top:.1rem;min-width:0;width:1.4rem;height:1.4rem;line-height:1.1rem;text-align:center;
background:var(--card);border:2px solid;border-radius:50%;font-size:.8rem}.hops b,.hops code{color:var(--ink)}
)css";

constexpr std::array<Look, 3> kHops{
    {{"open", "✓", "allows"}, {"closed", "✗", "denies"}, {"beyond", "?", "unknown"}}};
constexpr std::array<Look, 4> kVerdicts{{{"open", "✓", "pass"},
                                         {"careful", "!", "warning"},
                                         {"closed", "✗", "fail"},
                                         {"beyond", "?", "incomplete"}}};
constexpr std::array<Look, 4> kReaches{{{"open", "✓", "reachable"},
                                        {"closed", "✗", "unreachable"},
                                        {"careful", "!", "ambiguous"},
                                        {"beyond", "?", "undetermined"}}};

void write_fixes(Html& html, const std::vector<Change>& fixes) {
  if (fixes.empty()) return;
  html.element("h4", "Fix");
  for (const Change& change : fixes) {
    if (!change.text.empty()) html.element("p", change.text);
    if (!change.command.empty())
      html.raw("<pre tabindex=\"0\" role=\"region\" aria-label=\"Command\"><code>")
          .text(change.command)
          .raw("</code></pre>");
  }
}

void write_culprit(Html& html, const Culprit& culprit) {
  const Look& look = look_of(kHops, HopVerdict::denies);
  const bool has_name = !culprit.resource.name.empty() && culprit.resource.name != culprit.resource.id;
  html.raw("<section class=\"finding closed\"><h3>").mark(look);
  html.text(spaced(culprit.resource.type) + " ").raw("<code>").text(culprit.resource.id).raw("</code>");
  html.text(has_name ? " (" + culprit.resource.name + ")" : "").raw("</h3>");
  html.raw("<p><code>")
      .text(culprit.finding)
      .raw("</code> ")
      .text(enumerate(culprit.endpoints, 8))
      .raw("</p>");
  html.element("h4", "Cause").element("p", culprit.rule);
  if (!culprit.why.empty()) html.element("p", culprit.why);
  write_fixes(html, culprit.fixes);
  html.raw("</section>");
}

void write_contradiction(Html& html, const Contradiction& one) {
  html.raw("<section class=\"finding careful\"><h3>").text(one.endpoint.empty() ? "The task" : one.endpoint);
  html.raw("</h3><p><code>").text(one.code).raw("</code></p>").element("p", one.why);
  if (!one.addresses.empty()) html.element("p class=\"quiet\"", enumerate(one.addresses, 8));
  html.raw("</section>");
}

/// One row of steps; a hop that denies breaks the line.
void write_hops(Html& html, const JudgedPath& path) {
  html.raw("<ol class=\"hops\">");
  for (const PathHop& hop : path.hops) {
    const Look& look = look_of(kHops, hop.verdict);
    html.raw("<li class=\"").raw(look.name).raw("\">").mark(look);
    html.raw("<span class=\"hidden\">").raw(look.words).raw(": </span>");
    html.element("b", to_string(hop.kind))
        .raw(" <code>")
        .text(hop.id)
        .raw("</code><br>")
        .element("small", hop.by);
    html.raw("</li>");
  }
  html.raw("</ol>");
}

void write_path(Html& html, const JudgedPath& path) {
  const Look& look = look_of(kReaches, path.reach);
  html.raw("<article class=\"endpoint\"><h3>").mark(look).text(path.endpoint + " " + path.address);
  html.raw("</h3><p class=\"quiet\">By configuration: ").raw(look.words);
  if (!path.measured.empty()) html.text(", measured: " + path.measured);
  if (!path.subnet.empty()) html.raw("<br>").text("From " + path.subnet);
  html.raw("</p>");
  write_hops(html, path);
  html.raw("</article>");
}

void write_paths(Html& html, const Diagnosis& diagnosis) {
  html.element("h2", "The path to each address");
  std::size_t written = 0;
  for (const bool closed : {true, false}) {
    for (const JudgedPath& path : diagnosis.paths) {
      const bool is_closed = path.reach != Reachability::reachable;
      if (is_closed == closed && written++ < kMostPaths) write_path(html, path);
    }
  }
  if (written > kMostPaths)
    html.element("p class=\"quiet\"", count_words(written - kMostPaths, "path") + " more in the JSON");
}

void write_facts(Html& html, const Diagnosis& diagnosis) {
  const Who& who = diagnosis.who;
  const std::array<std::pair<const char*, std::string>, 5> facts{{
      {"Region", who.region},
      {"VPC", who.vpc},
      {"Subnets", enumerate(who.subnets, 4)},
      {"Security groups", who.groups ? enumerate(*who.groups, 5) : "not known"},
      {"Measured", diagnosis.measured ? "yes" : "no: a prediction from the configuration"},
  }};
  html.raw("<dl>");
  for (const auto& [name, value] : facts)
    if (!value.empty()) html.raw("<div>").element("dt", name).element("dd", value).raw("</div>");
  html.raw("</dl>");
}

template <typename T, typename Words>
void write_texts(Html& html, std::string_view title, const std::vector<T>& list, Words words) {
  if (list.empty()) return;
  html.element("h2", title).raw("<ul>");
  for (const T& item : list) html.element("li", words(item));
  html.raw("</ul>");
}

/// What ECS says of the task that stopped, and what it means.
void write_explanation(Html& html, const Diagnosis& diagnosis) {
  if (!diagnosis.explanation || diagnosis.explanation->messages.empty()) return;
  html.element("h2", "What ECS says");
  for (const ExplainedMessage& message : diagnosis.explanation->messages) {
    html.element("p", without_secrets(message.said.text, kLongestMessage));
    if (!message.meaning.empty()) html.element("p class=\"quiet\"", message.meaning);
  }
}

}  // namespace

std::string diagnosis_html(const Diagnosis& diagnosis) {
  const Look& verdict = look_of(kVerdicts, diagnosis.verdict);
  Html html;
  begin_page(html, diagnosis.summary, kStyle);
  html.raw("<header><h1><span class=\"verdict ")
      .raw(verdict.name)
      .raw("\">")
      .raw(verdict.words)
      .raw("</span> ");
  html.text("exit " + std::to_string(diagnosis.exit_code)).raw("</h1>");
  html.element("p class=\"summary\"", diagnosis.summary);
  write_facts(html, diagnosis);
  html.raw("</header>");
  for (const Culprit& culprit : diagnosis.culprits) write_culprit(html, culprit);
  for (const Contradiction& one : diagnosis.disagreements) write_contradiction(html, one);
  write_texts(html, "Not explained", diagnosis.unexplained,
              [](const Unexplained& one) { return one.finding + " " + one.endpoint + ": " + one.why; });
  write_explanation(html, diagnosis);
  write_paths(html, diagnosis);
  write_texts(html, "Not seen", diagnosis.not_seen,
              [](const NotSeen& part) { return part.what + ": " + part.why; });
  end_page(html, VPC_PROBE_VERSION);
  return std::move(html).take();
}

}  // namespace vpcprobe
