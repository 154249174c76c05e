#!/bin/sh
# SPDX-License-Identifier: MIT
# install.sh [--prefix FOLDER] [--group GROUP]: installs what lies beside it, by default to /usr/local, and gives
# settcpentry-host its capability; with --group to members of that group alone. It asks nothing, and says what it did.
set -eu
umask 022
PATH=$PATH:/usr/sbin:/sbin
prefix=/usr/local group=''
die() { printf 'install.sh: %s\n' "$*" >&2; exit 1; }
while [ $# -gt 0 ]; do
  case $1 in
    --prefix) [ -n "${2:-}" ] || die "--prefix wants a folder"; prefix=${2%/}; shift ;;
    --group) [ -n "${2:-}" ] || die "--group wants a group"; group=$2; shift ;;
    *) die "usage: install.sh [--prefix FOLDER] [--group GROUP]" ;;
  esac
  shift
done
case $prefix in
  [!/]* | *[!A-Za-z0-9/._+-]*) die "$prefix is no absolute path of letters, digits and . _ + -" ;;
esac
here=$(cd "$(dirname "$0")" && pwd -P)

# Whoever else may write to one of the folders on the way could put another file in the helper's place.
for folder in "$prefix/libexec" "$prefix/share/settcpentry" "$(readlink -m "$prefix")"; do
  while [ -n "$folder" ]; do
    if [ -n "$(find -H "$folder" -maxdepth 0 \( ! -uid 0 -o -perm /022 ! -perm -1000 \) 2>/dev/null)" ]; then
      die "$folder can be written by others than root: give another place by --prefix"
    fi
    folder=${folder%/*}
  done
done

[ "$(id -u)" = 0 ] || die "only root can give a file a capability: sudo $0"
[ "$prefix" != /usr ] || die "/usr is for the distribution's own packages: give another place by --prefix"
command -v setcap >/dev/null || die "there is no setcap here: it is in the package libcap2-bin, libcap or libcap-progs"
setpriv --help 2>&1 | grep -q securebits || die "there is no setpriv with --securebits here: it is in util-linux"
[ -z "$group" ] || getent group "$group" >/dev/null || die "there is no group $group"

# On a file of our own, before anything else is there. Root has all capabilities anyway, unless it says that it has not.
made='' recording=''
[ -d "$prefix" ] || made=$prefix
mkdir -p "$prefix"
[ "$here" != "$(cd "$prefix" && pwd -P)" ] || die "unpacked in $prefix itself: unpack it elsewhere"
trial=$prefix/.settcpentry-trial record=$prefix/share/settcpentry helper=$prefix/libexec/settcpentry-host
leave_no_trial() {
  [ -z "$recording" ] || cat "$trial" >>"$record/installed" # so that what is there can be removed
  rm -f "$trial"
  [ -z "$made" ] || rmdir "$made" 2>/dev/null || true
}
trap leave_no_trial EXIT
trap 'exit 1' HUP INT TERM
install -m 700 "$here/libexec/settcpentry-host" "$trial" || die "$prefix cannot be written"
setcap cap_net_admin+ep "$trial" 2>/dev/null ||
  die "the file system of $prefix cannot hold capabilities: give another one by --prefix"
setpriv --securebits=+noroot "$trial" --check | grep -q 'cap_net_admin: yes' ||
  die "a capability is of no use in $prefix: is it mounted nosuid? Give another one by --prefix"
rm "$trial"

files() { (cd "$here" && find bin lib libexec share -type f) | sort; }
is_ours() { grep -qxF "$1" "$record/installed" 2>/dev/null; }
taken=$(files | while read -r file; do
  is_ours "$file" || [ ! -e "$prefix/$file" ] || printf ' %s' "$prefix/$file"
done)
[ -z "$taken" ] || die "there already, and not from here:$taken"
# A group that was given once stays, until it is removed.
if [ -z "$group" ] && [ "$(stat -c %a "$helper" 2>/dev/null)" = 750 ]; then
  group=$(stat -c %G "$helper")
fi

# What was installed is written down, and which folders were made for it: those end with a slash.
make_folder() { # PATH, relative
  [ ! -d "$prefix/$1" ] || return 0
  case $1 in */*) make_folder "${1%/*}" ;; esac
  mkdir "$prefix/$1"
  printf '%s/\n' "$1" >>"$trial"
}
: >"$trial" # the record, until there is a folder for it
[ -z "$made" ] || printf '/\n' >>"$trial"
make_folder share/settcpentry
made='' recording=yes
printf 'share/settcpentry/uninstall.sh\n' >>"$trial"
install -m 755 "$here/uninstall.sh" "$record/uninstall.sh"
files | while read -r file; do
  make_folder "${file%/*}"
  mode=644
  case $file in
    bin/*/*) ;; # for Windows
    bin/* | libexec/*) mode=755 ;;
  esac
  printf '%s\n' "$file" >>"$trial"
  install -o 0 -g 0 -m "$mode" "$here/$file" "$prefix/$file"
done
if [ -f "$record/installed" ]; then # by an older one: its folders are ours still, its files perhaps no more
  grep '/$' "$record/installed" >>"$trial" || true
  grep -v '/$' "$record/installed" | grep -vxFf "$trial" | while read -r file; do rm -f "$prefix/$file"; done || true
fi
sort -u "$trial" >"$record/installed"
recording=''
rm "$trial"
sed -i "s|^ExecStart=.* --serve|ExecStart=$helper --serve|" "$prefix/lib/systemd/user/settcpentry-host.service"
if [ -n "$group" ]; then
  chgrp "$group" "$helper"
  chmod 750 "$helper"
fi
setcap cap_net_admin+ep "$helper" # last: a change of owner takes it away
echo "Installed $(grep -vc '/$' "$record/installed") files in $prefix."
echo "$helper has CAP_NET_ADMIN${group:+, for members of $group alone}."
case $prefix in
  /usr/local | /opt/settcpentry) ;;
  *) echo "The DLLs do not look there by themselves: set SETTCPENTRY_HOST=$helper" ;;
esac
echo "For containers: systemctl --user enable --now $prefix/lib/systemd/user/settcpentry-host.service"
echo "To try it: $prefix/bin/settcpentry-wine doctor   To remove it: $record/uninstall.sh"
