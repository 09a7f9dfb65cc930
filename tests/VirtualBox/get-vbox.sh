#!/bin/bash
# Gets the real VBoxManage for the tests, privately: Debian's package and the libraries that it names are unpacked
# under FOLDER (default ~/.cache/vmcluster-tests/vbox); nothing is installed, and no driver comes with it.
# Prints the path of a program that runs it. Exit code 3, with the reason on stderr, where it cannot be had here.
set -euo pipefail

folder=${1:-${XDG_CACHE_HOME:-$HOME/.cache}/vmcluster-tests/vbox}
program=$folder/VBoxManage

unavailable() {
  echo "The real VBoxManage cannot be had here: $1" >&2
  exit 3
}

[ "$(uname -sm)" = "Linux x86_64" ] || unavailable "the package is for Linux on x86-64."
for tool in apt-get dpkg-deb tar unshare flock; do
  command -v "$tool" > /dev/null || unavailable "'$tool' is missing."
done
[ "$(id -u)" = 0 ] || unavailable "its libraries are laid over the host's in a mount namespace, which takes root."

mkdir -p "$folder"
# Two test runs that start together unpack it once.
exec 9> "$folder/lock"
flock 9
if [ -x "$program" ]; then
  echo "$program"
  exit 0
fi

work=$folder/work
rm -rf "$work" "$folder/root"
trap 'rm -rf "$work"' EXIT
mkdir -p "$work/lists/partial" "$work/archives/partial" "$work/root/usr/lib/x86_64-linux-gnu" "$work/root/usr/lib64" "$work/root/usr/bin" "$work/root/usr/sbin"
: > "$work/status"

# VirtualBox is only in Debian's unstable suite; the mirror is the one that this computer uses for its own.
mirror=$(apt-get indextargets --format '$(REPO_URI)' 'Created-By: Packages' | grep '/debian/*$' | head -n 1) ||
  unavailable "no Debian mirror is configured for apt."
keys=/usr/share/keyrings/debian-archive-keyring.gpg
[ -e "$keys" ] || unavailable "$keys is missing (package debian-archive-keyring)."
echo "deb [signed-by=$keys] $mirror sid main contrib" > "$work/sid.list"

# apt with lists, cache and status of its own: the computer's are neither read nor locked.
apt=(apt-get -qq -o "Dir::Etc::SourceList=$work/sid.list" -o Dir::Etc::SourceParts=- -o "Dir::State::Lists=$work/lists"
  -o "Dir::State::Status=$work/status" -o "Dir::Cache::Archives=$work/archives" -o "Dir::Cache::PkgCache=" -o "Dir::Cache::SrcPkgCache="
  -o Acquire::Languages=none -o Acquire::Retries=3 -o APT::Install-Recommends=false -o APT::Sandbox::User=root -o Debug::NoLocking=1)
"${apt[@]}" update >&2 || unavailable "the package lists could not be fetched; is there a network?"
(cd "$work/archives" && "${apt[@]}" download virtualbox) >&2 || unavailable "the package could not be fetched."

# What VBoxManage and its server load; not the desktop, the web service or the TPM, which would double the size.
mapfile -t libraries < <(dpkg-deb --field "$work"/archives/virtualbox_*.deb Depends | tr ',' '\n' | sed 's/[(|].*//; s/ //g' |
  grep -E '^(lib|zlib)' | grep -vE '^lib(gl|sdl|x11|xt|gsoap|tpms|jpeg|vncserver)')
"${apt[@]}" --yes --download-only install "${libraries[@]}" >&2 || unavailable "its libraries could not be fetched."

for directory in lib lib64 bin sbin; do ln -s "usr/$directory" "$work/root/$directory"; done
for package in "$work"/archives/*.deb; do
  dpkg-deb --fsys-tarfile "$package" | tar --extract --directory "$work/root" --keep-directory-symlink \
    --exclude='./usr/share/doc*' --exclude='./usr/share/man*' --exclude='./usr/lib/virtualbox/vboxwebsrv' --exclude='./usr/lib/virtualbox/sdk' \
    --exclude='./usr/lib/virtualbox/VBoxEFI*' --exclude='./usr/lib/virtualbox/VBoxVMMArm.so' --exclude='./usr/lib/virtualbox/VBoxDD2.so'
done
mv "$work/root" "$folder/root"

# It needs a newer C library than the host may have: its own is laid over the host's for this one process (and the
# server that it starts), in a mount namespace. Every other path stays the host's.
cat > "$program.new" << END
#!/bin/sh
export LC_ALL=C.UTF-8
exec unshare --mount --propagation slave /bin/sh -ec '
  mkdir -p /usr/lib/virtualbox /usr/share/virtualbox
  mount --bind "\$0/usr/lib/virtualbox" /usr/lib/virtualbox
  mount --bind "\$0/usr/share/virtualbox" /usr/share/virtualbox
  mount --bind "\$0/usr/lib/x86_64-linux-gnu" /usr/lib/x86_64-linux-gnu
  exec /usr/lib/virtualbox/VBoxManage "\$@"' "$folder/root" "\$@"
END
chmod 755 "$program.new"
version=$("$program.new" --version) || unavailable "it was fetched but does not run."
mv "$program.new" "$program"
echo "VBoxManage $version" >&2
echo "$program"
