// What `--version` prints: for a security review and for bug reports.
#include "version.h"

#include <gnu/libc-version.h>

#include <nlohmann/json.hpp>

#include "agent/aws/catalog.h"
#include "agent/aws/services_date.h"
#include "agent/base/log.h"
#include "agent/base/yaml.h"
#include "agent/calls/xml_answer.h"
#include "agent/cli/tables.h"
#include "probes/builtin_roots.h"
#include "probes/library_versions.h"

namespace vpcprobe {
namespace {

std::string json_library() {
  return "nlohmann-json " + std::to_string(NLOHMANN_JSON_VERSION_MAJOR) + "." +
         std::to_string(NLOHMANN_JSON_VERSION_MINOR) + "." + std::to_string(NLOHMANN_JSON_VERSION_PATCH);
}

}  // namespace

std::string version_text(std::string_view option_library) {
  std::string text = "vpc-probe " VPC_PROBE_VERSION "\n\nLibraries\n";
  const std::string libraries[] = {tls_library(),
                                   http_library(),
                                   dns_library(),
                                   json_library(),
                                   yaml_library(),
                                   xml_library(),
                                   log_library(),
                                   std::string(option_library),
                                   std::string("glibc ") + gnu_get_libc_version(),
                                   "libstdc++ " + std::to_string(_GLIBCXX_RELEASE)};
  for (const std::string& library : libraries) text.append("  ").append(library).append("\n");
  text.append("\nTables\n  AWS address ranges of ").append(ranges_date());
  text.append("\n  AWS services of ").append(services_date());
  text.append("\n  root certificates of ").append(builtin_roots_date());
  return text.append("\n");
}

}  // namespace vpcprobe
