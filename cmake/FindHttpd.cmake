# SPDX-License-Identifier: Apache-2.0
# Finds the headers of the Apache httpd that modules are built for. Provides httpd::headers.
# Headers only: a module takes every symbol from the server that loads it.
find_program(APXS_PROGRAM NAMES apxs apxs2)
find_package(PkgConfig)
if(PKG_CONFIG_FOUND)
  pkg_check_modules(APR QUIET apr-1 apr-util-1)
endif()
if(APXS_PROGRAM)
  execute_process(COMMAND "${APXS_PROGRAM}" -q INCLUDEDIR
    OUTPUT_VARIABLE HTTPD_INCLUDE_DIR OUTPUT_STRIP_TRAILING_WHITESPACE)
endif()

include(FindPackageHandleStandardArgs)
find_package_handle_standard_args(Httpd REQUIRED_VARS APXS_PROGRAM HTTPD_INCLUDE_DIR APR_FOUND
  REASON_FAILURE_MESSAGE "install the packages apache2-dev and pkg-config")

if(Httpd_FOUND AND NOT TARGET httpd::headers)
  add_library(httpd::headers INTERFACE IMPORTED)
  target_include_directories(httpd::headers SYSTEM INTERFACE
    "${HTTPD_INCLUDE_DIR}" ${APR_INCLUDE_DIRS})
  target_compile_options(httpd::headers INTERFACE ${APR_CFLAGS_OTHER})
endif()
