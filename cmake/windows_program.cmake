# SPDX-License-Identifier: MIT
include(${PROJECT_SOURCE_DIR}/cmake/windows_floor.cmake)

# add_windows_program(NAME VERSION DESCRIPTION SOURCE...): NAME.exe for the command line, for that version of Windows
# and later ones. It is put beside iphlp.dll, which it uses: so it works under Wine without an override.
function(add_windows_program name version description)
  set(common ${PROJECT_SOURCE_DIR}/src/common)
  set(FILE_NAME ${name}.exe)
  set(FILE_TYPE VFT_APP)
  set(FILE_DESCRIPTION "${description}")
  set(FILE_MANIFEST "1 24 \"${PROJECT_SOURCE_DIR}/cmake/as_invoker.manifest\"") # RT_MANIFEST
  configure_file(${PROJECT_SOURCE_DIR}/cmake/version.rc.in ${name}.rc @ONLY)
  add_executable(settcpentry_${name} ${ARGN} ${CMAKE_CURRENT_BINARY_DIR}/${name}.rc
    ${common}/answer.c ${common}/command_line.c ${common}/command_line_windows.c ${common}/meaning.c
    ${common}/mib_row.c ${common}/wine.c)
  target_link_libraries(settcpentry_${name} PRIVATE settcpentry::iphlp ws2_32)
  target_compile_definitions(settcpentry_${name} PRIVATE _WIN32_WINNT=0x0600 UNICODE _UNICODE)
  target_link_options(settcpentry_${name} PRIVATE -municode -static)
  link_for_windows(settcpentry_${name} ${version})
  set_target_properties(settcpentry_${name} PROPERTIES OUTPUT_NAME ${name}
    RUNTIME_OUTPUT_DIRECTORY ${SETTCPENTRY_STAGE}/bin/${SETTCPENTRY_ARCH})
endfunction()
