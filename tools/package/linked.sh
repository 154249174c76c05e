# shellcheck shell=bash disable=SC2154 # sourced by tools/package.sh
# SPDX-License-Identifier: MIT
# What is in our programs that is not ours: each is linked once more as it was, and the linker says what it takes.

# link_again PRESET PROGRAM ARGUMENT...: to $packing/again, where it has to be the same.
link_again() {
  local preset=$1 program=$2 command again
  shift 2
  again=$packing/again/$(basename "$program") # its name is in it
  mkdir -p "$packing/again"
  command=$(ninja -C "build/$preset" -t commands -s "$program" | tail -n 1)
  [[ $command == *" -o $program "*" && :" ]] || { echo "$program is not linked as expected: $command" >&2; return 1; }
  command=${command/" -o $program "/" -o '$again' "}
  (cd "build/$preset" && sh -c "${command%" && :"} $*") && cmp "$again" "$program"
}

# linked_files PRESET PROGRAM: the archives that it has parts of, and objects, by their paths; none of ours, as those
# are relative. GNU's linker writes a map; lld says the archives' names while it works.
linked_files() {
  if [ "$1" = arm64 ]; then
    link_again "$@" -Wl,--verbose >"$packing/map" 2>&1
    sed -nE "s|.*: Loaded ([^/(]+\.a)\(.*|$root/build/arm64-sysroot/lib/\1|p; s|.*: Reading (/.*\.o)$|\1|p" \
      "$packing/map"
  else
    link_again "$@" "-Wl,-Map='$packing/map'"
    sed -nE 's/^(\/[^(]+\.a)\(.*/\1/p; s/^LOAD (\/.*\.o)$/\1/p' "$packing/map"
  fi | xargs -r realpath | sort -u
}

# origins FILE...: "FILE PACKAGE VERSION SOURCE COPYRIGHT-FILE", by Debian's package that it was installed by, or from
# whose source build/arm64-sysroot was made; without what is ours there, in place of GCC's.
origins() {
  local file system=() source version package
  source=$(echo build/source/mingw-w64-*/debian)
  version=$(dpkg-parsechangelog -l "$source/changelog" -S Version)
  for file; do
    case $file in
      "$root"/build/arm64-sysroot/lib/libgcc*) ;;
      "$root"/build/arm64-sysroot/*) echo "$file mingw-w64 $version mingw-w64 $source/copyright" ;;
      *) system+=("$file") ;;
    esac
  done
  # shellcheck disable=SC2016 # dpkg's variables
  dpkg -S "${system[@]}" | sed 's|^\(.*\): /|\1 /|' | while read -r package file; do
    dpkg-query -W -f "$file "'${Package} ${Version} ${source:Package} /usr/share/doc/${Package}/copyright\n' "$package"
  done
}

# programs_in FOLDER [FIND-ARGUMENT...]: what was linked, for Linux or Windows, by its first bytes.
programs_in() {
  # shellcheck disable=SC2016 # the inner shell's
  find "$@" -type f -exec sh -c 'for file; do
    case $(head -c 4 "$file" | tr -d "\0") in MZ* | ?ELF) printf "%s\n" "$file" ;; esac
  done' sh {} + | LC_ALL=C sort
}

# programs_of PRESET: those that it built.
programs_of() {
  case $1 in
    linux) programs_in "$root/stage/bin" "$root/stage/libexec" -maxdepth 1 ;;
    *) programs_in "$root/stage/bin/$1" "$root/stage/mock/$1" ;;
  esac
}

# linked_parts: "PROGRAM FILE PACKAGE VERSION SOURCE COPYRIGHT-FILE", for all that was built; PROGRAM is
# settcpentry-host, x86/iphlp.dll, or mock/x86/iphlp.dll.
linked_parts() {
  local preset program name file
  for preset in linux "${windows[@]}"; do
    while read -r program; do
      name=${program#"$root"/stage/}
      name=${name#bin/}
      linked_files "$preset" "$program" | sed "s|^|${name#libexec/} |"
    done < <(programs_of "$preset")
  done >"$packing/taken"
  # shellcheck disable=SC2046 # all are words
  origins $(cut -d' ' -f2 "$packing/taken" | sort -u) >"$packing/origins"
  while read -r program file; do
    sed -n "s|^$file |$program ${file##*/} |p" "$packing/origins"
  done <"$packing/taken"
}
