#pragma once
// What `vpc-probe codes` and `vpc-probe services` print, and agent/REFERENCE.md: all from the program's own
// rows.
#include <string>
#include <string_view>

#include "agent/render/render.h"
#include "agent/task/options.h"

namespace vpcprobe {

/// Every finding code and what exit codes mean. JSON for `Format::json`, else text.
std::string codes_text(Format format, const Style& style);
/// What exit codes mean, as text for `codes` and --help.
std::string exit_codes_text();
/// Every service: id, endpoint type, host, PrivateLink name. `region` is valid, or empty: then names have
/// <region>.
std::string services_text(Format format, std::string_view region, const Style& style);

/// The version, the libraries in the binary with theirs, and the dates of the tables that age.
/// `option_library` is the name and version of the library that reads the command line.
std::string version_text(std::string_view option_library);

std::string codes_markdown();
std::string services_markdown();
/// The whole of agent/REFERENCE.md.
std::string reference_markdown();

}  // namespace vpcprobe
