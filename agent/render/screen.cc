// The report for a tired person: what is wrong, why, and what to do, before anything scrolls away.
#include "agent/render/screen.h"

#include <algorithm>
#include <array>

#include "agent/base/printable.h"
#include "agent/base/words.h"
#include "agent/doctor/explain_finding.h"
#include "agent/render/endpoint_table.h"
#include "agent/render/finding.h"
#include "agent/render/images.h"
#include "agent/render/permissions.h"
#include "agent/render/run_words.h"
#include "agent/render/text_page.h"

namespace vpcprobe {
namespace {

constexpr std::size_t kScreenLines = 23;  // of 24: the last is the prompt's
constexpr std::size_t kLeastTable = 4;
constexpr std::size_t kMostWanted = 9;  // lines for which the finding gives way to the table
constexpr std::size_t kMostOthers = 3;  // roots and notes that get a line each

/// How much is said of the root. The roomiest that leaves the table its lines is taken.
struct Room {
  std::size_t seen_lines;
  std::size_t causes;
  std::size_t ecs_lines;
  bool texts;   ///< a check and a fix say in words what their command does
  bool checks;  ///< there is a check
};
constexpr std::array kRooms =
    std::to_array<Room>({{.seen_lines = 4, .causes = 2, .ecs_lines = 2, .texts = true, .checks = true},
                         {.seen_lines = 3, .causes = 2, .ecs_lines = 2, .texts = false, .checks = true},
                         {.seen_lines = 2, .causes = 2, .ecs_lines = 1, .texts = false, .checks = true},
                         {.seen_lines = 2, .causes = 1, .ecs_lines = 1, .texts = false, .checks = true},
                         {.seen_lines = 2, .causes = 1, .ecs_lines = 1, .texts = false, .checks = false}});

/// The notes, or the errors and warnings, that follow from nothing else.
std::vector<const Finding*> unmasked(const Report& report, bool notes) {
  std::vector<const Finding*> found;
  for (const Finding& finding : report.findings)
    if (finding.masked_by.empty() && (finding.severity == Severity::note) == notes) found.push_back(&finding);
  return found;
}

/// The finding that the first line names; none where the summary says more.
const Finding* headline_of(const Report& report, const std::vector<const Finding*>& roots) {
  return report.verdict == Verdict::incomplete || roots.empty() ? nullptr : roots.front();
}

std::size_t fixes_of(const Finding& finding, bool is_check) {
  return static_cast<std::size_t>(
      std::count_if(finding.fix.begin(), finding.fix.end(),
                    [is_check](const Fix& fix) { return fix.is_check == is_check; }));
}

class Screen {
 public:
  Screen(const Report& report, const Style& style)
      : report_(report),
        style_(style),
        roots_(unmasked(report, false)),
        headline_(headline_of(report, roots_)) {}

  std::string text() const {
    std::vector<EndpointRows> endpoints = endpoint_rows(report_);
    const std::size_t wanted =
        std::min({lines_of(endpoints), std::max(failing_lines_of(endpoints) + 2, kLeastTable), kMostWanted});
    for (const Room& room : kRooms) {
      Page above(style_);
      write_above(above, room);
      Page below(style_);
      write_below(below, room);
      const std::size_t used = above.lines() + below.lines();
      if (used + wanted > kScreenLines && &room != &kRooms.back()) continue;
      const std::size_t left = kScreenLines - std::min(used, kScreenLines);
      return std::move(above).finish() +
             render_endpoints(std::move(endpoints), style_, std::max(left, kLeastTable)) +
             std::move(below).finish();
    }
    return {};
  }

 private:
  void write_above(Page& page, const Room& room) const {
    write_verdict(page);
    if (report_.history) {
      const std::string words = history_words(*report_.history, style_);
      if (!words.empty()) page.raw("  " + shorten(page.clean(words), page.width() - 2, style_) + '\n');
    }
    page.blank();
    if (headline_ != nullptr) write_root(page, *headline_, room);
    if (write_others(page) || headline_ != nullptr) page.blank();
  }

  void write_verdict(Page& page) const {
    const VerdictLook& look = look_of(report_.verdict);
    std::string right = "exit " + std::to_string(report_.exit_code);
    if (headline_ != nullptr) right = page.clean(headline_->code) + (style_.utf8 ? " · " : " | ") + right;
    const std::string& title = headline_ != nullptr ? headline_->title : report_.summary;
    page.titled(std::string(look.word) + ' ', look.tone, page.clean(title), right);
  }

  void write_root(Page& page, const Finding& finding, const Room& room) const {
    if (!finding.observed.empty()) page.labelled("Seen", page.clean(finding.observed), 0, room.seen_lines);
    write_causes(page, finding, room);
    if (!finding.ecs_errors.empty())
      page.labelled("ECS says", page.clean(finding.ecs_errors.front()), 2, room.ecs_lines);
    if (room.checks) write_first(page, finding, true, room);
    write_first(page, finding, false, room);
    if (finding.causes.size() > 1 && is_explained(finding.code))
      page.labelled("Which one?", "vpc-probe doctor --report FILE  (FILE: this report in JSON)", 0, 1);
  }

  void write_causes(Page& page, const Finding& finding, const Room& room) const {
    const std::size_t all = finding.causes.size();
    const std::size_t shown = std::min(all, room.causes);
    for (std::size_t i = 0; i < shown; ++i) {
      const std::string number = all > 1 ? std::to_string(i + 1) + ". " : "";
      std::string text = number + page.clean(finding.causes[i].text);
      if (i + 1 == shown && all > shown) text += " (+" + std::to_string(all - shown) + ": --details)";
      page.labelled(i == 0 ? "Cause" : "", text, number.size(), 3);
    }
  }

  /// The first check, or the first fix.
  void write_first(Page& page, const Finding& finding, bool is_check, const Room& room) const {
    const auto fix = std::find_if(finding.fix.begin(), finding.fix.end(),
                                  [is_check](const Fix& row) { return row.is_check == is_check; });
    if (fix == finding.fix.end()) return;
    std::string_view label = is_check ? "Check" : "Fix";
    if (!fix->text.empty() && (room.texts || fix->command.empty())) {
      page.labelled(label, page.clean(fix->text), 0, 3);
      label = "";
    }
    if (!fix->command.empty()) page.command(label, page.clean(fix->command));
  }

  /// The roots that the first line does not name, a line each. True where there are any.
  bool write_others(Page& page) const {
    const std::size_t first = headline_ == nullptr ? 0 : 1;
    if (roots_.size() <= first) return false;
    if (headline_ != nullptr) page.blank();
    const std::size_t end = std::min(roots_.size(), first + kMostOthers);
    for (std::size_t i = first; i < end; ++i) write_cut(page, *roots_[i], 1);
    if (end < roots_.size())
      page.raw("  " + counted(roots_.size() - end, "more finding", "more findings") + ": --details\n");
    return true;
  }

  /// The title, cut, with its code.
  void write_cut(Page& page, const Finding& finding, std::size_t most_lines) const {
    Finding cut = finding;
    cut.code = shorten(page.clean(finding.code), page.width() / 2, style_);
    const std::size_t one_line = page.width() - columns(cut.code) - 4;
    cut.title = shorten(page.clean(finding.title), most_lines == 1 ? one_line : page.width() * 3 / 2, style_);
    write_note(page, cut, style_);
  }

  void write_below(Page& page, const Room& room) const {
    write_image_lines(page);
    const std::vector<const Finding*> notes = unmasked(report_, true);
    if (headline_ == nullptr && !notes.empty()) {
      page.blank();
      for (std::size_t i = 0; i < notes.size() && i < kMostOthers; ++i) write_cut(page, *notes[i], 2);
    }
    for (const SinkNote& note : report_.sinks) page.faint(page.clean(sink_words(note)));
    const std::string more = enumerate(left_out(room, notes.size()));
    if (!more.empty()) page.faint("--details: " + more);
    std::vector<std::string> parts = context_parts(report_);
    if (!says_permissions(report_)) parts.push_back(short_permission_words(report_));
    page.faint(page.clean(in_one_line(parts, style_)));
  }

  void write_image_lines(Page& page) const {
    std::vector<ImageReport> images = report_.images;
    std::stable_partition(images.begin(), images.end(),
                          [](const ImageReport& image) { return !is_complete(image.seen); });
    const std::size_t shown = std::min(images.size(), kMostOthers);
    for (std::size_t i = 0; i < shown; ++i) write_image_line(page, images[i], style_);
    if (shown < images.size())
      page.faint(counted(images.size() - shown, "more image", "more images") + ": --details");
  }

  /// What --details shows besides.
  std::vector<std::string> left_out(const Room& room, std::size_t notes) const {
    std::vector<std::string> parts;
    const auto add = [&](std::size_t all, std::size_t shown, const char* one, const char* many) {
      if (all > shown) parts.push_back(counted(all - shown, one, many));
    };
    if (headline_ != nullptr) {
      add(fixes_of(*headline_, true), room.checks ? 1 : 0, "check", "checks");
      add(fixes_of(*headline_, false), 1, "fix", "fixes");
    }
    add(consequences(report_), 0, "consequence", "consequences");
    add(notes, headline_ == nullptr ? kMostOthers : 0, "note", "notes");
    return parts;
  }

  const Report& report_;
  const Style& style_;
  std::vector<const Finding*> roots_;
  const Finding* headline_;
};

}  // namespace

std::string render_screen(const Report& report, const Style& style) { return Screen(report, style).text(); }

}  // namespace vpcprobe
