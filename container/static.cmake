# The libraries of the static binary: built once from the distribution's source packages, or header-only.
set(STATIC_TARGET ${CMAKE_CXX_LIBRARY_ARCHITECTURE})
execute_process(
  COMMAND ${CMAKE_CURRENT_SOURCE_DIR}/container/static-libraries --target ${STATIC_TARGET}
  OUTPUT_VARIABLE STATIC_PREFIX
  OUTPUT_STRIP_TRAILING_WHITESPACE
  COMMAND_ERROR_IS_FATAL ANY)

function(add_static_library target file)
  add_library(${target} STATIC IMPORTED)
  set_target_properties(
    ${target}
    PROPERTIES IMPORTED_LOCATION ${STATIC_PREFIX}/lib/${file}
               INTERFACE_INCLUDE_DIRECTORIES ${STATIC_PREFIX}/include
               INTERFACE_LINK_LIBRARIES "${ARGN}")
endfunction()

add_static_library(OpenSSL::Crypto libcrypto.a)
add_static_library(OpenSSL::SSL libssl.a OpenSSL::Crypto)
add_static_library(PkgConfig::CARES libcares.a)
add_static_library(CURL::libcurl libcurl.a OpenSSL::SSL PkgConfig::CARES)
add_static_library(PkgConfig::YAML libyaml.a)
add_static_library(pugixml::pugixml libpugixml.a)
target_compile_definitions(PkgConfig::CARES INTERFACE CARES_STATICLIB)
target_compile_definitions(PkgConfig::YAML INTERFACE YAML_DECLARE_STATIC)
target_compile_definitions(CURL::libcurl INTERFACE CURL_STATICLIB)

# Debian has no static archive of these two; one file of ours includes them, so header-only costs nothing.
add_library(spdlog::spdlog INTERFACE IMPORTED)
target_compile_definitions(spdlog::spdlog INTERFACE SPDLOG_FMT_EXTERNAL FMT_HEADER_ONLY)

set(CMAKE_INTERPROCEDURAL_OPTIMIZATION ON)
string(REGEX REPLACE "-.*" "" STATIC_PROCESSOR ${STATIC_TARGET})
file(STRINGS container/hardening.txt HARDENING REGEX "^(all|${STATIC_PROCESSOR}) ")
list(TRANSFORM HARDENING REPLACE "^(all|${STATIC_PROCESSOR}) +" "")
list(JOIN HARDENING " " HARDENING)
separate_arguments(HARDENING)
set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS container/hardening.txt)
add_compile_options(${HARDENING} -ffile-prefix-map=${CMAKE_CURRENT_SOURCE_DIR}=.)
add_link_options(-static-pie -s -Wl,--gc-sections -Wl,-O2 -flto-partition=one -Wl,-z,relro,-z,now,-z,separate-code,-z,noexecstack
                 -Wl,-z,pack-relative-relocs -Wl,--build-id=none -Wl,-Map=${CMAKE_CURRENT_BINARY_DIR}/vpc-probe.map)
