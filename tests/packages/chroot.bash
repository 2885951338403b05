# shellcheck shell=bash
# SPDX-License-Identifier: Apache-2.0
# Sourced by the scripts that build and test on other releases of Debian. Provides systems of their
# own, made by debootstrap from the mirror and with the options that apt uses on this machine:
#
#   base SUITE            the smallest system, made once; its directory
#   build_system SUITE    that, with everything the build and the tests need; made once
#   throwaway SUITE       a copy of the base (an overlay) that ends with the script
#   copy_tree DIRECTORY   the tree, as git sees it
#   inside ROOT COMMAND   runs a command there, as root, with the network of the caller
#
# Everything lives below $chroots. Needs root. Surprising: the caller has to be in a mount namespace
# of its own (own_mounts).
set -euo pipefail

repository=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
chroots=${CONNFATE_CHROOTS:-$repository/build/chroots}

# shellcheck source=tests/own_mounts.bash
. "$repository/tests/own_mounts.bash"

# The archives that apt knows for Debian itself, whatever their names are here.
archives() {
  # shellcheck disable=SC2016  # apt's own variables
  apt-get indextargets --format '$(ORIGIN) $(REPO_URI)' 'Created-By: Packages' |
    awk '$1 == "Debian" { print $2 }'
}

mirror() { archives | awk '!/security/ { print; exit }'; }

# What users have: the servers' fixes come this way first. Empty where apt knows no such archive.
security_source() {  # suite
  archives | awk -v suite="$1" '/security/ { print "deb", $1, suite "-security main"; exit }'
}

apt_options() { apt-config dump Acquire | grep -E '^Acquire::(Check|http|https|Retries)' || true; }

base() {  # suite
  local root=$chroots/$1
  if [ ! -e "$root/.complete" ]; then
    rm -rf --one-file-system "$root"
    mkdir -p "$chroots"
    debootstrap --variant=minbase --include=ca-certificates "$1" "$root" "$(mirror)" \
      >"$chroots/$1.log" 2>&1 || { tail "$chroots/$1.log" >&2; return 1; }
    security_source "$1" >"$root/etc/apt/sources.list.d/security.list"
    apt_options >"$root/etc/apt/apt.conf.d/90host"
    echo force-unsafe-io >"$root/etc/dpkg/dpkg.cfg.d/90throwaway"
    printf '#!/bin/sh\nexit 101\n' >"$root/usr/sbin/policy-rc.d"
    chmod 755 "$root/usr/sbin/policy-rc.d"
    touch "$root/.complete"
  fi
  echo "$root"
}

# The root is a mount of its own, since `ip -netns` makes "/" a slave, and only a mount can be one.
mount_kernel() {  # root
  mountpoint -q "$1" || mount --bind "$1" "$1"
  mountpoint -q "$1/proc" || mount -t proc proc "$1/proc"
  mountpoint -q "$1/sys" || mount -t sysfs sys "$1/sys"
  mountpoint -q "$1/dev" || mount --rbind /dev "$1/dev"
  mountpoint -q "$1/run" || { mount -t tmpfs run "$1/run" && mkdir "$1/run/lock"; }
  cp /etc/resolv.conf "$1/etc/resolv.conf"
}

inside() {  # root, command...
  local root=$1
  shift
  mount_kernel "$root"
  env -i PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin HOME=/root LC_ALL=C.UTF-8 \
    DEBIAN_FRONTEND=noninteractive CCACHE_DIR=/var/cache/ccache \
    chroot "$root" "$@"
}

install_inside() {  # root, packages...
  local root=$1
  shift
  inside "$root" apt-get update -q >>"$chroots/apt.log" 2>&1
  inside "$root" apt-get install -y -q --no-install-recommends "$@" >>"$chroots/apt.log" 2>&1 ||
    { tail -n 20 "$chroots/apt.log" >&2; return 1; }
}

build_system() {  # suite
  local root=$chroots/$1-build packages from
  packages="$("$repository/cmake/install-packages" --list) build-essential debhelper fakeroot ccache"
  if [ ! -e "$root" ]; then
    from=$(base "$1")
    rm -rf --one-file-system "$root.new"
    cp -a "$from" "$root.new"
    mv "$root.new" "$root"
    rm "$root/.complete"
  fi
  if [ "$(cat "$root/.complete" 2>/dev/null)" != "$packages" ]; then
    # shellcheck disable=SC2086  # one word each
    install_inside "$root" $packages
    echo "$packages" >"$root/.complete"
  fi
  echo "$root"
}

# The files of the working tree that git tracks, or would; what is in build/ there stays.
copy_tree() {  # directory
  mkdir -p "$1"
  find "$1" -mindepth 1 -maxdepth 1 ! -name build -exec rm -rf {} +
  git -C "$repository" ls-files -z --cached --others --exclude-standard |
    tar -C "$repository" --ignore-failed-read --null -T - -c 2>/dev/null | tar -C "$1" -x
}

throwaway() {  # suite
  local scratch lower left owner
  lower=$(base "$1")
  # Of runs that were interrupted. What another run mounted on one would go with it.
  for left in "$chroots"/throwaway.*; do
    owner=${left#"$chroots"/throwaway.}
    [ -e "/proc/${owner%%.*}" ] || rmdir "$left" 2>/dev/null || true
  done
  scratch=$(mktemp -d "$chroots/throwaway.$$.XXXXXX")
  mount -t tmpfs throwaway "$scratch"
  mkdir "$scratch/upper" "$scratch/work" "$scratch/root"
  mount -t overlay overlay "$scratch/root" \
    -o "lowerdir=$lower,upperdir=$scratch/upper,workdir=$scratch/work"
  echo "$scratch/root"
}

discard() {  # what throwaway printed
  local scratch
  scratch=$(dirname "$1")
  umount --recursive --lazy "$scratch"
  rmdir "$scratch"
}
