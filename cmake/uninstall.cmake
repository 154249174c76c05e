# SPDX-License-Identifier: MIT
# Removes the files that install_manifest.txt names, which is in the folder of the build, and folders of ours that are
# empty then; those of the prefix stay.
file(STRINGS install_manifest.txt files)
foreach(file ${files})
  file(REMOVE "$ENV{DESTDIR}${file}")
  if(EXISTS "$ENV{DESTDIR}${file}")
    message(FATAL_ERROR "$ENV{DESTDIR}${file} cannot be removed: whose is it?")
  endif()
  cmake_path(GET file PARENT_PATH folder)
  while(folder MATCHES "/(settcpentry|x86|amd64|arm64|docs|releases|examples|pkgconfig)$")
    execute_process(COMMAND rmdir "$ENV{DESTDIR}${folder}" RESULT_VARIABLE failed ERROR_QUIET)
    if(failed)
      break()
    endif()
    cmake_path(GET folder PARENT_PATH folder)
  endwhile()
endforeach()
