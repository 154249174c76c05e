# shellcheck shell=bash disable=SC2034,SC2154 # _init_completion sets what its callers declare
# SPDX-License-Identifier: MIT
# What bash offers behind settcpentry-wine, tcpdrop and settcpentry-host. bash-completion loads it by a command's
# name, so it is installed by each of them.

# Of these words those that begin as the one that is typed does.
_settcpentry_offer() { # WORD...
  local word
  for word; do
    [[ $word != "$cur"* ]] || COMPREPLY+=("$word")
  done
}

# As settcpentry-wine has it.
_settcpentry_steam_libraries() {
  local root
  for root in "$HOME/.steam/steam" "$HOME/.local/share/Steam" \
    "$HOME/.var/app/com.valvesoftware.Steam/.local/share/Steam"; do
    [ -d "$root/steamapps" ] || continue
    printf '%s\n' "$root"
    sed -nE 's/^[[:space:]]*"path"[[:space:]]+"(.*)"$/\1/p' "$root/steamapps/libraryfolders.vdf" 2>/dev/null || true
  done
}

# The application ids of those that have a prefix: "4711 (Its name)".
_settcpentry_steam_games() {
  local library folder id name
  while read -r library; do
    for folder in "$library"/steamapps/compatdata/[0-9]*/pfx/drive_c; do
      [ -d "$folder" ] || continue
      id=${folder%/pfx/drive_c} id=${id##*/}
      name=$(sed -nE 's/^[[:space:]]*"name"[[:space:]]+"(.*)"$/\1/p' \
        "$library/steamapps/appmanifest_$id.acf" 2>/dev/null)
      printf '%s\n' "$id${name:+ ($name)}"
    done
  done < <(_settcpentry_steam_libraries) | sort -u
}

# Names are for lists: not where only one is left, nor for menu-complete (37) and insert-completions (42).
_settcpentry_offer_games() {
  local games
  mapfile -t games < <(_settcpentry_steam_games)
  _settcpentry_offer "${games[@]}"
  if [ "${#COMPREPLY[@]}" = 1 ] || [[ $COMP_TYPE =~ ^(37|42)$ ]]; then
    COMPREPLY=("${COMPREPLY[@]%% *}")
  fi
}

_settcpentry_wine() {
  local cur prev words cword split i command='' program='' options=(--prefix --steam)
  _init_completion -s || return
  case $prev in
    --prefix) _filedir -d; return ;;
    --steam) _settcpentry_offer_games; return ;;
    --help | --version) return ;;
  esac
  for ((i = 1; i < cword; i++)); do
    case ${words[i]} in
      --prefix | --steam) ((i++)) ;;
      --all) program=${words[i]} ;;
      -*) ;;
      *) if [ -z "$command" ]; then command=${words[i]}; else program=${words[i]}; fi ;;
    esac
  done
  [[ ! $command =~ ^(doctor|status|)$ ]] || options+=(--json)
  [ -n "$program" ] || [ "$command" = doctor ] || options+=(--all)
  [ -n "$command" ] || options+=(--help --version)
  if [[ $cur == -* ]]; then
    _settcpentry_offer "${options[@]}"
  elif [ -z "$command" ]; then
    _settcpentry_offer doctor status enable disable
  elif [ -z "$program" ]; then
    _filedir '[Ee][Xx][Ee]'
  fi
}

# The two ends of each connection that this user may close. ss adds an interface to some, as in [fe80::1]%eth0:80.
_settcpentry_connections() {
  ss -Htne 2>/dev/null | awk -v user="$EUID" '
    user == 0 || $0 ~ " uid:" user " " { sub(/%.*:/, ":", $4); sub(/%.*:/, ":", $5); print $4, $5 }'
}

_tcpdrop() {
  local cur prev words cword near far
  _init_completion -n : || return
  case $prev in
    --state)
      _settcpentry_offer all established syn-sent syn-received fin-wait-1 fin-wait-2 close-wait closing last-ack \
        time-wait listen closed
      return
      ;;
    --pid) _pids; return ;;
    --process) _pnames; return ;;
  esac
  if [[ $cur == -* ]]; then
    _settcpentry_offer --list --close --yes --dry-run --watch --all --long --json --commands --resolve --local \
      --remote --state --pid --process -4 -6 --help --version
    return
  fi
  while read -r near far; do
    case $prev:$cword in
      --local:*) _settcpentry_offer "$near" ;;
      --remote:*) _settcpentry_offer "$far" ;;
      *:1) _settcpentry_offer "$near" ;;
      *:2) [ "$near" != "${words[1]}" ] || _settcpentry_offer "$far" ;;
    esac
  done < <(_settcpentry_connections)
  __ltrim_colon_completions "$cur"
}

_settcpentry_host() {
  local cur prev words cword split
  _init_completion -s || return
  case $prev:$split in
    --page:* | --check:true) _filedir ;;
    *)
      if [ "$cword" = 1 ]; then
        _settcpentry_offer --serve --check --page --stdio --help --version
      elif [ "${words[1]}" = --serve ]; then
        _filedir -d
      fi
      ;;
  esac
}

complete -F _settcpentry_wine settcpentry-wine
complete -F _tcpdrop tcpdrop
complete -F _settcpentry_host settcpentry-host
