# SPDX-License-Identifier: MIT
include(${PROJECT_SOURCE_DIR}/cmake/windows_floor.cmake)

# add_windows_program(NAME VERSION SOURCE...): NAME.exe for the command line, for that version of Windows and later
# ones. It is put beside iphlp.dll, which it uses: so it works under Wine without an override.
function(add_windows_program name version)
  set(common ${PROJECT_SOURCE_DIR}/src/common)
  add_executable(settcpentry_${name} ${ARGN} ${common}/answer.c ${common}/command_line.c ${common}/meaning.c
    ${common}/mib_row.c ${common}/wine.c)
  target_link_libraries(settcpentry_${name} PRIVATE settcpentry::iphlp ws2_32)
  target_compile_definitions(settcpentry_${name} PRIVATE _WIN32_WINNT=0x0600 UNICODE _UNICODE)
  target_link_options(settcpentry_${name} PRIVATE -municode -static)
  link_for_windows(settcpentry_${name} ${version})
  set_target_properties(settcpentry_${name} PROPERTIES OUTPUT_NAME ${name}
    RUNTIME_OUTPUT_DIRECTORY ${SETTCPENTRY_STAGE}/bin/${SETTCPENTRY_ARCH})
endfunction()
