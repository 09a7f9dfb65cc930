#!/bin/bash
# Makes a Debian 12 disk as clouds have them, with a boot loader and with cloud-init as Debian configures it:
#   bootable-image.sh OUTPUT
# OUTPUT (raw) appears as a whole or not at all. Run as root, on Debian 12.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf --one-file-system "$work"' EXIT
tree=$work/tree

packages=(
  systemd-sysv systemd-resolved udev dbus linux-image-cloud-amd64 initramfs-tools
  cloud-init netplan.io openssh-server sudo iproute2 iputils-ping
  openmpi-bin python3-mpi4py nfs-kernel-server nfs-common
)
mapfile -t sources < <(find /etc/apt -name '*.sources' -o -name sources.list | xargs grep -l bookworm)
mmdebstrap --quiet --mode=root --variant=minbase --format=directory --aptopt='Apt::Install-Recommends "false"' --dpkgopt=force-unsafe-io \
  --include="${packages[*]}" bookworm "$tree" "${sources[@]}"

echo '/dev/vda1 / ext4 defaults 0 1' >"$tree/etc/fstab"
echo 'datasource_list: [NoCloud, None]' >"$tree/etc/cloud/cloud.cfg.d/90_sources.cfg"
: >"$tree/etc/machine-id"
rm -f "$tree"/etc/ssh/ssh_host_*
mkdir -p "$tree/boot/grub"
cat >"$tree/boot/grub/grub.cfg" <<CFG
set timeout=0
menuentry Debian {
  linux /$(cd "$tree" && echo boot/vmlinuz-*) root=/dev/vda1 ro console=ttyS0
  initrd /$(cd "$tree" && echo boot/initrd.img-*)
}
CFG

# A partition from 1 MiB on; GRUB's first sector and what it loads lie before it.
size=$(($(du -sm "$tree" | cut -f1) + 400))
truncate -s "$((size + 1))M" "$work/disk"
echo 'start=2048, type=83, bootable' | sfdisk -q "$work/disk"
mke2fs -q -t ext4 -d "$tree" -E offset=1048576 "$work/disk" "${size}M"
grub-mkimage -O i386-pc -p '(hd0,msdos1)/boot/grub' -o "$work/core.img" biosdisk part_msdos ext2 normal linux
dd if=/usr/lib/grub/i386-pc/boot.img of="$work/disk" bs=440 count=1 conv=notrunc status=none
dd if="$work/core.img" of="$work/disk" bs=512 seek=1 conv=notrunc status=none
mv "$work/disk" "$1"
