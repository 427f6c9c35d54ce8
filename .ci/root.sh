# shellcheck shell=sh
# SPDX-FileCopyrightText: 2026 The Grus developers
# SPDX-License-Identifier: ISC
# Makes a root of this Debian, with nothing installed but apt, for one run; source this. $folder keeps its packages for
# the next run, and $no_root says why there can't be one.

no_root=''
command -v mmdebstrap >/dev/null || no_root='no mmdebstrap'

# in_root LOG SCRIPT HOOK...: run a script there, as root, after the hooks of mmdebstrap(1) for what it needs. Then those
# for what it made, in $afterwards, run, whether it failed or not.
in_root() {
  log=$1 script=$2
  shift 2
  [ -z "$no_root" ] || return 1
  mkdir -p "$folder/packages"
  # The sources of packages, keys, proxies and other settings of downloads are this machine's own
  sources=$(find /etc/apt/sources.list /etc/apt/sources.list.d -name '*.list' -size +0 -o -name '*.sources' 2>/dev/null || true)
  [ -n "$sources" ] || sources=http://deb.debian.org/debian
  apt-config dump 2>/dev/null | grep '^Acquire::' >"$folder/apt.conf" || true
  # shellcheck disable=SC1091
  suite=$(. /etc/os-release && echo "${VERSION_CODENAME:-bookworm}")
  rm -f "$folder/started" "$folder/passed"
  # shellcheck disable=SC2086
  mmdebstrap --variant=apt --format=null --aptopt="$folder/apt.conf" --dpkgopt=force-unsafe-io \
    --skip=essential/unlink,download/empty --setup-hook='mkdir -p "$1/var/cache/apt/archives" "$1/grus" "$1/result"' \
    --setup-hook="sync-in '$folder/packages' /var/cache/apt/archives" \
    "$@" --customize-hook="upload '$script' /script" --customize-hook="touch '$folder/started'" \
    --customize-hook='if chroot "$1" env -i HOME=/root PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin \
      ${http_proxy:+"http_proxy=$http_proxy"} ${https_proxy:+"https_proxy=$https_proxy"} '"${settings:-}"' sh -eu /script; then
      touch '"'$folder/passed'; fi" \
    ${afterwards:+--customize-hook="$afterwards"} \
    --customize-hook="sync-out /var/cache/apt/archives '$folder/packages'" \
    "$suite" /dev/null $sources >"$log" 2>&1 </dev/null || true
  [ ! -e "$folder/passed" ] || return 0
  [ -e "$folder/started" ] ||
    no_root="mmdebstrap could not make a root: $(grep -m 1 '^E:' "$log" || tail -1 "$log")"
  return 1
}
