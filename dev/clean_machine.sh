#!/usr/bin/env bash
# Runs the README's two commands on a machine that has nothing: a fresh Debian 12 made by debootstrap in a
# folder, with a clone of what is committed here. Prints the time of each. As root, on a machine that
# reaches Debian's and npm's packages: dev/clean_machine.sh [FOLDER] [up|test|both] [PART …]
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
checkout=$PWD
folder="$(realpath -m "${1:-/tmp/qiao-clean-machine}")"
what="${2:-both}"

command -v debootstrap >/dev/null || apt-get install -y -qq --no-install-recommends debootstrap >/dev/null
mkdir -p "$folder"
if [ ! -f "$folder/etc/debian_version" ]; then
    debootstrap --variant=minbase --include=ca-certificates,git,sudo bookworm "$folder" >"$folder.log" 2>&1 ||
        { tail -n 20 "$folder.log"; exit 1; }
fi

# What any machine has that reaches the network, and the kernel's file systems.
for file in /etc/resolv.conf /etc/hosts; do [ -f $file ] && cp $file "$folder$file"; done
unmount() { for at in dev/pts dev/shm dev proc sys; do umount -l "$folder/$at" 2>/dev/null || true; done; }
trap unmount EXIT
mount -t proc proc "$folder/proc"
mount -t sysfs sys "$folder/sys"
mount --bind /dev "$folder/dev"
mkdir -p "$folder/dev/shm" "$folder/dev/pts"
mount --bind /dev/pts "$folder/dev/pts"
mount --bind /dev/shm "$folder/dev/shm"

# Where a proxy stands between, its certificate: the one list that npm is told of here.
trusted=()
if [ -n "${NODE_EXTRA_CA_CERTS:-}" ]; then
    cp "$NODE_EXTRA_CA_CERTS" "$folder/etc/ssl/certs/this-network.pem"
    trusted=(NODE_EXTRA_CA_CERTS=/etc/ssl/certs/this-network.pem)
fi

mkdir -p "$folder/srv/house"
rm -rf "$folder/srv/house/qiao"
git clone --quiet "$checkout" "$folder/srv/house/qiao"
[ -d ../shared ] && cp -r ../shared "$folder/srv/house/"

inside() { chroot "$folder" env -i "${trusted[@]}" HOME=/srv PATH=/usr/sbin:/usr/bin:/sbin:/bin LANG=C.UTF-8 bash -c "cd /srv/house/qiao; $1"; }

if [ "$what" != test ]; then
    started=$SECONDS
    inside './qiao up --port 0 --data-dir /srv/bank & server=$!
            until grep -q "demo bank is ready" /srv/up.log 2>/dev/null; do
                kill -0 $server 2>/dev/null || exit 1
                sleep 1
            done
            kill -- $server; wait $server || true' > >(tee "$folder/srv/up.log") 2>&1
    echo "./qiao up, from nothing to the filled demo bank: $((SECONDS - started)) s"
fi
if [ "$what" != up ]; then
    started=$SECONDS
    inside "./qiao test ${*:3}"
    echo "./qiao test ${*:3}: $((SECONDS - started)) s"
fi
