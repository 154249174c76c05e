# SPDX-License-Identifier: MIT
# The reader of export names, under sanitizers; and as a fuzz target where there is clang.
set(dll ${CMAKE_SOURCE_DIR}/src/dll)

add_executable(test_pe_exports test_pe_exports.c ${dll}/pe_exports.c)
target_include_directories(test_pe_exports PRIVATE ${CMAKE_SOURCE_DIR}/tests ${dll})
target_link_libraries(test_pe_exports PRIVATE cmocka sanitized)
add_test(NAME test_pe_exports COMMAND test_pe_exports)

find_program(CLANG clang)

# add_fuzz_target(NAME SOURCE CORPUS...): tests/fuzz/fuzz_NAME.c with this source; in ctest a short run.
function(add_fuzz_target name source)
  cmake_path(GET source PARENT_PATH folder)
  set(fuzz ${CMAKE_CURRENT_BINARY_DIR}/fuzz/${name})
  set(corpus ${CMAKE_CURRENT_BINARY_DIR}/fuzz/corpus-${name})
  file(MAKE_DIRECTORY ${corpus})
  set(fuzz_sources ${CMAKE_SOURCE_DIR}/tests/fuzz/fuzz_${name}.c ${source})
  add_custom_command(OUTPUT ${fuzz}
    COMMAND ${CLANG} -std=gnu11 -O1 -g -fsanitize=fuzzer,address,undefined -fno-sanitize-recover=all
            -I${folder} -o ${fuzz} ${fuzz_sources}
    DEPENDS ${fuzz_sources} VERBATIM)
  add_custom_target(fuzz_${name} ALL DEPENDS ${fuzz})
  add_test(NAME fuzz_${name}_short
    COMMAND ${fuzz} -runs=20000 -seed=1 -max_len=70000 ${corpus} ${ARGN})
endfunction()

if(CLANG)
  # The seeds are our own DLLs, as far as they are built.
  add_fuzz_target(pe_exports ${dll}/pe_exports.c ${SETTCPENTRY_STAGE}/bin)
  add_fuzz_target(connection_name ${CMAKE_SOURCE_DIR}/src/tcpdrop/connection_name.c)
endif()
