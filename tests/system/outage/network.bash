# shellcheck shell=bash
# SPDX-License-Identifier: Apache-2.0
# Sourced by what plays outages from the outside: nine clients of three networks, a router that can
# lose packets, and the server's network namespace, in which the caller starts a server. Needs root.
#
#   clients: 198.51.100.0/24, 203.0.113.0/24, 192.0.2.0/24 --- router --- 10.9.0.2: the server
#
# The caller sets $port and $kind (what serves) and adds to $pids what it has to end; $failures counts
# the answers that were late or missing. Surprising: nothing here is undone at an exit, the caller has
# its own trap (remove_network).
# shellcheck disable=SC2034,SC2154  # of the caller

hit=198.51.100.0/24
target=15
failures=0
client=cfow$$c router=cfow$$r server=cfow$$s

# Not for what runs in the background: $! would be a shell around it.
in_server() { ip netns exec "$server" "$@"; }

remove_network() {
  for namespace in "$client" "$router" "$server"; do ip netns del "$namespace" 2>/dev/null || true; done
}

# lose <nft match>: the router drops it; a TCP connection notices nothing else.
lose() { ip netns exec "$router" nft add rule inet outage forward "$1" drop; }
lose_nothing() { ip netns exec "$router" nft flush chain inet outage forward; }

make_network() {
  for namespace in "$client" "$router" "$server"; do
    ip netns add "$namespace"
    ip -n "$namespace" link set lo up
  done
  ip netns exec "$router" sysctl -q -w net.ipv4.ip_forward=1
  ip netns exec "$server" sysctl -q -w net.unix.max_dgram_qlen=512
  ip -n "$router" link add clients type veth peer name uplink netns "$client"
  ip -n "$router" link add server type veth peer name uplink netns "$server"
  ip -n "$client" address add 10.8.0.2/24 dev uplink
  ip -n "$router" address add 10.8.0.1/24 dev clients
  ip -n "$router" address add 10.9.0.1/24 dev server
  ip -n "$server" address add 10.9.0.2/24 dev uplink
  ip -n "$client" link set uplink up
  ip -n "$server" link set uplink up
  ip -n "$router" link set clients up
  ip -n "$router" link set server up
  ip -n "$client" route add default via 10.8.0.1
  ip -n "$server" route add default via 10.9.0.1
  for network in 198.51.100 203.0.113 192.0.2; do
    ip -n "$router" route add "$network.0/24" via 10.8.0.2
    for host in 10 11 12; do ip -n "$client" address add "$network.$host/32" dev lo; done
  done
  ip netns exec "$router" nft add table inet outage
  ip netns exec "$router" nft add chain inet outage forward \
    '{ type filter hook forward priority 0; policy accept; }'
}

# An ordinary client: a small page and a large one, over and over, with some patience.
browse() {  # address
  while :; do
    ip netns exec "$client" curl -s -o /dev/null -o /dev/null --interface "$1" -m 30 \
      "http://10.9.0.2:$port/index.html" "http://10.9.0.2:$port/page" || true
    sleep 0.3
  done
}

start_clients() {
  local address
  for address in 198.51.100.1{0,1,2} 203.0.113.1{0,1,2} 192.0.2.1{0,1,2}; do
    browse "$address" &
    pids+=($!)
  done
}

# until_said <what> <begin, seconds> <extended regular expression> <command...>
until_said() {
  local what=$1 begin=$2 wanted=$3 said took
  shift 3
  while :; do
    said=$("$@" 2>&1 || true)
    took=$(($(date +%s) - begin))
    if tr -s ' \n' ' ' <<<"$said" | grep -Eq -- "$wanted"; then
      printf '%-7s %-54s %3d s (target %d s)\n' "$kind" "$what" "$took" "$target"
      tr -s ' \n' ' ' <<<"$said" | grep -Eo -- "$wanted" | head -n 1 | sed 's/^/          | /'
      # Three times the target fails: a busy machine is no outage.
      [ "$took" -le $((3 * target)) ] || failures=$((failures + 1))
      return 0
    fi
    if [ "$took" -gt $((4 * target)) ]; then
      printf '%-7s %-54s never: FAIL\n' "$kind" "$what"
      printf '%s\n' "$said" | sed 's/^/          | /'
      failures=$((failures + 1))
      return 0
    fi
    sleep 0.5
  done
}

# ask <path> <patience>: every client, over and over, until it is killed.
ask() {
  local address
  askers=()
  for address in 198.51.100.1{0,1,2} 203.0.113.1{0,1,2} 192.0.2.1{0,1,2}; do
    while :; do
      ip netns exec "$client" curl -s -o /dev/null --interface "$address" -m "$2" \
        "http://10.9.0.2:$port$1" || true
      sleep 0.3
    done &
    askers+=($!)
  done
}

stop_asking() {
  kill "${askers[@]}" 2>/dev/null || true
  wait "${askers[@]}" 2>/dev/null || true
}
