#include "agent/render/diagnosis_matrix.h"

#include <algorithm>

#include "agent/base/printable.h"
#include "agent/base/text_layout.h"
#include "agent/base/words.h"
#include "agent/render/matrix.h"

namespace vpcprobe {
namespace {

constexpr std::size_t kWidestSubnet = 28;
constexpr std::size_t kCodeWidth = 4;
constexpr std::size_t kKindWidth = 9;
constexpr std::size_t kCulpritsWidth = 8;

/// What is said once below the table.
struct Note {
  std::string text;
  std::string command;
  bool operator==(const Note&) const = default;
};

Note note_of(const Culprit& culprit) {
  const ResourceName& resource = culprit.resource;
  std::string text = resource.type + " " + resource.id;
  if (!resource.name.empty()) text += " (" + resource.name + ")";
  text += ": " + culprit.rule + " [" + culprit.finding;
  if (!culprit.endpoints.empty()) text += ": " + enumerate(culprit.endpoints, culprit.endpoints.size());
  return {text + "]", culprit.fixes.empty() ? "" : culprit.fixes.front().command};
}

std::vector<Note> notes_of(const Diagnosis& diagnosis) {
  std::vector<Note> notes;
  for (const Culprit& culprit : diagnosis.culprits) notes.push_back(note_of(culprit));
  if (notes.empty() && diagnosis.exit_code != 0 && !diagnosis.summary.empty())
    notes.push_back({diagnosis.summary, ""});
  return notes;
}

/// Of all paths to an endpoint: one closed path closes it, and one that is not known leaves it open what the
/// others say.
MatrixState state_of(const Diagnosis& diagnosis, const std::string& endpoint) {
  bool is_named = false;
  bool is_unknown = false;
  for (const JudgedPath& path : diagnosis.paths) {
    if (path.endpoint != endpoint) continue;
    is_named = true;
    if (path.measured.empty() ? path.reach == Reachability::unreachable : path.measured != "connects")
      return MatrixState::closed;
    is_unknown |= path.measured.empty() && path.reach != Reachability::reachable;
  }
  if (!is_named) return MatrixState::none;
  return is_unknown ? MatrixState::unknown : MatrixState::open;
}

std::string subnet_of(const Diagnosis& diagnosis) {
  const auto& subnets = diagnosis.who.subnets;
  if (subnets.empty()) return "-";
  return subnets.front() + (subnets.size() > 1 ? " +" + std::to_string(subnets.size() - 1) : "");
}

std::string label_of(const std::string& subnet, const std::string& code, const std::string& kind,
                     const std::string& culprits) {
  return pad(subnet, kWidestSubnet) + "  " + pad(code, kCodeWidth) + "  " + pad(kind, kKindWidth) + "  " +
         pad(culprits, kCulpritsWidth);
}

/// The numbers of a diagnosis's notes: "1,3". A note that is new is added.
std::string numbers_of(const Diagnosis& diagnosis, std::vector<Note>& notes) {
  std::string numbers;
  for (const Note& note : notes_of(diagnosis)) {
    auto known = std::find(notes.begin(), notes.end(), note);
    if (known == notes.end()) known = notes.insert(notes.end(), note);
    numbers += (numbers.empty() ? "" : ",") + std::to_string(known - notes.begin() + 1);
  }
  return numbers;
}

std::vector<std::string> endpoints_of(const std::vector<Diagnosis>& diagnoses) {
  std::vector<std::string> ids;
  for (const Diagnosis& diagnosis : diagnoses)
    for (const JudgedPath& path : diagnosis.paths)
      if (std::find(ids.begin(), ids.end(), path.endpoint) == ids.end()) ids.push_back(path.endpoint);
  return ids;
}

std::string text_of(const Note& note, std::size_t number, const Style& style) {
  constexpr std::size_t indent = 4;
  std::string text;
  for (const std::string& line : wrap(printable(note.text, style.utf8), style.page_columns - indent))
    text += (text.empty() ? pad(std::to_string(number), indent) : std::string(indent, ' ')) + line + "\n";
  for (const CommandLine& line :
       break_command(printable(note.command, style.utf8), style.page_columns - 2 * indent))
    if (!line.text.empty()) text += (line.at_margin ? "" : std::string(2 * indent, ' ')) + line.text + "\n";
  return text;
}

}  // namespace

std::string render_diagnosis_matrix(const std::vector<Diagnosis>& diagnoses, const Style& style) {
  const std::vector<std::string> ids = endpoints_of(diagnoses);
  std::vector<Note> notes;
  std::vector<MatrixRow> rows;
  for (const Diagnosis& diagnosis : diagnoses) {
    const std::string subnet = shorten(printable(subnet_of(diagnosis), style.utf8), kWidestSubnet, style);
    MatrixRow row{
        label_of(subnet, std::to_string(diagnosis.exit_code), diagnosis.measured ? "measured" : "predicted",
                 shorten(numbers_of(diagnosis, notes), kCulpritsWidth, style)),
        {}};
    for (const std::string& id : ids) row.states.push_back(state_of(diagnosis, id));
    rows.push_back(std::move(row));
  }
  std::string text = render_rows(label_of("subnet", "exit", "", "culprits"), ids, rows, style);
  for (std::size_t i = 0; i < notes.size(); ++i) text += "\n" + text_of(notes[i], i + 1, style);
  return text;
}

}  // namespace vpcprobe
