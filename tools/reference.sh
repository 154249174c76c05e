# shellcheck shell=bash disable=SC2154 # sourced by ./dev
# SPDX-License-Identifier: MIT
# The contract of the header, as a page.

cmd_reference() { # make build/reference/index.html, the contract that include/settcpentry.h has in its comments
  local to=build/reference
  need doxygen xsltproc
  rm -rf "$to"
  mkdir -p "$to"
  doxygen docs/Doxyfile
  xsltproc --stringparam version "$(package_version)" -o "$to/index.html" docs/reference.xsl \
    "$to/xml/settcpentry_8h.xml"
  rm -r "$to/xml" "$to/man"
}
