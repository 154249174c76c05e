# SPDX-License-Identifier: MIT
# The reader of export names, under sanitizers.
set(dll ${CMAKE_SOURCE_DIR}/src/dll)

add_executable(test_pe_exports test_pe_exports.c ${dll}/pe_exports.c)
target_include_directories(test_pe_exports PRIVATE ${CMAKE_SOURCE_DIR}/tests ${dll})
target_link_libraries(test_pe_exports PRIVATE cmocka sanitized)
add_test(NAME test_pe_exports COMMAND test_pe_exports)
