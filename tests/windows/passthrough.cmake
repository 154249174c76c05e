# SPDX-License-Identifier: MIT
# Our iphlpapi.dll between a program and the system's DLL.  The tests run in a prefix of their own,
# where stand-ins take the place of the system's DLL.
include(${CMAKE_SOURCE_DIR}/cmake/exports.cmake)
find_path(CMOCKA_INCLUDE cmocka.h REQUIRED)
find_library(CMOCKA_LIBRARY NAMES cmocka-static REQUIRED)

# ---- the programs ----

# One folder with ours beside them, and one without.
set(drop_in_folder ${CMAKE_CURRENT_BINARY_DIR}/drop_in)
set(bare_folder ${CMAKE_CURRENT_BINARY_DIR}/bare)

add_library(drop_in OBJECT drop_in.c probe_${SETTCPENTRY_ARCH}.S)
if(NOT SETTCPENTRY_ARCH STREQUAL "x86")
  target_sources(drop_in PRIVATE probe_handler.c)
endif()
target_include_directories(drop_in PUBLIC ${CMAKE_SOURCE_DIR}/tests ${CMAKE_SOURCE_DIR}/include
  ${CMAKE_SOURCE_DIR}/def ${CMAKE_CURRENT_SOURCE_DIR})
target_include_directories(drop_in SYSTEM PUBLIC ${CMOCKA_INCLUDE})
target_compile_definitions(drop_in PUBLIC WIN32_LEAN_AND_MEAN _WIN32_WINNT=0x0600)
target_link_libraries(drop_in PUBLIC ${CMOCKA_LIBRARY})

set(drop_in_copies)
foreach(name names identity exact threads missing import fault)
  add_executable(test_passthrough_${name} test_passthrough_${name}.c)
  target_link_libraries(test_passthrough_${name} PRIVATE drop_in)
  set_target_properties(test_passthrough_${name} PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${drop_in_folder})
  list(APPEND drop_in_copies test_passthrough_${name})
endforeach()

target_link_libraries(test_passthrough_import PRIVATE iphlpapi-client)
target_link_libraries(test_passthrough_identity PRIVATE ntdll)

add_library(loads_in_dllmain MODULE loads_in_dllmain.c)
set_target_properties(loads_in_dllmain PROPERTIES PREFIX "" LIBRARY_OUTPUT_DIRECTORY ${drop_in_folder})
add_dependencies(test_passthrough_identity loads_in_dllmain)

add_custom_target(drop_in_folders ALL
  COMMAND ${CMAKE_COMMAND} -E copy_if_different $<TARGET_FILE:iphlpapi> ${drop_in_folder}
  COMMAND ${CMAKE_COMMAND} -E make_directory ${bare_folder}
  COMMAND ${CMAKE_COMMAND} -E copy_if_different $<TARGET_FILE:test_passthrough_names>
          $<TARGET_FILE:test_passthrough_exact> $<TARGET_FILE:test_passthrough_identity>
          $<TARGET_FILE:test_passthrough_missing> $<TARGET_FILE:loads_in_dllmain> ${bare_folder})
add_dependencies(drop_in_folders iphlpapi loads_in_dllmain ${drop_in_copies})

# ---- the stand-ins ----

add_custom_command(OUTPUT standin.def
  COMMAND ${CMAKE_C_COMPILER} -E -P -x assembler-with-cpp -I${CMAKE_SOURCE_DIR}/def -o standin.def
          ${CMAKE_CURRENT_SOURCE_DIR}/standin.def.in
  DEPENDS standin.def.in ${CMAKE_SOURCE_DIR}/def/exports.inc ${CMAKE_SOURCE_DIR}/def/thunks.inc VERBATIM)
add_library(standin MODULE standin.c standin_${SETTCPENTRY_ARCH}.S ${CMAKE_CURRENT_BINARY_DIR}/standin.def)
target_include_directories(standin PRIVATE ${CMAKE_SOURCE_DIR}/def ${CMAKE_CURRENT_SOURCE_DIR})
add_library(standin_few MODULE standin_few.c)
add_library(standin_nameless MODULE standin_nameless.c)
target_link_options(standin_nameless PRIVATE -Wl,--exclude-all-symbols)
file(WRITE ${CMAKE_CURRENT_BINARY_DIR}/standin_text.dll "This is no DLL.\n")

# ---- the tests ----

# add_drop_in_program(NAME PROGRAM TIMEOUT [FILES name=file...] [ENVIRONMENT name=value...])
function(add_drop_in_program name program timeout)
  cmake_parse_arguments(PARSE_ARGV 3 arg "" "" "FILES;ENVIRONMENT")
  math(EXPR timeout "${timeout} * ${patience}")
  add_test(NAME passthrough_${name}
    COMMAND ${private_network} ${CMAKE_SOURCE_DIR}/tests/windows/in_prefix.sh drop-in
            ${arg_FILES} -- ${program})
  set_tests_properties(passthrough_${name} PROPERTIES TIMEOUT ${timeout} RESOURCE_LOCK drop_in_prefix
    ENVIRONMENT "WINEDLLOVERRIDES=iphlpapi=n,b;${arg_ENVIRONMENT}")
endfunction()

# add_drop_in_test(NAME TEST FOLDER TIMEOUT ...): the same for test_passthrough_TEST in FOLDER
function(add_drop_in_test name test folder timeout)
  add_drop_in_program(${name} ${folder}/test_passthrough_${test}.exe ${timeout} ${ARGN})
endfunction()

set(full iphlpapi.dll=$<TARGET_FILE:standin>)
set(few iphlpapi.dll=$<TARGET_FILE:standin_few>)
set(nameless iphlpapi.dll=$<TARGET_FILE:standin_nameless>)
set(text iphlpapi.dll=${CMAKE_CURRENT_BINARY_DIR}/standin_text.dll)

# Wine's own DLL behind ours; Debian's for arm64 is a placeholder, which has no names and cannot be put aside
if(NOT SETTCPENTRY_ARCH STREQUAL "arm64")
  add_drop_in_test(names names ${drop_in_folder} 60)
endif()
add_drop_in_test(identity identity ${drop_in_folder} 900)
add_drop_in_test(missing missing ${drop_in_folder} 60)
add_drop_in_test(import import ${drop_in_folder} 60)
# Nobody keeps the program from ending, and Wine says what it has to say.
foreach(case IN ITEMS "not_there|n,b|function IPHLPAPI.DLL.CloseCompartment"
    "not_loaded|n|function IPHLPAPI.DLL (the system's, which cannot be loaded).CloseCompartment")
  string(REPLACE "|" ";" case ${case})
  list(GET case 0 name)
  list(GET case 1 order)
  list(GET case 2 words)
  add_test(NAME passthrough_unhandled_${name}
    COMMAND ${private_network} ${CMAKE_CURRENT_SOURCE_DIR}/unhandled.sh ${words}
            ${CMAKE_CURRENT_SOURCE_DIR}/in_prefix.sh drop-in
            -- ${drop_in_folder}/test_passthrough_missing.exe unhandled)
  math(EXPR timeout "60 * ${patience}")
  set_tests_properties(passthrough_unhandled_${name} PROPERTIES TIMEOUT ${timeout} RESOURCE_LOCK drop_in_prefix
    ENVIRONMENT WINEDLLOVERRIDES=iphlpapi=${order})
endforeach()

add_executable(test_no_entry_point test_no_entry_point.c ${CMAKE_SOURCE_DIR}/src/dll/os_win32_passthrough.c)
target_include_directories(test_no_entry_point PRIVATE ${CMAKE_SOURCE_DIR}/src/dll)
target_link_libraries(test_no_entry_point PRIVATE drop_in)
add_ring_test(test_no_entry_point 60 wine $<TARGET_FILE:test_no_entry_point>)

add_drop_in_test(fault fault ${drop_in_folder} 60)
set_tests_properties(passthrough_fault PROPERTIES SKIP_RETURN_CODE 77)
# 126, ERROR_MOD_NOT_FOUND: with native alone, Wine's own cannot be loaded, but its names can be read
add_drop_in_test(missing_native_alone missing ${drop_in_folder} 60
  ENVIRONMENT WINEDLLOVERRIDES=iphlpapi=n DROP_IN_MISSING=126)
# stand-ins behind ours
add_drop_in_test(names_full names ${drop_in_folder} 60 FILES ${full})
add_drop_in_test(names_few names ${drop_in_folder} 60 FILES ${few})
add_drop_in_test(missing_few missing ${drop_in_folder} 60 FILES ${few})
add_drop_in_test(missing_nameless missing ${drop_in_folder} 60 FILES ${nameless} ENVIRONMENT DROP_IN_NAMELESS=1)
# 193: ERROR_BAD_EXE_FORMAT
add_drop_in_test(missing_unloadable missing ${drop_in_folder} 60 FILES ${text}
  ENVIRONMENT DROP_IN_NAMELESS=1 DROP_IN_MISSING=193)
add_drop_in_test(exact exact ${drop_in_folder} 120 FILES ${full})
add_drop_in_test(threads threads ${drop_in_folder} 120 FILES ${full})
# ours in the system's place, and the system's beside it
set(ours iphlpapi.dll=$<TARGET_FILE:iphlpapi>)
set(aside DROP_IN_SYSTEM=iphlpapi-system.dll)
add_drop_in_test(names_in_place names ${bare_folder} 60 ENVIRONMENT ${aside}
  FILES ${ours} iphlpapi-system.dll=$<TARGET_FILE:standin_few>)
add_drop_in_test(exact_in_place exact ${bare_folder} 120 ENVIRONMENT ${aside}
  FILES ${ours} iphlpapi-system.dll=$<TARGET_FILE:standin>)
if(NOT SETTCPENTRY_ARCH STREQUAL "arm64")
  add_drop_in_test(identity_in_place identity ${bare_folder} 120 ENVIRONMENT ${aside} DROP_IN_LOADS=200
    FILES ${ours} iphlpapi-system.dll=iphlpapi.dll)
endif()
add_drop_in_test(missing_aside missing ${bare_folder} 60 FILES ${ours}
  ENVIRONMENT DROP_IN_NAMELESS=1 DROP_IN_MISSING=126)
add_drop_in_test(ours_twice missing ${bare_folder} 60 FILES ${ours} iphlpapi-system.dll=$<TARGET_FILE:iphlpapi>
  ENVIRONMENT DROP_IN_NAMELESS=1 DROP_IN_MISSING=126)

# ---- a thunk broken on purpose, which forgets an argument when it is first called, is caught ----

set(dll ${CMAKE_SOURCE_DIR}/src/dll)
set(thunks ${dll}/passthrough_${SETTCPENTRY_ARCH}.S)
set(right_x86 "pushl %edx\n")
set(wrong_x86 "pushl %ecx\n")
set(right_amd64 "movq INTEGERS + 8(%rsp), %rdx\n")
set(wrong_amd64 "nop\n")
set(right_arm64 "ldp x0, x1, ")
set(wrong_arm64 "ldr x0, ")
set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${thunks})
file(READ ${thunks} right)
string(REPLACE "${right_${SETTCPENTRY_ARCH}}" "${wrong_${SETTCPENTRY_ARCH}}" wrong "${right}")
if(wrong STREQUAL right)
  message(FATAL_ERROR "${thunks} has changed: break it otherwise")
endif()
file(GENERATE OUTPUT broken_thunk.S CONTENT "${wrong}")
set(broken_folder ${CMAKE_CURRENT_BINARY_DIR}/broken)
add_library(broken_thunk MODULE ${dll}/dllmain_passthrough.c ${dll}/passthrough.c ${dll}/os_win32_passthrough.c
  ${dll}/pe_exports.c ${CMAKE_CURRENT_BINARY_DIR}/broken_thunk.S ${CMAKE_BINARY_DIR}/src/dll/iphlpapi.def)
target_include_directories(broken_thunk PRIVATE ${CMAKE_SOURCE_DIR}/def)
link_like_the_systems(broken_thunk front native host system)
set_target_properties(broken_thunk PROPERTIES OUTPUT_NAME iphlpapi PREFIX "" LIBRARY_OUTPUT_DIRECTORY ${broken_folder})
add_dependencies(broken_thunk iphlpapi)
add_custom_command(TARGET broken_thunk POST_BUILD
  COMMAND ${CMAKE_COMMAND} -E copy_if_different $<TARGET_FILE:test_passthrough_exact> ${broken_folder})
add_dependencies(broken_thunk test_passthrough_exact)
add_drop_in_test(broken_thunk_is_caught exact ${broken_folder} 120 FILES ${full})
set_tests_properties(passthrough_broken_thunk_is_caught PROPERTIES
  PASS_REGULAR_EXPRESSION "FAILED  . the_callee_receives_what_the_caller_gave")

# ---- the same output with ours as without ----

add_executable(same_output same_output.c wmi.c)
target_link_libraries(same_output PRIVATE -liphlpapi ws2_32 winhttp netapi32 rpcrt4 ole32 oleaut32
  wbemuuid)
set_target_properties(same_output PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${bare_folder})
add_custom_command(TARGET same_output POST_BUILD
  COMMAND ${CMAKE_COMMAND} -E make_directory ${drop_in_folder}
  COMMAND ${CMAKE_COMMAND} -E copy_if_different $<TARGET_FILE:same_output> ${drop_in_folder})
add_test(NAME passthrough_same_output
  COMMAND ${private_network} ${CMAKE_CURRENT_SOURCE_DIR}/same_output.sh ${CMAKE_CURRENT_SOURCE_DIR}/in_prefix.sh
          drop-in $<TARGET_FILE:iphlpapi>
          ${bare_folder}/same_output.exe ${drop_in_folder}/same_output.exe)
set_tests_properties(passthrough_same_output PROPERTIES TIMEOUT 180 RESOURCE_LOCK drop_in_prefix
  ENVIRONMENT "WINEDLLOVERRIDES=iphlpapi=n,b")

# ---- what it costs: in_prefix.sh drop-in -- passthrough_bench.exe; no test, for the machine may be busy ----

add_executable(passthrough_bench ${CMAKE_SOURCE_DIR}/tests/bench/passthrough_bench.c)
set_target_properties(passthrough_bench PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${drop_in_folder})
