# SPDX-License-Identifier: MIT
# clang and lld-link in the place of MSVC's cl and link: -DSETTCPENTRY_ARCH=x86, amd64 or arm64, and
# -DMSVC_SDK=FOLDER, made by sdk.sh. Headers are Wine's.
set(CMAKE_TRY_COMPILE_PLATFORM_VARIABLES SETTCPENTRY_ARCH MSVC_SDK)
set(CMAKE_SYSTEM_NAME Windows)
set(processor_x86 i686)
set(processor_amd64 x86_64)
set(processor_arm64 aarch64)
set(CMAKE_SYSTEM_PROCESSOR ${processor_${SETTCPENTRY_ARCH}})
set(CMAKE_C_COMPILER clang)
set(CMAKE_CXX_COMPILER clang++)

# Wine's headers define what clang has built in, for MSVC, itself.
set(built_in CompareExchange128)
if(SETTCPENTRY_ARCH STREQUAL "x86")
  list(APPEND built_in And64 CompareExchangePointer Decrement64 ExchangeAdd64 ExchangePointer Increment64 Or64 Xor64)
endif()
list(TRANSFORM built_in REPLACE "(.+)" "-D_Interlocked\\1=WinesInterlocked\\1")
list(JOIN built_in " " built_in)
foreach(language C CXX)
  set(CMAKE_${language}_COMPILER_TARGET ${CMAKE_SYSTEM_PROCESSOR}-pc-windows-msvc)
  set(CMAKE_${language}_FLAGS_INIT "-D_MSVCR_VER=0 ${built_in}")
  set(CMAKE_${language}_STANDARD_INCLUDE_DIRECTORIES /usr/include/wine/wine/msvcrt /usr/include/wine/wine/windows)
  set(CMAKE_${language}_STANDARD_LIBRARIES "" CACHE STRING "")
endforeach()
set(CMAKE_EXE_LINKER_FLAGS_INIT "-fuse-ld=lld-link -Wl,/libpath:${MSVC_SDK},/defaultlib:msvcrt,/defaultlib:kernel32")
set(CMAKE_MSVC_RUNTIME_LIBRARY "")
