#!/bin/bash
# Builds, uses and removes the cluster that 'vmcluster up' builds, as somebody would who knows all the answers:
# everything that can run side by side does, nothing is checked twice, nothing can be resumed.
#   VMCLUSTER_HOME=HOME up.sh
set -euo pipefail

image=$(dirname "$(find -L "$VMCLUSTER_HOME/images" -name vmlinuz | head -n 1)")
nodes=(fe1 node1 node2)
work=$(mktemp -d)
cd "$work"
trap 'kill $(cat ./*/pid) 2>/dev/null; rm -rf "$work"' EXIT

ssh-keygen -q -t ed25519 -N '' -f key
for i in 0 1 2; do
  mkdir "${nodes[i]}"
  ssh-keygen -q -t ed25519 -N '' -f "${nodes[i]}/host" &
done
wait

json_text() { sed -z 's/\n/\\n/g' "$1"; }

hosts="127.0.0.1 localhost\n"
known=""
for i in 0 1 2; do
  hosts+="192.168.57.1$((i + 1)) ${nodes[i]}\n"
  known+="${nodes[i]},192.168.57.1$((i + 1)) $(cut -d' ' -f1,2 "${nodes[i]}/host.pub")\n"
done

# KVM where it works; its device alone does not tell.
accelerator=(-accel tcg,thread=multi,tb-size=128)
if echo '{"execute":"qmp_capabilities"}{"execute":"quit"}' |
  qemu-system-x86_64 -machine q35 -accel kvm -cpu max -m 64 -nodefaults -display none -S -qmp stdio >/dev/null 2>&1; then
  accelerator=(-accel kvm)
fi

make_node() {
  local i=$1 node=${nodes[$1]} port=$((23300 + $1)) nat=52:54:00:aa:00:0$1 net=52:54:00:bb:00:0$1
  cat >"$node/ssh_config" <<END
HostName 127.0.0.1
Port $port
HostKeyAlias $node
User vmcluster
IdentityFile $work/key
UserKnownHostsFile $work/known_hosts
StrictHostKeyChecking yes
BatchMode yes
ConnectTimeout 30
ControlMaster auto
ControlPersist 60
ControlPath $work/$node/mux
END
  echo "{\"instance-id\":\"bench-$node\",\"local-hostname\":\"$node\"}" >"$node/meta-data"
  cat >"$node/network-config" <<END
{"version":2,"ethernets":{
 "eth0":{"match":{"macaddress":"$nat"},"set-name":"eth0","dhcp4":true},
 "eth1":{"match":{"macaddress":"$net"},"set-name":"eth1","addresses":["192.168.57.1$((i + 1))/24"],"optional":true}}}
END
  cat >"$node/user-data" <<END
#cloud-config
{"hostname":"$node","manage_etc_hosts":false,"locale":false,"ssh_deletekeys":true,
 "ssh_keys":{"ed25519_private":"$(json_text "$node/host")","ed25519_public":"$(cat "$node/host.pub")"},
 "users":[{"name":"vmcluster","shell":"/bin/bash","sudo":"ALL=(ALL) NOPASSWD:ALL","lock_passwd":true,"ssh_authorized_keys":["$(cat key.pub)"]}],
 "write_files":[
  {"path":"/etc/hosts","content":"$hosts"},
  {"path":"/etc/ssh/ssh_known_hosts","content":"$known"},
  {"path":"/etc/vmcluster/hosts.mpi","content":"fe1 slots=1\nnode1 slots=1\nnode2 slots=1\n"},
  {"path":"/home/vmcluster/.ssh/id_ed25519","content":"$(json_text key)","permissions":"0600","owner":"vmcluster:vmcluster","defer":true}]}
END
  (cd "$node" && genisoimage -quiet -V CIDATA -J -r -o seed.iso meta-data user-data network-config)
  qemu-img create -q -f qcow2 -F qcow2 -b "$image/disk.qcow2" "$node/disk.qcow2" 8G
  qemu-system-x86_64 -name "$node" -machine q35 "${accelerator[@]}" -cpu max -smp 1 -m 512 -nodefaults -no-user-config -display none \
    -kernel "$image/vmlinuz" -initrd "$image/initrd" -append "root=/dev/vda rw console=ttyS0 quiet net.ifnames=0 mitigations=off" \
    -drive "if=none,id=d0,file=$work/$node/disk.qcow2,format=qcow2,cache=writeback,discard=unmap" -device virtio-blk-pci,drive=d0 \
    -drive "if=none,id=d1,file=$work/$node/seed.iso,format=raw,readonly=on" -device virtio-blk-pci,drive=d1 \
    -netdev "user,id=n0,hostfwd=tcp:127.0.0.1:$port-:22" -device "virtio-net-pci,netdev=n0,mac=$nat,romfile=" \
    -netdev socket,id=n1,mcast=230.0.0.1:23399,localaddr=127.0.0.1 -device "virtio-net-pci,netdev=n1,mac=$net,romfile=" \
    -device virtio-rng-pci -serial "file:$work/$node/console.log" -pidfile "$work/$node/pid" -daemonize
}

on() {
  local node=$1
  shift
  ssh -F "$node/ssh_config" "$node" -- "$@" </dev/null
}

wait_ready() {
  until on "$1" cloud-init status --wait >/dev/null 2>&1; do sleep 0.5; done
}

for node in "${nodes[@]}"; do echo "$node $(cut -d' ' -f1,2 "$node/host.pub")"; done >known_hosts
for i in 0 1 2; do make_node "$i" & done
wait
for node in "${nodes[@]}"; do wait_ready "$node" & done
wait

on fe1 "sudo mkdir -p /shared && sudo chown vmcluster: /shared && echo '/shared 192.168.57.0/24(rw,sync,no_subtree_check)' | sudo tee /etc/exports >/dev/null && sudo systemctl enable -q --now nfs-server"
for node in node1 node2; do
  on "$node" "sudo mkdir -p /shared && echo 'fe1:/shared /shared nfs4 defaults,_netdev 0 0' | sudo tee -a /etc/fstab >/dev/null && sudo mount /shared" &
done
wait
for node in "${nodes[@]}"; do on "$node" "for n in ${nodes[*]}; do ssh \$n hostname </dev/null; done" >"$node/reached" & done
wait
for node in "${nodes[@]}"; do [ "$(xargs <"$node/reached")" = "${nodes[*]}" ]; done

ssh -F fe1/ssh_config fe1 -- "cat >/shared/mean.py" <"$(dirname "$0")/mean.py"
on fe1 mpirun --hostfile /etc/vmcluster/hosts.mpi -np 3 --mca btl self,tcp \
  --mca btl_tcp_if_include 192.168.57.0/24 --mca oob_tcp_if_include 192.168.57.0/24 python3 /shared/mean.py 300000

for node in "${nodes[@]}"; do ssh -F "$node/ssh_config" -O exit "$node" 2>/dev/null || true; done
