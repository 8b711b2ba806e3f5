# Writes builtin_roots.cc from container/roots.pem; see probes/builtin_roots.h.
set(ROOTS_FILE ${CMAKE_CURRENT_SOURCE_DIR}/container/roots.pem)
set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${ROOTS_FILE})
file(READ ${ROOTS_FILE} ROOTS_PEM)
string(REGEX MATCH "date: ([0-9-]+)" ROOTS_DATE "${ROOTS_PEM}")
set(ROOTS_DATE ${CMAKE_MATCH_1})
string(REGEX REPLACE "#[^\n]*\n" "" ROOTS_PEM "${ROOTS_PEM}")

file(CONFIGURE OUTPUT builtin_roots.cc @ONLY CONTENT [[
#include "probes/builtin_roots.h"

namespace vpcprobe {

std::string_view builtin_roots_pem() {
  return R"pem(@ROOTS_PEM@)pem";
}

std::string_view builtin_roots_date() { return "@ROOTS_DATE@"; }

}  // namespace vpcprobe
]])
