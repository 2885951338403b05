// SPDX-License-Identifier: Apache-2.0
#pragma once

// Provides what the users of SOCK_DIAG and of other netlink sockets share: an open one, and whether
// a message is whole. Failure: std::system_error.

#include <libmnl/libmnl.h>

#include <cstddef>
#include <memory>

namespace connfate::witness {

struct CloseNetlink {
  void operator()(mnl_socket* socket) const noexcept { mnl_socket_close(socket); }
};
using Netlink = std::unique_ptr<mnl_socket, CloseNetlink>;
using SockDiag = Netlink;

/// Bound to a port id of its own, non-blocking. `bus`: NETLINK_ROUTE, for example.
Netlink open_netlink(int bus);
SockDiag open_sock_diag();

/// Sets an option; `level` SOL_SOCKET or SOL_NETLINK.
void set_option(const SockDiag& socket, int level, int name, int value);

/// The message that begins at `header` lies within the `rest` bytes that there are. Not
/// mnl_nlmsg_ok(): libmnl 1.0.4 takes lengths from 2^31 on for negative numbers, which fit
/// anywhere.
bool is_whole(const nlmsghdr* header, int rest) noexcept;

}  // namespace connfate::witness
