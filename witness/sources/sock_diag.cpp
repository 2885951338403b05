// SPDX-License-Identifier: Apache-2.0
#include "witness/sources/sock_diag.hpp"

#include <linux/netlink.h>
#include <sys/socket.h>

#include <system_error>

#include "witness/process/descriptor.hpp"

namespace connfate::witness {

Netlink open_netlink(int bus) {
  Netlink socket(mnl_socket_open2(bus, SOCK_NONBLOCK | SOCK_CLOEXEC));
  if (!socket) throw_errno("cannot open a netlink socket");
  if (mnl_socket_bind(socket.get(), 0, MNL_SOCKET_AUTOPID) != 0) {
    throw_errno("cannot bind a netlink socket");
  }
  return socket;
}

SockDiag open_sock_diag() {
  try {
    return open_netlink(NETLINK_SOCK_DIAG);
  } catch (const std::system_error& failure) {
    throw std::system_error(failure.code(),
                            "cannot open a SOCK_DIAG socket; this kernel needs CONFIG_INET_DIAG");
  }
}

void set_option(const SockDiag& socket, int level, int name, int value) {
  const int fd = mnl_socket_get_fd(socket.get());
  if (::setsockopt(fd, level, name, &value, sizeof value) != 0) {
    throw_errno("cannot set option " + std::to_string(name) + " of a SOCK_DIAG socket");
  }
}

bool is_whole(const nlmsghdr* header, int rest) noexcept {
  return mnl_nlmsg_ok(header, rest) && header->nlmsg_len <= static_cast<unsigned>(rest);
}

}  // namespace connfate::witness
