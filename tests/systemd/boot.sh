#!/bin/sh
# boot.sh LAYERS WORK - becomes the systemd of a machine of its own.
#
# machine.py runs it by unshare(1) in new namespaces, in a cgroup of its own.
# LAYERS are folders, the topmost first, with ":" between; what the machine
# writes is kept in memory and gone when it ends.  WORK is an empty folder.
set -e
layers=$1
work=$2
root=$work/root

mount --make-rprivate /
mount -t tmpfs -o mode=755 tmpfs "$work"
mkdir "$work/upper" "$work/work" "$root"
mount -t overlay overlay -o \
    "lowerdir=$layers,upperdir=$work/upper,workdir=$work/work" "$root"

# systemd leaves alone what is mounted already.  Its sysctl settings would
# reach this kernel: so they are out of its reach.
mount -t proc proc "$root/proc"
mount --bind "$root/proc/sys" "$root/proc/sys"
mount -o remount,bind,ro "$root/proc/sys"
mount -t sysfs -o ro sysfs "$root/sys"
mount -t cgroup2 cgroup2 "$root/sys/fs/cgroup"
mount -t tmpfs -o mode=755 tmpfs "$root/run"
mount -t tmpfs -o mode=1777 tmpfs "$root/tmp"
mount -t tmpfs -o mode=755 tmpfs "$root/dev"
mkdir "$root/dev/shm" "$root/dev/pts"
mount -t tmpfs tmpfs "$root/dev/shm"
mount -t devpts -o newinstance,ptmxmode=0666,mode=620 devpts "$root/dev/pts"
for device in null zero full random urandom tty; do
    : >"$root/dev/$device"
    mount --bind "/dev/$device" "$root/dev/$device"
done
: >"$root/dev/console"
mount --bind /dev/null "$root/dev/console"
ln -s pts/ptmx "$root/dev/ptmx"
ln -s /proc/self/fd "$root/dev/fd"
ip link set lo up 2>/dev/null || :

cd "$root"
mkdir before
pivot_root . before
umount -l /before
exec env -i container=lxc PATH=/usr/sbin:/usr/bin:/sbin:/bin \
    /lib/systemd/systemd
