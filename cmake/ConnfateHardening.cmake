# SPDX-License-Identifier: Apache-2.0
# How everything that is installed is protected: position independent, immediate binding, read-only
# relocations, no executable stack, fortified. tests/packages/hardening reads it back from the files.
# A property of directories: what is added after connfate_end_of_products() (tests) is left alone.
include(CheckPIESupported)
check_pie_supported()
set(CMAKE_POSITION_INDEPENDENT_CODE ON)
add_link_options(LINKER:-z,relro,-z,now,-z,noexecstack)
if(NOT CONNFATE_SANITIZE)
  # Fortified code wants an optimizer.
  add_compile_options("$<$<NOT:$<CONFIG:Debug>>:SHELL:-U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=2>")
endif()

macro(connfate_end_of_products)
  unset(CMAKE_POSITION_INDEPENDENT_CODE)
  set_property(DIRECTORY PROPERTY COMPILE_OPTIONS "")
  set_property(DIRECTORY PROPERTY LINK_OPTIONS "")
endmacro()
