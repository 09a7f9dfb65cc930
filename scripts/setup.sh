# shellcheck shell=sh disable=SC2034,SC2154
# Sourced by ./vmcluster and ./test: what must be on the computer before they can do their work.

say() { printf '%s: %s\n' "$(basename "$0")" "$*" >&2; }

require_sdk() {
  (cd "$root" && dotnet --version) > /dev/null 2>&1 && return
  say "the .NET SDK 10 is missing: see https://dotnet.microsoft.com/download, or your system's package dotnet-sdk-10.0"
  exit 1
}

# PROGRAM=PACKAGE for all that a workflow may call, that restores Studio, and that only the tests use.
for_workflows="qemu-system-x86_64=qemu-system-x86 qemu-img=qemu-utils genisoimage=genisoimage ssh=openssh-client
  ssh-keygen=openssh-client mmdebstrap=mmdebstrap mke2fs=e2fsprogs cpio=cpio busybox=busybox-static unshare=util-linux"
for_studio="npm=npm"
for_tests="chromium=chromium grub-mkimage=grub-common /usr/lib/grub/i386-pc/grub-bios-setup=grub-pc-bin sfdisk=fdisk"

install_programs() {
  programs='' packages=''
  for pair in "$@"; do
    if ! PATH=$PATH:/usr/sbin:/sbin command -v "${pair%=*}" > /dev/null; then
      programs="$programs ${pair%=*}"
      packages="$packages ${pair#*=}"
    fi
  done
  [ -n "$programs" ] || return 0
  if ! command -v apt-get > /dev/null; then
    say "these programs are missing, and there is no apt-get to install them with:$programs"
    return 0
  fi
  as_root=sudo
  [ "$(id -u)" != 0 ] || as_root=
  say "installing what this takes, with ${as_root:+$as_root }apt-get:$packages"
  log=$root/bin/setup.log
  mkdir -p "$root/bin"
  # shellcheck disable=SC2086 # Lists of words.
  if ! { $as_root apt-get update -qq &&
    $as_root env DEBIAN_FRONTEND=noninteractive apt-get install -qq --no-install-recommends $packages; } < /dev/null > "$log" 2>&1; then
    tail -n 20 "$log" >&2
    say "that did not work; install them yourself:$packages"
  fi
}
