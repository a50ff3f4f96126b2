#!/bin/bash
# Runs a command inside a root file system, in a mount namespace that ends with it.
#   in-root.sh ROOT [SOURCE:TARGET]... -- COMMAND...
# ROOT is a folder, which the command may change, or a squashfs file, whose changes are thrown away.
set -euo pipefail
[[ ${IN_ROOT_UNSHARED:-} ]] || IN_ROOT_UNSHARED=1 exec unshare --mount --pid --fork --kill-child --propagation private -- "$0" "$@"
unset IN_ROOT_UNSHARED
root=$1
shift
if [[ -f $root ]]; then
    image=$root
    mount -t tmpfs -o mode=755 tmpfs /mnt
    mkdir /mnt/{lower,upper,work,root}
    mount -t squashfs -o loop,ro "$image" /mnt/lower
    mount -t overlay overlay -o lowerdir=/mnt/lower,upperdir=/mnt/upper,workdir=/mnt/work /mnt/root
    root=/mnt/root
else
    mount --bind "$root" "$root" # what is mounted below is then private to this run
fi
mount -t proc proc "$root/proc"
mount --rbind /dev "$root/dev"
while [[ $1 != -- ]]; do
    [[ ! -d ${1%%:*} ]] || mkdir -p "$root${1#*:}"
    [[ -d ${1%%:*} || -e $root${1#*:} ]] || { mkdir -p "$(dirname "$root${1#*:}")" && touch "$root${1#*:}"; }
    mount --bind "${1%%:*}" "$root${1#*:}"
    shift
done
exec chroot "$root" "${@:2}"
