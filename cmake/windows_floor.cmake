# SPDX-License-Identifier: MIT
# The first Windows for each architecture: 2000, XP x64 (Server 2003), 8.
set(first_windows_x86 5.0)
set(first_windows_amd64 5.2)
set(first_windows_arm64 6.2)

# link_for_windows(TARGET VERSION): for that version of Windows and later ones, or from its architecture's
# first one on; without symbols and time stamp.
function(link_for_windows target version)
  if(version VERSION_LESS first_windows_${SETTCPENTRY_ARCH})
    set(version ${first_windows_${SETTCPENTRY_ARCH}})
  endif()
  string(REPLACE "." ";" version ${version})
  list(GET version 0 major)
  list(GET version 1 minor)
  target_link_options(${target} PRIVATE -s -Wl,--no-insert-timestamp
    -Wl,--major-os-version=${major},--minor-os-version=${minor}
    -Wl,--major-subsystem-version=${major},--minor-subsystem-version=${minor})
endfunction()
