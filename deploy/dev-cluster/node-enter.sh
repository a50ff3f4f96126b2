#!/bin/bash
# Becomes a node: runs as the first process of new network, mount, uts, ipc and pid namespaces.
#   node-enter.sh NAME SERVICE...      environment: IMAGE BASE ENVS CHECKOUT ADDRESS
# pivot_root and not chroot, because the kernel refuses user namespaces to a chrooted process and Apptainer needs them.
set -euo pipefail
name=$1 state=$BASE/run/$1 M=$BASE/run/$1/root
read -ra stat </proc/self/stat # of this shell, as the host sees it: process id and, 22nd, its start time
echo "${stat[0]} ${stat[21]}" >"$state/pid.new" && mv "$state/pid.new" "$state/pid"

bind() { # SOURCE TARGET [ro]
    mkdir -p "$2"
    mount --bind "$1" "$2"
    [[ ${3:-} != ro ]] || mount -o remount,bind,ro "$2"
}

for ((tries = 200; tries > 0; tries--)); do # who started this node now lays the cable
    [[ ! $(ip -o link show eth0 2>/dev/null) ]] || break
    sleep 0.05
done
ip address add "$ADDRESS/24" dev eth0
ip link set lo up
ip link set eth0 up

hostname "$name"
mkdir -p "$state"/{lower,upper,work,root}
mount -t squashfs -o loop,ro "$IMAGE" "$state/lower"
mount -t overlay overlay -o "lowerdir=$state/lower,upperdir=$state/upper,workdir=$state/work" "$M"

mount -t proc proc "$M/proc"
mount -t sysfs sysfs "$M/sys"
mount -t tmpfs -o mode=755 tmpfs "$M/run"
mount -t tmpfs -o mode=755 tmpfs "$M/dev"
mkdir "$M"/dev/{pts,shm}
mount -t tmpfs -o mode=1777 tmpfs "$M/dev/shm"
mount -t devpts -o newinstance,ptmxmode=0666,mode=620 devpts "$M/dev/pts"
for device in null zero full random urandom tty; do
    touch "$M/dev/$device"
    mount --bind "/dev/$device" "$M/dev/$device"
done
mknod -m 666 "$M/dev/fuse" c 10 229
ln -s pts/ptmx "$M/dev/ptmx"
ln -s /proc/self/fd "$M/dev/fd"
for stream in 0:stdin 1:stdout 2:stderr; do ln -s "/proc/self/fd/${stream%:*}" "$M/dev/${stream#*:}"; done

bind "$BASE/shared" "$M/shared"
bind "$BASE/scratch" "$M/scratch"
bind "$BASE/config" "$M/etc/ink-cluster" ro
bind "$BASE/opt" "$M/opt/ink" ro
mount --bind "$ENVS" "$M/opt/ink/envs" && mount -o remount,bind,ro "$M/opt/ink/envs"
mount --bind "$CHECKOUT" "$M/opt/ink/src" && mount -o remount,bind,ro "$M/opt/ink/src"

echo "$name" >"$M/etc/hostname"
cp "$BASE/config/hosts" "$M/etc/hosts"
mkdir -p "$M/.host"
cd "$M"
pivot_root . .host
umount -l /.host
exec env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin LC_ALL=C.UTF-8 /bin/bash /opt/ink/src/deploy/dev-cluster/node-init.sh "${@:2}"
