# SPDX-License-Identifier: MIT
# What `cmake --install` puts where: each Windows architecture's own part beside the others', under one
# prefix. What is used to build programs works wherever that is moved to; DLLs and systemd go by the path
# at which the helper was to be.
if(NOT WIN32)
  install(TARGETS settcpentry-host DESTINATION ${CMAKE_INSTALL_LIBEXECDIR})
  install(FILES ${SETTCPENTRY_STAGE}/lib/systemd/user/settcpentry-host.service DESTINATION lib/systemd/user)
  install(PROGRAMS src/settcpentry-wine DESTINATION ${CMAKE_INSTALL_BINDIR})
  install(FILES docs/tcpdrop.1 DESTINATION ${CMAKE_INSTALL_MANDIR}/man1)
  return()
endif()

include(CMakePackageConfigHelpers)
set(libraries ${CMAKE_INSTALL_LIBDIR}/${SETTCPENTRY_ARCH})
set(package ${CMAKE_INSTALL_LIBDIR}/cmake/settcpentry)

install(TARGETS iphlp iphlpapi tcpdrop DESTINATION ${CMAKE_INSTALL_BINDIR}/${SETTCPENTRY_ARCH})
install(DIRECTORY ${SETTCPENTRY_STAGE}/lib/${SETTCPENTRY_ARCH}/ DESTINATION ${libraries})
install(FILES include/settcpentry.h DESTINATION ${CMAKE_INSTALL_INCLUDEDIR})

configure_package_config_file(cmake/settcpentry-config.cmake.in settcpentry-config.cmake
  INSTALL_DESTINATION ${package}
  PATH_VARS CMAKE_INSTALL_BINDIR CMAKE_INSTALL_LIBDIR CMAKE_INSTALL_INCLUDEDIR
  NO_SET_AND_CHECK_MACRO NO_CHECK_REQUIRED_COMPONENTS_MACRO)
write_basic_package_version_file(settcpentry-config-version.cmake COMPATIBILITY SameMinorVersion ARCH_INDEPENDENT)
install(FILES ${CMAKE_BINARY_DIR}/settcpentry-config.cmake ${CMAKE_BINARY_DIR}/settcpentry-config-version.cmake
  DESTINATION ${package})

file(RELATIVE_PATH UP_TO_PREFIX ${CMAKE_INSTALL_PREFIX}/${libraries}/pkgconfig ${CMAKE_INSTALL_PREFIX})
cmake_path(SET UP_TO_PREFIX NORMALIZE ${UP_TO_PREFIX})
set(description_iphlp "SetTcpEntry that works")
set(description_iphlpapi "The system's iphlpapi.dll with a SetTcpEntry that works")
foreach(name iphlp iphlpapi)
  set(description ${description_${name}})
  configure_file(cmake/library.pc.in ${name}.pc @ONLY)
  install(FILES ${CMAKE_BINARY_DIR}/${name}.pc DESTINATION ${libraries}/pkgconfig)
endforeach()
