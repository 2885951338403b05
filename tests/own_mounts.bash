# shellcheck shell=bash
# SPDX-License-Identifier: Apache-2.0
# Sourced by scripts that mount: own_mounts "$@" runs the script again, with its arguments, in a
# mount namespace of its own, where nothing stays mounted whatever happens. Needs root.

own_mounts() {
  [ "${CONNFATE_OWN_MOUNTS:-}" = 1 ] && return
  CONNFATE_OWN_MOUNTS=1 exec unshare --mount --propagation private "$0" "$@"
}
