#pragma once
// The rows of the text report's table, before they are laid out.
#include <array>
#include <cstddef>
#include <string>
#include <vector>

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

}  // namespace vpcprobe
