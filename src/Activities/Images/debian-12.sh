#!/bin/bash
# Builds a Debian 12 disk whose kernel is booted directly:
#   debian-12.sh OUTPUT DEB_CACHE
# OUTPUT appears as a whole or not at all: disk.qcow2, vmlinuz, initrd. Run as root.
# Lines of the form "progress PERCENT TEXT" on standard output say how far it is.
# shellcheck disable=SC2016  # "$1" and $(FIELD) are for mmdebstrap and apt to expand.
set -euo pipefail

PATH=$PATH:/usr/sbin:/sbin
output=$(realpath --canonicalize-missing "$1")
deb_cache=$(realpath --canonicalize-missing "$2")
self=$(realpath "$0")
part=$output.part

packages=(
  systemd-sysv udev dbus linux-image-cloud-amd64 tiny-initramfs
  cloud-init openssh-server openssh-client sudo
  iproute2 iputils-ping procps less nano ca-certificates
  python3-minimal openmpi-bin python3-mpi4py
  nfs-kernel-server nfs-common
)

progress() { echo "progress $1 $2"; }

# Everything below runs in mount and process namespaces of its own: whatever way it ends, no mount of the tree stays
# on the host and no process outlives it.
if [ "${VMCLUSTER_BUILD_NAMESPACE:-}" != 1 ]; then
  mkdir -p "$(dirname "$output")" "$deb_cache"
  exec 9>"$output.building"
  if ! flock --nonblock 9; then
    progress 0 "waiting for another build of this image"
    flock 9
  fi
  [ -d "$output" ] && exit 0
  export VMCLUSTER_BUILD_NAMESPACE=1
  unshare --mount --propagation private --pid --fork --kill-child=KILL --mount-proc -- bash "$self" "$output" "$deb_cache" &
  trap 'kill -KILL $! 2>/dev/null || true' INT TERM HUP
  wait $! && result=0 || result=$?

  # Every process of the build has inherited the lock: when it is free, the last of them is gone.
  exec 9>&-
  exec 9>"$output.building"
  flock 9
  [ -d "$output" ] && result=0
  rm -rf --one-file-system "$part"
  rm -f "$output.building"
  exit "$result"
fi

# What the host's own apt is configured to use, so that its mirror and its proxy are respected.
host_sources() {
  apt-get indextargets 'Created-By: Packages' --format '$(REPO_URI) $(RELEASE) $(COMPONENT) $(ORIGIN)' 2>/dev/null |
    awk '$2 ~ /^bookworm(-updates|-security)?$/ && $3 == "main" && ($4 == "Debian" || ($4 ~ /^\$/ && $1 ~ /debian/)) {
      print "deb", $1, $2, "main" }' | sort -u
}

make_tree() {
  progress 1 "reading the package lists"
  apt-config dump | grep -E '^Acquire::(https?|ftp|Check-Valid-Until|Check-Date|Retries|ForceIPv4)\b' >"$part/apt.conf" || true
  host_sources >"$part/sources.list"

  # A host that is no Debian 12 knows no mirror of it; mmdebstrap does.
  local mirrors=()
  ! grep -q ' bookworm main$' "$part/sources.list" || mirrors=("$part/sources.list")

  mmdebstrap --verbose --mode=root --variant=minbase --format=directory \
    --aptopt="$part/apt.conf" \
    --aptopt='Apt::Install-Recommends "false"' \
    --aptopt='Acquire::Languages "none"' \
    --dpkgopt='path-exclude=/usr/share/man/*' \
    --dpkgopt='path-exclude=/usr/share/doc/*' \
    --dpkgopt='path-exclude=/usr/share/locale/*' \
    --dpkgopt=force-unsafe-io \
    --skip=essential/unlink \
    --setup-hook='mkdir -p "$1"/var/cache/apt/archives' \
    --setup-hook="sync-in $deb_cache /var/cache/apt/archives" \
    --customize-hook="sync-out /var/cache/apt/archives $deb_cache" \
    --include="${packages[*]}" \
    bookworm "$tree" "${mirrors[@]}" </dev/null 2>&1
}

configure_tree() {
  # No fsck: the journal is replayed by the mount, and waiting for the device unit would delay the boot by seconds.
  printf '/dev/vda / ext4 defaults 0 0\n' >"$tree/etc/fstab"
  printf 'nameserver 10.0.2.3\n' >"$tree/etc/resolv.conf"
  printf 'localhost\n' >"$tree/etc/hostname"
  printf '127.0.0.1 localhost\n' >"$tree/etc/hosts"
  : >"$tree/etc/machine-id"
  rm -f "$tree"/etc/ssh/ssh_host_*_key*
  printf 'PasswordAuthentication no\nUseDNS no\n' >"$tree/etc/ssh/sshd_config.d/vmcluster.conf"

  # NFS 4 alone needs neither rpcbind nor statd.
  mkdir -p "$tree/etc/nfs.conf.d"
  printf '[nfsd]\nthreads=4\nvers3=n\n' >"$tree/etc/nfs.conf.d/vmcluster.conf"

  # The modules that a cluster's identity needs, and no others; what is missing here is not missed at run time.
  cat >"$tree/etc/cloud/cloud.cfg" <<'CFG'
datasource_list: [NoCloud]
disable_root: true
preserve_hostname: false
ssh_pwauth: false
disable_network_activation: true
users: [default]
cloud_init_modules: [bootcmd, write-files, resizefs, set_hostname, update_hostname, update_etc_hosts, users-groups, ssh]
cloud_config_modules: [runcmd]
cloud_final_modules: [write-files-deferred, scripts-user, final-message]
system_info:
  distro: debian
  default_user: {name: debian, lock_passwd: true, gecos: Debian, groups: [sudo], sudo: ["ALL=(ALL) NOPASSWD:ALL"], shell: /bin/bash}
  network: {renderers: [networkd]}
  paths: {cloud_dir: /var/lib/cloud/, templates_dir: /etc/cloud/templates/}
  ssh_svcname: ssh
CFG
  find "$tree/etc/cloud/cloud.cfg.d" -type f ! -name 05_logging.cfg -delete
  sed -i '/^output:/d' "$tree/etc/cloud/cloud.cfg.d/05_logging.cfg"
  echo 'policy: enabled' >"$tree/etc/cloud/ds-identify.cfg"

  # cloud-init's four services each start Python anew, which is most of a boot without hardware acceleration.
  # One process runs the four stages; the seed is on a disk, so none of them has to wait for the network.
  mkdir -p "$tree/usr/local/lib/vmcluster"
  cat >"$tree/usr/local/lib/vmcluster/cloud-init-stages" <<'PY'
#!/usr/bin/python3
import sys

# The seed is made by a program; cloud-init can do without checking it against its schema, which is slow to load.
sys.modules["jsonschema"] = None

from cloudinit.cmd.main import main

failed = 0
for stage in (["init", "--local"], ["init"], ["modules", "--mode=config"], ["modules", "--mode=final"]):
    try:
        failed |= bool(main(["cloud-init", *stage]))
    except SystemExit as end:
        failed |= bool(end.code)
sys.exit(failed)
PY
  chmod 755 "$tree/usr/local/lib/vmcluster/cloud-init-stages"
  cat >"$tree/etc/systemd/system/vmcluster-cloud-init.service" <<'UNIT'
[Unit]
Description=cloud-init, all stages
DefaultDependencies=no
Wants=network-pre.target
After=systemd-remount-fs.service systemd-udevd.service
Before=network-pre.target systemd-networkd.service ssh.service shutdown.target
Conflicts=shutdown.target
RequiresMountsFor=/var/lib/cloud

[Service]
Type=oneshot
ExecStartPre=/bin/sh -c 'mkdir -p /run/cloud-init && : >/run/cloud-init/enabled'
ExecStart=/usr/local/lib/vmcluster/cloud-init-stages
RemainAfterExit=yes
TimeoutSec=0
StandardOutput=journal+console

[Install]
WantedBy=multi-user.target
UNIT

  chroot "$tree" systemctl --quiet enable systemd-networkd ssh vmcluster-cloud-init
  chroot "$tree" systemctl --quiet disable nfs-server nfs-client.target nfs-blkmap systemd-networkd-wait-online 2>/dev/null || true
  chroot "$tree" systemctl --quiet mask \
    cloud-init-local.service cloud-init.service cloud-config.service cloud-final.service cloud-init-hotplugd.socket \
    rpcbind.service rpcbind.socket rpc-statd.service rpc-statd-notify.service \
    apt-daily.timer apt-daily-upgrade.timer dpkg-db-backup.timer e2scrub_all.timer e2scrub_reap.service fstrim.timer \
    systemd-random-seed.service systemd-update-utmp.service systemd-update-utmp-runlevel.service \
    systemd-networkd-wait-online.service systemd-binfmt.service \
    dev-hugepages.mount dev-mqueue.mount sys-kernel-debug.mount sys-kernel-tracing.mount sys-fs-fuse-connections.mount \
    getty@tty1.service serial-getty@ttyS0.service
  rm -f "$tree/lib/systemd/system-generators/cloud-init-generator"
}

# A kernel of the cloud flavour has ext4 built in and virtio as modules: a few modules and busybox find the disk.
make_initrd() {
  local root=$part/initrd.d version modules
  version=$(basename "$(echo "$tree"/lib/modules/*)")
  modules=$tree/lib/modules/$version
  mkdir -p "$root"/{bin,dev,root,modules}
  cp /bin/busybox "$root/bin/busybox"

  # modules.dep names what each needs, the first to load last.
  awk -F'[: ]+' '/\/(virtio_pci|virtio_blk)\.ko:/ { for (i = NF; i > 0; i--) if ($i != "" && !seen[$i]++) print $i }' \
    "$modules/modules.dep" >"$root/modules/order.paths"
  while read -r path; do
    cp "$modules/$path" "$root/modules/"
    basename "$path"
  done <"$root/modules/order.paths" >"$root/modules/order"
  rm "$root/modules/order.paths"

  cat >"$root/init" <<'INIT'
#!/bin/busybox sh
bb=/bin/busybox
$bb mount -t devtmpfs dev /dev
while read -r module; do
  $bb insmod "/modules/$module"
done </modules/order
tries=0
while [ ! -b /dev/vda ] && [ $tries -lt 600 ]; do
  $bb usleep 50000
  tries=$((tries + 1))
done
$bb mount -t ext4 /dev/vda /root || { echo "vmcluster: no root file system on /dev/vda"; exec $bb poweroff -f; }
$bb mount --move /dev /root/dev
exec $bb switch_root /root /sbin/init
INIT
  chmod 755 "$root/init"
  (cd "$root" && find . | cpio --quiet -o -H newc) >"$part/result/initrd"
  cp "$tree/boot/vmlinuz-$version" "$part/result/vmlinuz"
}

make_disk() {
  mke2fs -q -t ext4 -L root -d "$tree" -E lazy_itable_init=1,lazy_journal_init=1 "$part/disk.raw" 2G
  qemu-img convert -q -f raw -O qcow2 "$part/disk.raw" "$part/result/disk.qcow2"
}

if grep -q " $part" /proc/mounts; then
  echo "$part holds mounted file systems; unmount them first" >&2
  exit 1
fi
rm -rf --one-file-system "$part"
tree=$part/tree
mkdir -p "$part/result" "$tree"

# In memory it is much faster; the mount goes with the namespace.
if [ "$(awk '/MemAvailable/ { print int($2 / 1024) }' /proc/meminfo)" -gt 4096 ]; then
  mount -t tmpfs -o size=2g,mode=755 tree "$tree"
fi

make_tree
progress 90 "configuring the system"
configure_tree
progress 93 "making the boot files"
make_initrd
progress 95 "making the disk"
make_disk
progress 99 "storing the image"
sync -f "$part/result"
mv "$part/result" "$output"
