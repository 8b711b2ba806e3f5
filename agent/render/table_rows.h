#pragma once
// The rows of the text report's table, before they are laid out.
#include <array>
#include <cstddef>
#include <string>
#include <vector>

#include "agent/base/style.h"
#include "agent/diagnosis/report.h"

namespace vpcprobe {

/// How a row ended, the worse the greater. `unknown`: the run was over before its verdict.
enum class Mark { ok, unknown, careful, bad };

enum Column {
  endpoint_column,
  address_column,
  name_column,
  tcp_column,
  tls_column,
  http_column,
  path_column
};
constexpr std::size_t kTableColumns = 7;

/// The mark of a row and the blank after it, painted.
std::string mark_text(Mark mark, const Style& style);

struct Row {
  Mark mark = Mark::ok;
  bool first = false;  ///< of its endpoint: has its name, DNS time and path
  std::string place;   ///< "own subnet", "(S3 eu-west-1)"; empty where the row above says the same
  std::array<std::string, kTableColumns> cells;  ///< foreign text is still in them as it came
};

struct TableRows {
  std::vector<Row> rows;
  bool summarised = false;   ///< rows stand for many addresses, times are medians
  std::size_t left_out = 0;  ///< rows that did not fit, none of them worse than those shown
};

/// At most `most` rows: one for each address, or for each network and outcome, or for each endpoint and
/// outcome, or the worst of these.
TableRows table_rows(const Report& report, std::size_t most);

/// Addresses of an endpoint that ended alike.
struct OutcomeRow {
  Mark mark = Mark::ok;
  std::string place;           ///< the address, or how many they are
  std::string tcp, tls, http;  ///< the times are those of the median connect
};

/// What an endpoint is on one line, and what differs from it.
struct EndpointRows {
  Mark worst = Mark::ok;
  std::string id;
  std::string path;
  std::string answer;            ///< "3 of 3": the addresses at which every stage works
  std::vector<OutcomeRow> rows;  ///< at least one; the first stands for most addresses that answer
};

/// All endpoints, in their order. Foreign text is still in them as it came.
std::vector<EndpointRows> endpoint_rows(const Report& report);

}  // namespace vpcprobe
