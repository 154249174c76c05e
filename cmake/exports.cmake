# SPDX-License-Identifier: MIT
# From def/exports.inc to .def files and import libraries; and DLLs to where programs find them.
find_program(LLVM_DLLTOOL NAMES llvm-dlltool llvm-dlltool-14 REQUIRED)
find_program(LLVM_LIB NAMES llvm-lib llvm-lib-14 REQUIRED)
find_program(LLD_LINK NAMES lld-link lld-link-14 REQUIRED)

# What GNU's and LLVM's dlltool call this architecture.
set(dlltool_x86 i386)
set(dlltool_amd64 i386:x86-64)
set(dlltool_arm64 arm64)
set(DLLTOOL_MACHINE ${dlltool_${SETTCPENTRY_ARCH}})

# preprocess_def(NAME DEFINITIONS OUTPUT): def/NAME.def.in, preprocessed, as OUTPUT in this build folder.
function(preprocess_def name definitions output)
  add_custom_command(OUTPUT ${output}
    COMMAND ${CMAKE_C_COMPILER} -E -P -x assembler-with-cpp ${definitions}
            -MD -MF ${CMAKE_CURRENT_BINARY_DIR}/${output}.d -MT ${CMAKE_CURRENT_BINARY_DIR}/${output}
            -o ${output} ${PROJECT_SOURCE_DIR}/def/${name}.def.in
    DEPENDS ${PROJECT_SOURCE_DIR}/def/${name}.def.in
    DEPFILE ${CMAKE_CURRENT_BINARY_DIR}/${output}.d
    VERBATIM)
endfunction()

# NAME.lib for MSVC, libNAME.a for MinGW, and NAME.def for whatever else makes libraries.  On x86 they have the
# names that compilers decorate, for the DLL's plain ones (-k).  With AS_SPELT the DLL has decorated ones, too,
# and its .def.in gives these alone, or all others.  Tools write the names of their files into libraries: one
# without a folder is the same everywhere.
function(add_import_libraries name folder)
  cmake_parse_arguments(PARSE_ARGV 2 arg "AS_SPELT" "" "")
  set(msvc ${folder}/${name}.lib)
  set(mingw ${folder}/lib${name}.a)
  set(def ${folder}/${name}.def)
  file(MAKE_DIRECTORY ${folder})
  preprocess_def(${name} -DIMPORT_LIBRARY ${name}-import.def)
  if(arg_AS_SPELT AND SETTCPENTRY_ARCH STREQUAL "x86")
    # llvm-dlltool's alias for a name that the DLL has decorated would do, but for /SAFESEH.
    preprocess_def(${name} "-DIMPORT_LIBRARY;-DPLAIN" ${name}-plain.def)
    preprocess_def(${name} "-DIMPORT_LIBRARY;-DAS_SPELT" ${name}-spelt.def)
    add_custom_command(OUTPUT ${msvc}
      COMMAND ${LLVM_DLLTOOL} -m ${DLLTOOL_MACHINE} -k -d ${name}-plain.def -l ${name}-plain.lib
      COMMAND ${LLD_LINK} /nologo /machine:x86 /def:${name}-spelt.def /out:${name}-spelt.lib
      COMMAND ${LLVM_LIB} /nologo /machine:x86 /out:${name}.lib ${name}-plain.lib ${name}-spelt.lib
      COMMAND ${CMAKE_COMMAND} -E copy ${name}.lib ${msvc}
      DEPENDS ${name}-plain.def ${name}-spelt.def BYPRODUCTS ${name}-plain.lib ${name}-spelt.lib ${name}.lib VERBATIM)
  else()
    add_custom_command(OUTPUT ${msvc}
      COMMAND ${LLVM_DLLTOOL} -m ${DLLTOOL_MACHINE} -k -d ${name}-import.def -l ${msvc}
      DEPENDS ${name}-import.def VERBATIM)
  endif()
  add_custom_command(OUTPUT ${mingw}
    COMMAND ${CMAKE_DLLTOOL} -m ${DLLTOOL_MACHINE} -k -d ${name}-import.def -l lib${name}.a
    COMMAND ${CMAKE_COMMAND} -E copy lib${name}.a ${mingw}
    DEPENDS ${name}-import.def BYPRODUCTS lib${name}.a VERBATIM)
  add_custom_command(OUTPUT ${def} COMMAND ${CMAKE_COMMAND} -E copy ${name}-import.def ${def}
    DEPENDS ${name}-import.def VERBATIM)
  add_custom_target(settcpentry_${name}_import ALL DEPENDS ${msvc} ${mingw} ${def})
  # GNU's linker sorts imports by the libraries' paths: in the build folder, ours has the same everywhere.
  # The same name as find_package gives it.
  add_library(settcpentry::${name} SHARED IMPORTED GLOBAL)
  set_target_properties(settcpentry::${name} PROPERTIES
    IMPORTED_LOCATION ${SETTCPENTRY_STAGE}/bin/${SETTCPENTRY_ARCH}/${name}.dll
    IMPORTED_IMPLIB ${CMAKE_CURRENT_BINARY_DIR}/lib${name}.a
    INTERFACE_INCLUDE_DIRECTORIES ${PROJECT_SOURCE_DIR}/include)
  add_dependencies(settcpentry::${name} settcpentry_${name}_import settcpentry_${name})
endfunction()

# A program finds a DLL beside it; it is put there again whenever the DLL was built anew.
function(put_dll_beside program dll)
  add_custom_target(${program}-${dll} ALL
    COMMAND ${CMAKE_COMMAND} -E copy_if_different $<TARGET_FILE:${dll}> $<TARGET_FILE_DIR:${program}>)
  add_dependencies(${program}-${dll} ${dll} ${program})
endfunction()
