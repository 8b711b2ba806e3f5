# Writes builtin_roots.cc from the distribution's ca-certificates; see probes/builtin_roots.h.
set(ROOTS_DIRECTORY /usr/share/ca-certificates/mozilla CACHE PATH "Where ca-certificates keeps single roots")
set(ROOTS Amazon_Root_CA_1 Amazon_Root_CA_2 Amazon_Root_CA_3 Amazon_Root_CA_4)
# Older chains end here. Amazon's own roots are cross-signed by it, so a release without it loses nothing.
set(OPTIONAL_ROOTS Starfield_Services_Root_Certificate_Authority_-_G2)

set(ROOTS_PEM "")
foreach(root IN LISTS ROOTS OPTIONAL_ROOTS)
  set(file ${ROOTS_DIRECTORY}/${root}.crt)
  if(EXISTS ${file})
    file(READ ${file} pem)
    string(STRIP "${pem}" pem)
    string(APPEND ROOTS_PEM "${pem}\n")
    set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${file})
  elseif(root IN_LIST ROOTS)
    message(FATAL_ERROR "no ${file}: install ca-certificates (tests/install build)")
  endif()
endforeach()

file(CONFIGURE OUTPUT builtin_roots.cc @ONLY CONTENT [[
#include "probes/builtin_roots.h"

namespace vpcprobe {

std::string_view builtin_roots_pem() {
  return R"pem(@ROOTS_PEM@)pem";
}

}  // namespace vpcprobe
]])
