# SPDX-License-Identifier: Apache-2.0
# What `cmake --install` and the Debian packages install. Parts that are not built are left out.
include(GNUInstallDirs)
set(CONNFATE_NGINX_MODULE_DIR "lib/nginx/modules" CACHE STRING "Where nginx looks for modules")
set(CONNFATE_APACHE_MODULE_DIR "lib/apache2/modules" CACHE STRING "Where httpd looks for modules")

if(TARGET ngx_http_connfate_module)
  install(TARGETS ngx_http_connfate_module LIBRARY DESTINATION "${CONNFATE_NGINX_MODULE_DIR}")
endif()
if(TARGET mod_connfate)
  install(TARGETS mod_connfate LIBRARY DESTINATION "${CONNFATE_APACHE_MODULE_DIR}")
endif()
if(TARGET connfate-witness)
  install(TARGETS connfate-witness RUNTIME DESTINATION "${CMAKE_INSTALL_SBINDIR}")
  install(FILES conf/connfate-witness.conf
    DESTINATION "${CMAKE_INSTALL_SYSCONFDIR}/connfate" RENAME witness.conf)
  install(FILES cli/completion/connfate-witness.bash
    DESTINATION "${CMAKE_INSTALL_DATADIR}/bash-completion/completions" RENAME connfate-witness)
  install(FILES cli/completion/_connfate-witness
    DESTINATION "${CMAKE_INSTALL_DATADIR}/zsh/vendor-completions")
  install(FILES witness/connfate-witness.8 DESTINATION "${CMAKE_INSTALL_MANDIR}/man8")
endif()
if(TARGET connfate-cli)
  install(TARGETS connfate-cli RUNTIME DESTINATION "${CMAKE_INSTALL_BINDIR}")
  install(FILES cli/man/connfate.1 DESTINATION "${CMAKE_INSTALL_MANDIR}/man1")
  install(FILES cli/completion/connfate.bash
    DESTINATION "${CMAKE_INSTALL_DATADIR}/bash-completion/completions" RENAME connfate)
  install(FILES cli/completion/_connfate
    DESTINATION "${CMAKE_INSTALL_DATADIR}/zsh/vendor-completions")
endif()

# What is inside, for those who have to know: made from what was built.
set(connfate_products)
foreach(target IN ITEMS ngx_http_connfate_module mod_connfate connfate-witness connfate-cli)
  if(TARGET ${target})
    list(APPEND connfate_products "$<TARGET_FILE:${target}>")
    list(APPEND connfate_product_targets ${target})
  endif()
endforeach()
# Packages of which only headers are used, so that their code is in the programs.
set(connfate_headers)
if(TARGET connfate-witness)
  list(APPEND connfate_headers libboost-dev)
endif()
if(TARGET connfate-witness OR TARGET connfate-cli)
  list(APPEND connfate_headers libcli11-dev nlohmann-json3-dev)
endif()
list(JOIN connfate_headers " " connfate_headers)
if(connfate_products)
  string(TIMESTAMP created UTC)  # of SOURCE_DATE_EPOCH where that is set
  set(sbom "${CMAKE_BINARY_DIR}/connfate.spdx.json")
  add_custom_command(OUTPUT "${sbom}"
    COMMAND "${CMAKE_CURRENT_SOURCE_DIR}/cmake/write-sbom"
      "${sbom}" "${PROJECT_VERSION}" "${created}" "${connfate_headers}"
      ${connfate_products}
    DEPENDS cmake/write-sbom ${connfate_product_targets} VERBATIM)
  add_custom_target(sbom ALL DEPENDS "${sbom}")
  install(FILES "${sbom}" DESTINATION "${CMAKE_INSTALL_DOCDIR}")
endif()
