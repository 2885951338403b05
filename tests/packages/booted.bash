# shellcheck shell=bash
# SPDX-License-Identifier: Apache-2.0
# Sourced after chroot.bash: starts a system that throwaway() made as a host of its own, with its own
# systemd as process 1, its own processes and the network namespace that it is given.
#
#   boot ROOT NAMESPACE   returns when every unit has started; sets $leader, its process 1
#   booted COMMAND...     runs a command there, as root at home
#   halt                  ends it
#
# Needs systemd-container. Surprising: the host's own cgroups are out of sight of the caller from then
# on, since a host with the old layout has none that the systemd of Debian 13 would start in.

unmount_kernel() {  # root: what mount_kernel mounted, systemd mounts itself
  local directory
  for directory in proc sys dev run; do
    ! mountpoint -q "$1/$directory" || umount --recursive --lazy "$1/$directory"
  done
}

boot() {  # root, network namespace
  local state
  unmount_kernel "$1"
  rm -f "$1/usr/sbin/policy-rc.d"
  if [ "$(stat -f -c %T /sys/fs/cgroup)" != cgroup2fs ]; then
    ! mountpoint -q /sys/fs/cgroup || umount --recursive --lazy /sys/fs/cgroup
    mount -t cgroup2 cgroup2 /sys/fs/cgroup
  fi
  systemd-nspawn --quiet --boot --directory="$1" --machine="$2" --register=no --keep-unit \
    --network-namespace-path="/run/netns/$2" --capability=all --console=pipe \
    --resolv-conf=off --timezone=off </dev/null >"$1/console.txt" 2>&1 &
  nspawn=$!
  for _ in $(seq 300); do
    leader=$(pgrep -P "$nspawn" || true)
    state=
    [ -z "$leader" ] || state=$(booted systemctl is-system-running 2>/dev/null || true)
    case $state in running | degraded) return 0 ;; esac
    kill -0 "$nspawn" 2>/dev/null || break
    sleep 0.2
  done
  echo "the system does not start: $state" >&2
  cat "$1/console.txt" >&2
  return 1
}

booted() {  # command...
  nsenter --target "$leader" --mount --uts --ipc --net --pid --cgroup --root --wd \
    env -i PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin HOME=/root \
    LC_ALL=C.UTF-8 DEBIAN_FRONTEND=noninteractive "$@"
}

halt() {
  [ -n "${nspawn:-}" ] || return 0
  kill "$nspawn" 2>/dev/null || true  # it asks its process 1 to power off
  wait "$nspawn" 2>/dev/null || true
  nspawn=
}
