# SPDX-License-Identifier: MIT
# What `cmake --install` puts where: each Windows architecture's own part beside the others', under one
# prefix. What is used to build programs works wherever that is moved to; DLLs and systemd go by the path
# at which the helper was to be.

# What the last installation of this build has put there, as CMake wrote it down.
add_custom_target(uninstall COMMAND ${CMAKE_COMMAND} -P ${PROJECT_SOURCE_DIR}/cmake/uninstall.cmake)

if(NOT WIN32)
  install(TARGETS settcpentry-host DESTINATION ${CMAKE_INSTALL_LIBEXECDIR})
  # The unit names the helper by the prefix that is given then.
  install(CODE "
    cmake_path(ABSOLUTE_PATH CMAKE_INSTALL_PREFIX NORMALIZE)
    set(libexec \"${CMAKE_INSTALL_LIBEXECDIR}\")
    cmake_path(ABSOLUTE_PATH libexec BASE_DIRECTORY \"\${CMAKE_INSTALL_PREFIX}\")
    set(SETTCPENTRY_HOST \"\${libexec}/settcpentry-host\")
    set(unit \"\${CMAKE_INSTALL_PREFIX}/lib/systemd/user/settcpentry-host.service\")
    configure_file(\"${PROJECT_SOURCE_DIR}/src/host/settcpentry-host.service.in\" \"\$ENV{DESTDIR}\${unit}\"
      @ONLY NO_SOURCE_PERMISSIONS)
    list(APPEND CMAKE_INSTALL_MANIFEST_FILES \"\${unit}\")")
  install(PROGRAMS ${SETTCPENTRY_STAGE}/bin/settcpentry-wine DESTINATION ${CMAKE_INSTALL_BINDIR})
  install(FILES docs/settcpentry.1 docs/settcpentry-wine.1 docs/tcpdrop.1 DESTINATION ${CMAKE_INSTALL_MANDIR}/man1)
  install(FILES docs/settcpentry-host.8 DESTINATION ${CMAKE_INSTALL_MANDIR}/man8)
  install(FILES LICENSE README.md CHANGELOG.md CONTRIBUTING.md SECURITY.md DESTINATION ${CMAKE_INSTALL_DOCDIR})
  install(FILES docs/call.svg docs/design.md docs/linking.md docs/return-codes.md docs/wine.md
    DESTINATION ${CMAKE_INSTALL_DOCDIR}/docs)
  install(DIRECTORY examples DESTINATION ${CMAKE_INSTALL_DOCDIR})
  return()
endif()

include(CMakePackageConfigHelpers)
set(libraries ${CMAKE_INSTALL_LIBDIR}/${SETTCPENTRY_ARCH})
set(package ${CMAKE_INSTALL_DATADIR}/cmake/settcpentry) # where it is found whatever LIBDIR is
set(headers ${CMAKE_INSTALL_INCLUDEDIR}/settcpentry) # a cross compiler must not find this machine's own beside it

install(TARGETS settcpentry_iphlp settcpentry_iphlpapi settcpentry_settcpentry settcpentry_tcpdrop
  DESTINATION ${CMAKE_INSTALL_BINDIR}/${SETTCPENTRY_ARCH})
install(DIRECTORY ${SETTCPENTRY_STAGE}/lib/${SETTCPENTRY_ARCH}/ DESTINATION ${libraries})
install(FILES include/settcpentry.h DESTINATION ${headers})

configure_package_config_file(cmake/settcpentry-config.cmake.in settcpentry-config.cmake
  INSTALL_DESTINATION ${package}
  PATH_VARS CMAKE_INSTALL_BINDIR CMAKE_INSTALL_LIBDIR CMAKE_INSTALL_INCLUDEDIR
  NO_SET_AND_CHECK_MACRO)
write_basic_package_version_file(settcpentry-config-version.cmake COMPATIBILITY SameMinorVersion ARCH_INDEPENDENT)
install(FILES ${PROJECT_BINARY_DIR}/settcpentry-config.cmake ${PROJECT_BINARY_DIR}/settcpentry-config-version.cmake
  DESTINATION ${package})

set(pkgconfig ${CMAKE_INSTALL_FULL_LIBDIR}/${SETTCPENTRY_ARCH}/pkgconfig)
file(RELATIVE_PATH TO_INCLUDE ${pkgconfig} ${CMAKE_INSTALL_FULL_INCLUDEDIR}/settcpentry)
file(RELATIVE_PATH TO_BIN ${pkgconfig} ${CMAKE_INSTALL_FULL_BINDIR}/${SETTCPENTRY_ARCH})
set(description_iphlp "SetTcpEntry that works")
set(description_iphlpapi "The system's iphlpapi.dll with a SetTcpEntry that works")
foreach(name iphlp iphlpapi)
  set(description ${description_${name}})
  configure_file(cmake/library.pc.in ${name}.pc @ONLY)
  install(FILES ${PROJECT_BINARY_DIR}/${name}.pc DESTINATION ${libraries}/pkgconfig)
endforeach()
