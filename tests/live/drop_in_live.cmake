# SPDX-License-Identifier: MIT
# The live tests again, with a program that gets SetTcpEntry from our iphlpapi.dll beside it, in each
# of the three ways in which programs come by a DLL.
include(${PROJECT_SOURCE_DIR}/cmake/exports.cmake)
set(live_folder ${CMAKE_CURRENT_BINARY_DIR}/drop_in_live)
set(imports ${PROJECT_BINARY_DIR}/src/dll/iphlpapi-import.def)

# close_connection_NAME.exe; what else it is linked with, and made of
function(add_live_program name)
  set(program close_connection_${name})
  add_executable(${program} ${PROJECT_SOURCE_DIR}/examples/close_connection.c)
  target_include_directories(${program} PRIVATE ${PROJECT_SOURCE_DIR}/include)
  target_link_libraries(${program} PRIVATE ${ARGN} ws2_32)
  set_target_properties(${program} PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${live_folder})
  # Without the program that never ends: how a program dies is the same for all.
  add_ring_test(test_live_${name} 300 ${live}/test_live $<TARGET_FILE:${program}>)
  set_tests_properties(test_live_${name} PROPERTIES
    ENVIRONMENT "${test_environment};WINEDLLOVERRIDES=iphlpapi=n,b")
endfunction()

add_live_program(imported settcpentry::iphlpapi)

if(SETTCPENTRY_ARCH STREQUAL "arm64") # lld delays what it is told to, GNU's linker has libraries for it
  add_live_program(delayed settcpentry::iphlpapi -Wl,--delayload=iphlpapi.dll delayimp)
else()
  add_custom_command(OUTPUT libiphlpapi-delayed.a
    COMMAND ${CMAKE_DLLTOOL} -k -m ${DLLTOOL_MACHINE} -d ${imports} -y libiphlpapi-delayed.a
    DEPENDS settcpentry_iphlpapi_import ${imports} VERBATIM)
  add_custom_target(delayed_library DEPENDS libiphlpapi-delayed.a)
  add_live_program(delayed ${CMAKE_CURRENT_BINARY_DIR}/libiphlpapi-delayed.a delayimp)
  add_dependencies(close_connection_delayed delayed_library settcpentry_iphlpapi)
endif()

add_library(by_load_library STATIC by_load_library.c)
target_include_directories(by_load_library PRIVATE ${PROJECT_SOURCE_DIR}/include)
add_live_program(loaded by_load_library)

# With native alone, Wine's own DLL cannot be loaded; the helper does not need it.
add_ring_test(test_live_native_alone 300 ${live}/test_live $<TARGET_FILE:close_connection_imported>)
set_tests_properties(test_live_native_alone PROPERTIES
  ENVIRONMENT "${test_environment};WINEDLLOVERRIDES=iphlpapi=n")

add_custom_target(drop_in_live ALL
  COMMAND ${CMAKE_COMMAND} -E make_directory ${live_folder}
  COMMAND ${CMAKE_COMMAND} -E copy_if_different $<TARGET_FILE:settcpentry_iphlpapi> ${live_folder})
add_dependencies(drop_in_live settcpentry_iphlpapi)
