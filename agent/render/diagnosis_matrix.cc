#include "agent/render/diagnosis_matrix.h"

#include <algorithm>
#include <map>
#include <set>

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

/// A document from outside can name any number.
constexpr std::size_t kMostServices = 200;

/// What is said once below the table.
struct Note {
  std::string text;
  std::string command;
  auto operator<=>(const Note&) const = default;
};

Note note_of(const Culprit& culprit) {
  std::string text = resource_words(culprit.resource) + ": " + culprit.rule + " [" + culprit.finding;
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

MatrixState state_of(const JudgedPath& path) {
  if (!path.measured.empty()) return path.measured == "connects" ? MatrixState::open : MatrixState::closed;
  if (path.reach == Reachability::unreachable) return MatrixState::closed;
  return path.reach == Reachability::reachable ? MatrixState::open : MatrixState::unknown;
}

/// By service. One closed path closes it; else one that is not known leaves it unknown.
std::map<std::string, MatrixState> states_of(const Diagnosis& diagnosis) {
  std::map<std::string, MatrixState> states;
  for (const JudgedPath& path : diagnosis.paths) {
    const MatrixState state = state_of(path);
    MatrixState& all = states.try_emplace(path.endpoint, state).first->second;
    if (state == MatrixState::closed || (state == MatrixState::unknown && all == MatrixState::open))
      all = state;
  }
  return states;
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

/// Notes in their order, and the number of each.
struct Notes {
  std::vector<Note> all;
  std::map<Note, std::size_t> numbers;
};

/// The numbers of a diagnosis's notes: "1,3". A note that is new is added.
std::string numbers_of(const Diagnosis& diagnosis, Notes& notes) {
  std::string numbers;
  for (const Note& note : notes_of(diagnosis)) {
    const auto [number, is_new] = notes.numbers.try_emplace(note, notes.all.size() + 1);
    if (is_new) notes.all.push_back(note);
    numbers += (numbers.empty() ? "" : ",") + std::to_string(number->second);
  }
  return numbers;
}

/// In the order of the paths.
std::vector<std::string> services_of(const std::vector<Diagnosis>& diagnoses) {
  std::vector<std::string> ids;
  std::set<std::string> known;
  for (const Diagnosis& diagnosis : diagnoses)
    for (const JudgedPath& path : diagnosis.paths)
      if (known.insert(path.endpoint).second) ids.push_back(path.endpoint);
  return ids;
}

std::string text_of(const Note& note, std::size_t number, const Style& style) {
  constexpr std::size_t indent = 4;
  std::string text;
  for (const std::string& line : wrap(printable(note.text, style.utf8), style.page_columns - indent))
    text +=
        (text.empty() ? pad(std::to_string(number) + " ", indent) : std::string(indent, ' ')) + line + "\n";
  for (const CommandLine& line :
       break_command(printable(note.command, style.utf8), style.page_columns - 2 * indent))
    if (!line.text.empty()) text += (line.at_margin ? "" : std::string(2 * indent, ' ')) + line.text + "\n";
  return text;
}

}  // namespace

std::string render_diagnosis_matrix(const std::vector<Diagnosis>& diagnoses, const Style& style) {
  std::vector<std::string> ids = services_of(diagnoses);
  const std::size_t left_out = ids.size() - std::min(ids.size(), kMostServices);
  ids.resize(ids.size() - left_out);
  Notes notes;
  std::vector<MatrixRow> rows;
  for (const Diagnosis& diagnosis : diagnoses) {
    const std::string subnet = shorten(printable(subnet_of(diagnosis), style.utf8), kWidestSubnet, style);
    MatrixRow row{
        label_of(subnet, std::to_string(diagnosis.exit_code), diagnosis.measured ? "measured" : "predicted",
                 shorten(numbers_of(diagnosis, notes), kCulpritsWidth, style)),
        {}};
    const auto states = states_of(diagnosis);
    for (const std::string& id : ids) {
      const auto found = states.find(id);
      row.states.push_back(found == states.end() ? MatrixState::none : found->second);
    }
    rows.push_back(std::move(row));
  }
  std::string text = render_rows(label_of("subnet", "exit", "", "culprits"), ids, rows, style);
  if (left_out > 0) text += counted(left_out, "more service is", "more services are") + " not shown\n";
  for (std::size_t i = 0; i < notes.all.size(); ++i) text += "\n" + text_of(notes.all[i], i + 1, style);
  return text;
}

}  // namespace vpcprobe
