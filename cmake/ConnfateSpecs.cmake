# SPDX-License-Identifier: Apache-2.0
# The compiler policy as a linkable target: link connfate::specs and get the language level, the
# warnings and the sanitizers of the chosen preset.
add_library(connfate_specs INTERFACE)
add_library(connfate::specs ALIAS connfate_specs)
target_compile_features(connfate_specs INTERFACE cxx_std_20)
target_compile_options(connfate_specs INTERFACE
  -Wall -Wextra -Wpedantic -Wshadow
  $<$<COMPILE_LANGUAGE:CXX>:-Wconversion -Wswitch-enum -Wold-style-cast -Wnon-virtual-dtor>
  -fstack-protector-strong)
if(CONNFATE_SANITIZE)
  target_compile_options(connfate_specs INTERFACE
    -fsanitize=${CONNFATE_SANITIZE} -fno-omit-frame-pointer -fno-sanitize-recover=all)
  target_link_options(connfate_specs INTERFACE -fsanitize=${CONNFATE_SANITIZE})
endif()

# What both server modules need in order to live inside a C server: no exception may cross a C frame,
# so there are none; a unique symbol or a guarded static would outlive a reload; nodelete, because
# code that a live connection's pointers refer to must stay mapped. Symbols are those of exports.map.
function(connfate_server_module target)
  set_target_properties(${target} PROPERTIES
    PREFIX ""
    C_VISIBILITY_PRESET hidden
    CXX_VISIBILITY_PRESET hidden
    VISIBILITY_INLINES_HIDDEN ON
    LINK_DEPENDS "${CMAKE_CURRENT_SOURCE_DIR}/exports.map")
  target_link_libraries(${target} PRIVATE connfate::specs connfate::connfate)
  target_compile_options(${target} PRIVATE
    $<$<COMPILE_LANGUAGE:CXX>:-fno-exceptions -fno-rtti -fno-threadsafe-statics>
    $<$<COMPILE_LANG_AND_ID:CXX,GNU>:-fno-gnu-unique>)
  target_link_options(${target} PRIVATE
    -static-libstdc++ -static-libgcc
    LINKER:--as-needed,-z,nodelete
    LINKER:--version-script=${CMAKE_CURRENT_SOURCE_DIR}/exports.map)
endfunction()
