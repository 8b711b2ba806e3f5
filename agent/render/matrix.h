#pragma once
#include <string>
#include <vector>

#include "agent/render/render.h"

namespace vpcprobe {

enum class MatrixState : std::uint8_t { none, open, closed, unknown };

/// A row of a table whose columns are services.
struct MatrixRow {
  std::string label;                ///< printable, as wide as the header
  std::vector<MatrixState> states;  ///< one for each column
};

/// As many tables as it takes to keep within the page: labels left, a column for each id.
std::string render_rows(const std::string& header, const std::vector<std::string>& ids,
                        const std::vector<MatrixRow>& rows, const Style& style);

/// Several reports as a table of text: rows subnets and times, columns services.
std::string render_matrix(const std::vector<Report>& reports, const Style& style);

}  // namespace vpcprobe
