# SPDX-License-Identifier: MIT
# cmake -DLOG=FILE -DCODES=docs/return-codes.md -P every_code.cmake: has each pair of code and LastError that the
# document lists been given to the program that wrote this log?
cmake_minimum_required(VERSION 3.21)
file(READ ${LOG} log)
file(STRINGS ${CODES} rows REGEX "^\\| [0-9]+ `")
list(LENGTH rows count)
if(count EQUAL 0)
  message(FATAL_ERROR "${CODES} has no codes")
endif()

function(expect code last_error)
  if(last_error STREQUAL "the same")
    set(last_error ${code})
  elseif(last_error MATCHES "^([0-9]+) ")
    set(last_error ${CMAKE_MATCH_1})
  else() # unchanged
    set(last_error [0-9]+)
  endif()
  if(NOT log MATCHES "\"code\":${code},\"lastError\":${last_error}}")
    message(SEND_ERROR "${code} with LastError ${last_error} was not reached")
  endif()
endfunction()

foreach(row IN LISTS rows)
  # | 317 `NAME`; IPv6: 1168 `NAME` | 1168 `NAME` | ... becomes a list: the ; has to go before.
  string(REPLACE ";" "," row "${row}")
  if(NOT row MATCHES "^\\| ([0-9]+) `[A-Z_0-9]+`(, IPv6: ([0-9]+) `[A-Z_0-9]+`)? \\| ([^|]+) \\|")
    message(FATAL_ERROR "not understood: ${row}")
  endif()
  set(ipv4 ${CMAKE_MATCH_1})
  set(ipv6 ${CMAKE_MATCH_3})
  set(last_error "${CMAKE_MATCH_4}")
  expect(${ipv4} "${last_error}")
  if(ipv6)
    expect(${ipv6} "${last_error}")
  endif()
endforeach()
message(STATUS "code and LastError of each of ${count} documented answers were given")
