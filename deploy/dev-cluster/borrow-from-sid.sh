#!/bin/bash
# A hook of mmdebstrap: installs into ROOT what its suite lacks from sid, and nothing else from there.
#   borrow-from-sid.sh PACKAGE ROOT
set -euo pipefail
package=$1 root=$2
suite=$(. "$root/etc/os-release" && echo "$VERSION_CODENAME")
grep -m1 " $suite main" "$root/etc/apt/sources.list" | sed "s/ $suite main/ sid main/" >"$root/etc/apt/sources.list.d/sid.list"
printf 'Package: *\nPin: release n=sid\nPin-Priority: 1\n' >"$root/etc/apt/preferences.d/sid"
chroot "$root" apt-get -q update
DEBIAN_FRONTEND=noninteractive chroot "$root" apt-get -q -y --no-install-recommends install "$package"
