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
target_compile_definitions(PkgConfig::CARES INTERFACE CARES_STATICLIB)
target_compile_definitions(CURL::libcurl INTERFACE CURL_STATICLIB)

# Debian has no static archive of these two; one file of ours includes them, so header-only costs nothing.
add_library(spdlog::spdlog INTERFACE IMPORTED)
target_compile_definitions(spdlog::spdlog INTERFACE SPDLOG_FMT_EXTERNAL FMT_HEADER_ONLY)

set(CMAKE_INTERPROCEDURAL_OPTIMIZATION ON)
add_compile_options(-fPIE -ffunction-sections -fdata-sections -ffile-prefix-map=${CMAKE_CURRENT_SOURCE_DIR}=.)
add_link_options(-static-pie -s -Wl,--gc-sections -Wl,-z,pack-relative-relocs -Wl,-z,noseparate-code
                 -Wl,--build-id=none)
