// A note where the tables that were compiled in are old.
#include <charconv>
#include <chrono>
#include <optional>

#include "agent/aws/catalog.h"
#include "agent/aws/services_date.h"
#include "agent/diagnosis/findings.h"
#include "agent/diagnosis/words.h"
#include "probes/builtin_roots.h"

namespace vpcprobe {
namespace {

using std::chrono::sys_days;

constexpr std::chrono::days kOld{365};

/// "2026-08-22"; empty for anything else.
std::optional<sys_days> read_date(std::string_view text) {
  int year = 0;
  unsigned month = 0;
  unsigned day = 0;
  const char* at = text.data();
  const auto read = [&](auto& value, std::size_t from, std::size_t size) {
    const auto [end, error] = std::from_chars(at + from, at + from + size, value);
    return error == std::errc{} && end == at + from + size;
  };
  if (text.size() != 10 || !read(year, 0, 4) || !read(month, 5, 2) || !read(day, 8, 2)) return std::nullopt;
  const std::chrono::year_month_day date{std::chrono::year(year), std::chrono::month(month),
                                         std::chrono::day(day)};
  if (!date.ok()) return std::nullopt;
  return sys_days(date);
}

Findings check_facts_outdated(const Case& scene, const Rule& rule) {
  struct Table {
    const char* name;
    std::string_view date;
  };
  const Table tables[] = {{"AWS address ranges", ranges_date()},
                          {"AWS services", services_date()},
                          {"root certificates", builtin_roots_date()}};
  std::vector<std::string> old;
  for (const Table& table : tables) {
    const auto date = read_date(table.date);
    if (date && scene.now - *date > kOld)
      old.push_back(std::string(table.name) + " of " + std::string(table.date));
  }
  if (old.empty()) return {};
  Finding finding = about_all(rule, {}, {}, "compiled in: " + enumerate(old));
  add_evidence(finding, "tables", old);
  return {finding};
}

constexpr Rule kRows[] = {
    {
        .code = "facts-outdated",
        .meaning = "a table that was compiled in (AWS address ranges, AWS services, root certificates) is "
                   "older than a "
                   "year",
        .title = "This version of vpc-probe holds AWS facts that are older than a year",
        .severity = Severity::note,
        .task_wide = true,
        .check = check_facts_outdated,
        .causes = {{{"old-version",
                     "this version is old: newer addresses and services of AWS are unknown to it"}}},
        .fix = {{{"Show the dates of the tables", "vpc-probe --version", true},
                 {"Install a newer version, or refresh the tables with container/update-facts and build"}}},
    },
};
static_assert(conditions_exist(kRows, {}), "a cause or fix names a condition that no check sets");
static_assert(rows_are_complete(kRows), "a row lacks a code, a text, a cause or a fix");

}  // namespace

std::span<const Rule> outdated_rules() { return kRows; }

}  // namespace vpcprobe
