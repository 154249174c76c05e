#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# new_user.sh PACKAGE: what somebody does who finds a package, the .deb or the archive for Linux, from installing it to
# removing it. It is run as root in a fresh Debian that has Wine and nothing of ours, as in a container; then an
# ordinary user goes on. In the end the system has to be as before. Not part of ./dev test, which has no such system.
set -euo pipefail
package=$(realpath "$1")
readonly package user=12345 home=/home/newcomer prefix=/opt/settcpentry
export DEBIAN_FRONTEND=noninteractive WINEDEBUG=-all
unset DISPLAY
fail() { echo "FAILED: $*"; exit 1; }
started=$SECONDS
step() { echo; echo "== $* ($((SECONDS - started)) s)"; }

as_user() {
  setpriv --reuid=$user --regid=$user --clear-groups env HOME=$home "PATH=$PATH" "$@"
}

# All that the system has, but for what runs, and what every package leaves in the packages' own records.
files() {
  find / -xdev \( -path /proc -o -path /sys -o -path /dev -o -path /run -o -path /tmp -o -path /var/cache \
    -o -path /var/log -o -path /var/lib/dpkg -o -path /var/lib/apt -o -path "$home" \
    -o -path "$(dirname "$package")" \) -prune -o \
    -type d -printf '%p %m %U %G\n' -o -printf '%p %m %U %G %s %l\n' | LC_ALL=C sort
}
configured() { dpkg-query -W -f '${Package} ${db:Status-Abbrev}\n'; }

# Two ends of a connection on 127.0.0.1: says their addresses, then what became of each when the peer's end is reset.
cat >/tmp/pair.pl <<'END'
use Socket;
$| = 1;
socket(my $listener, PF_INET, SOCK_STREAM, 0); bind($listener, sockaddr_in(0, INADDR_LOOPBACK)); listen($listener, 1);
socket(my $client, PF_INET, SOCK_STREAM, 0); connect($client, getsockname($listener)) or die;
accept(my $server, $listener) or die;
my ($local, $remote) = map { my ($port, $address) = sockaddr_in($_); inet_ntoa($address) . ":$port" }
  getsockname($client), getsockname($server);
print "$local $remote\n";
alarm 60;
for my $end ($server, $client) { print defined(sysread($end, my $data, 1)) ? "lives\n" : "$!\n" }
END

install() {
  case $package in
    *.deb)
      apt-get install -y --no-install-recommends "$package" >/tmp/install.log 2>&1 || fail "$(cat /tmp/install.log)" ;;
    *)
      unpacked=$(mktemp -d)
      tar -C "$unpacked" -xf "$package"
      "$unpacked/$(basename "$package" .tar.xz)/install.sh" --prefix $prefix
      PATH=$PATH:$prefix/bin ;;
  esac
}
remove() {
  case $package in
    *.deb) apt-get purge -y --autoremove settcpentry >/tmp/remove.log 2>&1 || fail "$(cat /tmp/remove.log)" ;;
    *) $prefix/share/settcpentry/uninstall.sh; rm -r "$unpacked" ;;
  esac
}

[ ! -e $home ] || fail "this is no fresh system: it has $home"
step "the user's Wine prefix, as it was before"
mkdir -p $home
chown $user:$user $home
as_user wine wineboot --init >/dev/null 2>&1 || fail "Wine makes no prefix"
as_user wineserver -w
mkdir -p $home/.wine/drive_c/games
case $package in
  *.deb) ;;
  *) apt-get install -y --no-install-recommends libcap2-bin xz-utils >/dev/null 2>&1 ;; # a fresh Debian has neither
esac
files >/tmp/before
configured >/tmp/configured-before

started=$SECONDS
step "install"
install
program=$(find /usr/lib/settcpentry $prefix -path '*amd64/tcpdrop.exe' 2>/dev/null || true)
cp "$program" $home/.wine/drive_c/games/game.exe
chown -R $user:$user $home/.wine/drive_c/games

step "settcpentry-wine doctor"
as_user settcpentry-wine doctor || fail "doctor"
step "settcpentry-wine enable"
as_user settcpentry-wine enable $home/.wine/drive_c/games/game.exe || fail "enable"
step "settcpentry-wine doctor, for the program"
as_user settcpentry-wine doctor $home/.wine/drive_c/games/game.exe || fail "doctor"
step "a connection between Linux programs is closed"
setpriv --reuid=$user --regid=$user --clear-groups perl /tmp/pair.pl >/tmp/pair 2>&1 &
while [ ! -s /tmp/pair ]; do sleep 0.05; done
read -r local remote </tmp/pair
as_user tcpdrop --close --yes --local "$local" --remote "$remote" || fail "tcpdrop"
wait
tail -n 2 /tmp/pair
tail -n 2 /tmp/pair | diff - <(printf '%s\n' "Connection reset by peer" "Software caused connection abort")
step "settcpentry-wine disable"
as_user settcpentry-wine disable $home/.wine/drive_c/games/game.exe || fail "disable"
[ "$(ls $home/.wine/drive_c/games)" = game.exe ] || fail "left behind: $(ls $home/.wine/drive_c/games)"
as_user wineserver -k || true
step "remove"
remove
files >/tmp/after
configured >/tmp/configured-after
diff /tmp/before /tmp/after || fail "the system is not as before"
diff /tmp/configured-before /tmp/configured-after || fail "packages are not as before"
step "removed: the system is as before"
