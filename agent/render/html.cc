// The report as a page of its own: nothing is loaded, nothing is run. For a browser, a phone, a screen
// reader.
#include "agent/render/html.h"

#include <algorithm>
#include <array>

#include "agent/base/json_writer.h"
#include "agent/base/printable.h"
#include "agent/base/words.h"
#include "agent/diagnosis/history.h"
#include "agent/diagnosis/words.h"
#include "agent/render/calls.h"
#include "agent/render/endpoint_path.h"
#include "agent/render/html_writer.h"
#include "agent/render/permissions.h"
#include "agent/render/render.h"

namespace vpcprobe {
namespace {

constexpr std::size_t kMostBranches = 8;

constexpr std::array<Look, 3> kSteps{
    {{"open", "✓", "works"}, {"closed", "✗", "breaks here"}, {"beyond", "–", "not known"}}};
constexpr std::array<Look, 4> kVerdicts{{{"open", "✓", "pass"},
                                         {"careful", "!", "warning"},
                                         {"closed", "✗", "fail"},
                                         {"beyond", "?", "incomplete"}}};
constexpr std::array<Look, 3> kSeverities{
    {{"beyond", "·", "note"}, {"careful", "!", "warning"}, {"closed", "✗", "error"}}};

std::string time_text(WallTime time) {
  std::string quoted;
  JsonWriter(quoted).value(time);
  return quoted.substr(1, 10) + " " + quoted.substr(12, 8) + " UTC";
}

std::string place_of(const Report& report) {
  std::string place = enumerate(report.context.subnet_cidrs, 2);
  if (place.empty()) place = enumerate(report.context.source_addresses, 2);
  if (place.empty()) place = report.context.region;
  if (!report.context.availability_zone.empty()) place += " · " + report.context.availability_zone;
  return place;
}

void write_step(Html& html, const Step& step) {
  const Look& look = look_of(kSteps, step.state);
  html.raw("<li class=\"step ").raw(look.name).raw("\">").mark(look);
  html.raw("<span class=\"hidden\">").raw(look.words).raw(": </span>");
  html.element("b", step.what).raw(" ").element("small", step.detail).raw("</li>");
}

void write_path(Html& html, const EndpointPath& path) {
  html.raw("<div class=\"path\"><ol class=\"trunk\">");
  write_step(html, path.task);
  write_step(html, path.resolver);
  html.raw("</ol><ul class=\"branches\">");
  for (const auto& branch : path.branches) {
    html.raw("<li><ol>");
    for (const Step& step : branch) write_step(html, step);
    html.raw("</ol></li>");
  }
  html.raw("</ul></div>");
  if (path.left_out > 0)
    html.element("p class=\"quiet\"",
                 count_words(path.left_out, "address") + " more in the JSON, none of them worse");
}

void write_list(Html& html, std::string_view title, const std::vector<std::string>& lines,
                std::string_view tag) {
  if (lines.empty()) return;
  html.element("h4", title).raw("<").raw(tag).raw(">");
  for (const std::string& line : lines) html.element("li", line);
  html.raw("</").raw(tag).raw(">");
}

void write_fixes(Html& html, const Finding& finding, bool is_check) {
  const bool any = std::any_of(finding.fix.begin(), finding.fix.end(),
                               [&](const Fix& fix) { return fix.is_check == is_check; });
  if (!any) return;
  html.element("h4", is_check ? "Check" : "Fix");
  for (const Fix& fix : finding.fix) {
    if (fix.is_check != is_check) continue;
    if (!fix.text.empty()) html.element("p", fix.text);
    if (!fix.command.empty())
      html.raw("<pre tabindex=\"0\" role=\"region\" aria-label=\"Command\"><code>")
          .text(fix.command)
          .raw("</code></pre>");
  }
}

void write_finding(Html& html, const Finding& finding) {
  const Look& look = look_of(kSeverities, finding.severity);
  html.raw("<section class=\"finding ").raw(look.name).raw("\"><h3>").mark(look);
  html.raw("<span class=\"hidden\">").raw(look.words).raw(": </span>").text(finding.title).raw("</h3>");
  html.raw("<p><code>").text(finding.code).raw("</code></p>");
  if (!finding.observed.empty()) html.element("h4", "Seen").element("p", finding.observed);
  write_list(html, "Cause", texts_of(finding.causes), "ol");
  write_list(html, "What ECS says", finding.ecs_errors, "ul");
  write_fixes(html, finding, true);
  write_fixes(html, finding, false);
  html.raw("</section>");
}

std::string id_of(std::size_t report, std::size_t endpoint) {
  return "r" + std::to_string(report) + "e" + std::to_string(endpoint);
}

/// Roots worth a place beside a picture.
bool is_shown(const Finding& finding) {
  return finding.masked_by.empty() && finding.severity != Severity::note;
}

/// The finding that stands above all else.
const Finding* root_of(const Report& report) {
  const auto root = std::find_if(report.findings.begin(), report.findings.end(), is_shown);
  return root == report.findings.end() ? nullptr : &*root;
}

void write_endpoint(Html& html, const Report& report, const EndpointReport& endpoint, const std::string& id) {
  const Look& look = look_of(kSteps, state_of(report, endpoint));
  html.raw("<article id=\"").raw(id).raw("\" class=\"endpoint\"><h3>").mark(look).text(endpoint.id);
  html.raw("<span class=\"hidden\">: ").raw(look.words).raw("</span></h3><p class=\"quiet\">");
  html.text(endpoint.host + ":" + std::to_string(endpoint.port)).raw("<br>");
  html.text("Path: " + spaced(to_string(endpoint.path)));
  if (!endpoint.required_by.empty()) html.raw("<br>").text("Needed: " + enumerate(endpoint.required_by, 4));
  html.raw("</p><div class=\"beside\">");
  write_path(html, path_of(report, endpoint, kMostBranches));
  std::vector<std::string> asked;
  for (const CallObservation& call : endpoint.calls) asked.push_back(call_words(call));
  write_list(html, "Asked with a signature", asked, "ul");
  std::vector<std::string> pulled;
  for (const ImageReport& image : report.images) {
    if (image.endpoint == endpoint.id)
      pulled.push_back(image.image + " for " + image.platform + ": " + pull_words(image));
  }
  write_list(html, "Pulled from it", pulled, "ul");
  for (const Finding& finding : report.findings)
    if (is_shown(finding) && finding.endpoint == endpoint.id && &finding != root_of(report))
      write_finding(html, finding);
  html.raw("</div></article>");
}

void write_facts(Html& html, const Report& report) {
  const ReportContext& context = report.context;
  const std::array<std::pair<const char*, std::string>, 8> facts{{
      {"When", time_text(report.started_at) + ", took " + duration_words(report.duration)},
      {"Region", context.region},
      {"Zone", context.availability_zone},
      {"Subnet", enumerate(context.subnet_cidrs, 4)},
      {"Address", enumerate(context.source_addresses, 4)},
      {"Resolvers", enumerate(context.resolvers, 4)},
      {"Task", context.task_arn},
      {"Before", report.history ? change_words(*report.history) : std::string()},
  }};
  html.raw("<dl>");
  for (const auto& [name, value] : facts)
    if (!value.empty()) html.raw("<div>").element("dt", name).element("dd", value).raw("</div>");
  html.raw("</dl>");
}

/// An endpoint with nothing to be said of it.
bool is_folded(const Report& report, const EndpointReport& endpoint) {
  return state_of(report, endpoint) == StepState::open &&
         std::none_of(report.findings.begin(), report.findings.end(), [&](const Finding& finding) {
           return is_shown(finding) && finding.endpoint == endpoint.id;
         });
}

std::string fold_id_of(std::size_t report) { return "r" + std::to_string(report) + "open"; }

/// Those that answer, behind one line; open where there is nothing else to look at.
void write_folded(Html& html, const Report& report, std::size_t number, bool open) {
  std::vector<std::string> ids;
  for (const EndpointReport& endpoint : report.endpoints)
    if (is_folded(report, endpoint)) ids.push_back(endpoint.id);
  if (ids.empty()) return;
  html.raw("<details id=\"").raw(fold_id_of(number)).raw(open ? "\" open>" : "\">");
  const std::string verb = ids.size() == 1 ? " answers: " : " answer: ";
  html.element("summary", count_words(ids.size(), "endpoint") + verb + enumerate(ids, 12));
  for (std::size_t i = 0; i < report.endpoints.size(); ++i)
    if (is_folded(report, report.endpoints[i]))
      write_endpoint(html, report, report.endpoints[i], id_of(number, i));
  html.raw("</details>");
}

/// Broken ones first, those that answer last.
void write_endpoints(Html& html, const Report& report, std::size_t number) {
  html.element("h2", "The path to each endpoint");
  bool all_folded = true;
  for (const bool broken : {true, false}) {
    for (std::size_t i = 0; i < report.endpoints.size(); ++i) {
      const EndpointReport& endpoint = report.endpoints[i];
      const bool is_broken = state_of(report, endpoint) == StepState::closed;
      if (is_folded(report, endpoint) || is_broken != broken) continue;
      write_endpoint(html, report, endpoint, id_of(number, i));
      all_folded = false;
    }
  }
  write_folded(html, report, number, all_folded && root_of(report) == nullptr);
}

void write_report(Html& html, const Report& report, std::size_t number, bool only) {
  const Look& verdict = look_of(kVerdicts, report.verdict);
  const char* heading = only ? "h1" : "h2";
  html.raw("<section class=\"report\" id=\"r")
      .raw(std::to_string(number))
      .raw("\"><header><")
      .raw(heading)
      .raw(">");
  html.raw("<span class=\"verdict ").raw(verdict.name).raw("\">").raw(verdict.words).raw("</span> ");
  html.text("exit " + std::to_string(report.exit_code) + (only ? "" : " · " + place_of(report)));
  html.raw("</").raw(heading).raw(">").element("p class=\"summary\"", report.summary);
  write_facts(html, report);
  html.raw("</header>");
  const Finding* root = root_of(report);
  if (root != nullptr) write_finding(html, *root);
  for (const Finding& finding : report.findings)
    if (is_shown(finding) && finding.endpoint.empty() && &finding != root) write_finding(html, finding);
  write_endpoints(html, report, number);
  std::vector<std::string> notes;
  for (const Finding& finding : report.findings)
    if (finding.severity == Severity::note && finding.masked_by.empty()) notes.push_back(finding.title);
  if (!notes.empty()) html.element("h2", "Worth knowing");
  if (!notes.empty()) html.raw("<ul>");
  for (const std::string& note : notes) html.element("li", note);
  if (!notes.empty()) html.raw("</ul>");
  html.element("p class=\"quiet\"", permission_words(report));
  html.raw("</section>");
}

void write_cell(Html& html, const Report& report, std::size_t number, const std::string& column) {
  for (std::size_t i = 0; i < report.endpoints.size(); ++i) {
    if (report.endpoints[i].id != column) continue;
    const Look& look = look_of(kSteps, state_of(report, report.endpoints[i]));
    // A browser need not open what a link into it leads to.
    const std::string to = is_folded(report, report.endpoints[i]) ? fold_id_of(number) : id_of(number, i);
    html.raw("<td class=\"").raw(look.name).raw("\"><a href=\"#").raw(to).raw("\">").mark(look);
    html.raw(look.words).raw("</a></td>");
    return;
  }
  html.raw("<td>not probed</td>");
}

/// Rows subnets and times, columns services.
void write_matrix(Html& html, const std::vector<Report>& reports) {
  const std::vector<std::string> columns = endpoint_ids(reports);
  html.element("h1", std::to_string(reports.size()) + " reports");
  html.raw(
          "<div class=\"wide\" tabindex=\"0\" role=\"region\" aria-label=\"Subnets and "
          "services\"><table><caption>")
      .raw("Which subnet reaches which service</caption><thead><tr><th scope=\"col\">Subnet</th>")
      .raw("<th scope=\"col\">Verdict</th>");
  for (const std::string& column : columns) html.element("th scope=\"col\"", column);
  html.raw("</tr></thead><tbody>");
  for (std::size_t i = 0; i < reports.size(); ++i) {
    const Look& verdict = look_of(kVerdicts, reports[i].verdict);
    html.raw("<tr><th scope=\"row\"><a href=\"#r")
        .raw(std::to_string(i))
        .raw("\">")
        .text(place_of(reports[i]));
    html.raw("</a><br><small>").text(time_text(reports[i].started_at)).raw("</small></th><td>").mark(verdict);
    html.text(std::string(verdict.words) + ", exit " + std::to_string(reports[i].exit_code)).raw("</td>");
    for (const std::string& column : columns) write_cell(html, reports[i], i, column);
    html.raw("</tr>");
  }
  html.raw("</tbody></table></div>");
}

}  // namespace

std::string render_html_page(const std::vector<Report>& reports) {
  Html html;
  begin_page(html,
             reports.size() == 1 ? reports.front().summary : std::to_string(reports.size()) + " reports");
  if (reports.size() > 1) write_matrix(html, reports);
  for (std::size_t i = 0; i < reports.size(); ++i) write_report(html, reports[i], i, reports.size() == 1);
  end_page(html, reports.empty() ? "" : reports.front().version);
  return std::move(html).take();
}

std::string render_html(const Report& report, const Style&) { return render_html_page({report}); }

}  // namespace vpcprobe
