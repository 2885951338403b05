# SPDX-License-Identifier: Apache-2.0
# Finds the headers of the nginx that modules are built for and configures them the way Debian
# configured its binary. Provides nginx::headers and NGINX_VERSION.
#
#   NGINX_SOURCE_DIR  a tree with src/ and configure (Debian: package nginx-dev). Default /usr/share/nginx/src
#   NGINX_OBJS_DIR    an already configured objs directory; else configure runs once in the build tree
#
# Debian ships no ngx_auto_config.h: its own configure, given the binary's flags, writes one.
set(NGINX_SOURCE_DIR "/usr/share/nginx/src" CACHE PATH "nginx source or nginx-dev tree")
set(NGINX_OBJS_DIR "" CACHE PATH "objs directory of a configured nginx tree")

include(FindPackageHandleStandardArgs)
find_path(NGINX_CORE_INCLUDE ngx_core.h PATHS "${NGINX_SOURCE_DIR}/src/core" NO_DEFAULT_PATH)

if(NGINX_CORE_INCLUDE AND NOT NGINX_OBJS_DIR)
  set(objs "${CMAKE_BINARY_DIR}/nginx-objs")
  if(NOT EXISTS "${objs}/ngx_auto_config.h")
    message(STATUS "Configuring the nginx headers of ${NGINX_SOURCE_DIR}")
    execute_process(
      COMMAND bash -c ". ./conf_flags && ./configure \"\${NGX_CONF_FLAGS[@]}\" --builddir='${objs}'"
      WORKING_DIRECTORY "${NGINX_SOURCE_DIR}"
      OUTPUT_FILE "${CMAKE_BINARY_DIR}/nginx-configure.log"
      ERROR_FILE "${CMAKE_BINARY_DIR}/nginx-configure.log"
      RESULT_VARIABLE failed)
    if(failed)
      message(FATAL_ERROR "nginx's configure failed, see ${CMAKE_BINARY_DIR}/nginx-configure.log. "
                          "Is the package nginx-dev complete?")
    endif()
  endif()
  set(NGINX_OBJS_DIR "${objs}")
endif()

if(NGINX_CORE_INCLUDE)
  file(STRINGS "${NGINX_CORE_INCLUDE}/nginx.h" version REGEX "define NGINX_VERSION")
  string(REGEX MATCH "[0-9]+\\.[0-9]+\\.[0-9]+" NGINX_VERSION "${version}")
endif()

find_package_handle_standard_args(Nginx
  REQUIRED_VARS NGINX_CORE_INCLUDE NGINX_OBJS_DIR VERSION_VAR NGINX_VERSION
  REASON_FAILURE_MESSAGE "install the package nginx-dev, or set NGINX_SOURCE_DIR")

if(Nginx_FOUND AND NOT TARGET nginx::headers)
  add_library(nginx::headers INTERFACE IMPORTED)
  # Which of these exist depends on the version (QUIC and HTTP/3 since 1.25) and on the package.
  foreach(part core event event/modules event/quic os/unix http http/modules http/v2 http/v3)
    if(IS_DIRECTORY "${NGINX_SOURCE_DIR}/src/${part}")
      target_include_directories(nginx::headers SYSTEM INTERFACE "${NGINX_SOURCE_DIR}/src/${part}")
    endif()
  endforeach()
  target_include_directories(nginx::headers SYSTEM INTERFACE "${NGINX_OBJS_DIR}")
endif()
