# SPDX-License-Identifier: MIT
# The reader of export names, under sanitizers; and as a fuzz target where there is clang.
set(dll ${CMAKE_SOURCE_DIR}/src/dll)

add_executable(test_pe_exports test_pe_exports.c ${dll}/pe_exports.c)
target_include_directories(test_pe_exports PRIVATE ${CMAKE_SOURCE_DIR}/tests ${dll})
target_link_libraries(test_pe_exports PRIVATE cmocka sanitized)
add_test(NAME test_pe_exports COMMAND test_pe_exports)

find_program(CLANG clang)
if(CLANG)
  set(fuzz ${CMAKE_CURRENT_BINARY_DIR}/fuzz/pe_exports)
  file(MAKE_DIRECTORY ${CMAKE_CURRENT_BINARY_DIR}/fuzz/corpus)
  set(fuzz_sources ${CMAKE_SOURCE_DIR}/tests/fuzz/fuzz_pe_exports.c ${dll}/pe_exports.c)
  add_custom_command(OUTPUT ${fuzz}
    COMMAND ${CLANG} -std=c11 -O1 -g -fsanitize=fuzzer,address,undefined -fno-sanitize-recover=all
            -I${dll} -o ${fuzz} ${fuzz_sources}
    DEPENDS ${fuzz_sources} ${dll}/pe_exports.h VERBATIM)
  add_custom_target(fuzz_pe_exports ALL DEPENDS ${fuzz})
  # The seeds are our own DLLs, as far as they are built.
  add_test(NAME fuzz_pe_exports_short
    COMMAND ${fuzz} -runs=20000 -seed=1 -max_len=70000 ${CMAKE_CURRENT_BINARY_DIR}/fuzz/corpus
            ${SETTCPENTRY_STAGE}/bin)
endif()
