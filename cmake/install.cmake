# SPDX-License-Identifier: MIT
# What `cmake --install` puts where: each Windows architecture's own part beside the others', under one
# prefix. What is used to build programs works wherever that is moved to; DLLs and systemd go by the path
# at which the helper was to be.

# What the last installation of this build has put there, as CMake wrote it down.
add_custom_target(uninstall COMMAND ${CMAKE_COMMAND} -P ${PROJECT_SOURCE_DIR}/cmake/uninstall.cmake)

if(NOT WIN32)
  install(TARGETS settcpentry-host DESTINATION ${CMAKE_INSTALL_LIBEXECDIR})
  install(TARGETS tcpdrop DESTINATION ${CMAKE_INSTALL_BINDIR})
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
  foreach(command settcpentry-wine settcpentry-host tcpdrop) # bash looks for a file of the command's name
    install(FILES completions/settcpentry.bash DESTINATION ${CMAKE_INSTALL_DATADIR}/bash-completion/completions
      RENAME ${command})
  endforeach()
  install(FILES src/setup/settcpentry.verb DESTINATION ${CMAKE_INSTALL_DATADIR}/winetricks)
  install(FILES docs/settcpentry.1 docs/settcpentry-wine.1 docs/tcpdrop.1 DESTINATION ${CMAKE_INSTALL_MANDIR}/man1)
  install(FILES docs/settcpentry-host.8 DESTINATION ${CMAKE_INSTALL_MANDIR}/man8)
  install(FILES LICENSE README.md CHANGELOG.md CONTRIBUTING.md SECURITY.md DESTINATION ${CMAKE_INSTALL_DOCDIR})
  install(DIRECTORY docs DESTINATION ${CMAKE_INSTALL_DOCDIR} FILES_MATCHING PATTERN *.md PATTERN *.svg PATTERN *.json)
  install(DIRECTORY examples DESTINATION ${CMAKE_INSTALL_DOCDIR} REGEX "examples/CMakeLists.txt$" EXCLUDE)
  return()
endif()

include(CMakePackageConfigHelpers)
set(package ${CMAKE_INSTALL_DATADIR}/cmake/settcpentry) # where it is found whatever LIBDIR is
set(headers ${CMAKE_INSTALL_INCLUDEDIR}/settcpentry) # a cross compiler must not find this machine's own beside it

# install_windows_parts(COMPONENT BINDIR LIBDIR MOCKDIR [EXCLUDE_FROM_ALL]): what is for this architecture, and what
# leads other builds to it, with these as CMAKE_INSTALL_BINDIR and CMAKE_INSTALL_LIBDIR. The mock is a component of its
# own, COMPONENT_mock, which nobody gets who does not ask for it.
function(install_windows_parts component CMAKE_INSTALL_BINDIR CMAKE_INSTALL_LIBDIR MOCKDIR)
  set(as COMPONENT ${component} ${ARGN})
  set(libraries ${CMAKE_INSTALL_LIBDIR}/${SETTCPENTRY_ARCH})
  install(TARGETS settcpentry_iphlp settcpentry_iphlpapi settcpentry_settcpentry settcpentry_tcpdrop
    DESTINATION ${CMAKE_INSTALL_BINDIR}/${SETTCPENTRY_ARCH} ${as})
  install(TARGETS settcpentry_mock_iphlp settcpentry_mock_iphlpapi
    DESTINATION ${MOCKDIR}/${SETTCPENTRY_ARCH} COMPONENT ${component}_mock EXCLUDE_FROM_ALL)
  install(DIRECTORY ${SETTCPENTRY_STAGE}/lib/${SETTCPENTRY_ARCH}/ DESTINATION ${libraries} ${as})
  install(FILES include/settcpentry.h DESTINATION ${headers} ${as})

  set(made ${PROJECT_BINARY_DIR}/install/${component})
  configure_package_config_file(cmake/settcpentry-config.cmake.in ${made}/settcpentry-config.cmake
    INSTALL_DESTINATION ${package}
    PATH_VARS CMAKE_INSTALL_BINDIR CMAKE_INSTALL_LIBDIR CMAKE_INSTALL_INCLUDEDIR MOCKDIR
    NO_SET_AND_CHECK_MACRO)
  write_basic_package_version_file(${made}/settcpentry-config-version.cmake
    COMPATIBILITY SameMinorVersion ARCH_INDEPENDENT)
  install(FILES ${made}/settcpentry-config.cmake ${made}/settcpentry-config-version.cmake
    DESTINATION ${package} ${as})

  foreach(dir BINDIR LIBDIR)
    GNUInstallDirs_get_absolute_install_dir(CMAKE_INSTALL_FULL_${dir} CMAKE_INSTALL_${dir} ${dir})
  endforeach()
  set(pkgconfig ${CMAKE_INSTALL_FULL_LIBDIR}/${SETTCPENTRY_ARCH}/pkgconfig)
  file(RELATIVE_PATH TO_INCLUDE ${pkgconfig} ${CMAKE_INSTALL_FULL_INCLUDEDIR}/settcpentry)
  file(RELATIVE_PATH TO_BIN ${pkgconfig} ${CMAKE_INSTALL_FULL_BINDIR}/${SETTCPENTRY_ARCH})
  set(description_iphlp "SetTcpEntry that works")
  set(description_iphlpapi "The system's iphlpapi.dll with a SetTcpEntry that works")
  foreach(name iphlp iphlpapi)
    set(description ${description_${name}})
    configure_file(cmake/library.pc.in ${made}/${name}.pc @ONLY)
    install(FILES ${made}/${name}.pc DESTINATION ${libraries}/pkgconfig ${as})
  endforeach()
endfunction()

install_windows_parts(Unspecified ${CMAKE_INSTALL_BINDIR} ${CMAKE_INSTALL_LIBDIR} mock)
# Debian has no folders in /usr/bin, and none of that kind in /usr/lib.
install_windows_parts(debian lib/settcpentry lib/settcpentry ${CMAKE_INSTALL_DATADIR}/settcpentry/mock EXCLUDE_FROM_ALL)
