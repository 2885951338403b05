// SPDX-License-Identifier: Apache-2.0
#include "lab/net/veth.hpp"

#include "harness/process.hpp"

namespace connfate::lab {
namespace {

void bring_up(const Plug& plug) {
  if (!plug.mac.empty()) plug.host.ip("link set " + plug.interface + " address " + plug.mac);
  {
    const harness::InNamespace here(plug.host.name());
    harness::run_or_throw({"ethtool", "-K", plug.interface, "rx", "off", "tx", "off", "sg", "off",
                           "tso", "off", "gso", "off", "gro", "off"});
  }
  plug.host.ip("link set " + plug.interface + " up");
}

/// Of one end of each pair; the kernel counts the other end's from 1. The kernel hurries to
/// announce a carrier only if the two indices differ (net/core/link_watch.c,
/// linkwatch_urgent_event(), 6.18); otherwise IPv6 waits up to a second.
int next_index() {
  static int last = 1000;
  return ++last;
}

}  // namespace

void add_veth(const Plug& one, const Plug& other) {
  one.host.ip("link add " + one.interface + " index " + std::to_string(next_index()) +
              " type veth peer name " + other.interface + " netns " + other.host.name());
  bring_up(one);
  bring_up(other);
}

}  // namespace connfate::lab
