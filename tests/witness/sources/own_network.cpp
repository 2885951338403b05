// SPDX-License-Identifier: Apache-2.0
#include "witness/sources/own_network.hpp"

#include <arpa/inet.h>
#include <linux/ipv6.h>
#include <net/if.h>
#include <sched.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <system_error>

#include "component/loopback.hpp"

namespace connfate::witness::fixture {
namespace {

using connfate::fixture::Socket;

bool set_lo_up() {
  const Socket socket(::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0));
  ifreq request{};
  std::strcpy(request.ifr_name, "lo");
  request.ifr_flags = IFF_UP;
  return ::ioctl(socket.fd(), SIOCSIFFLAGS, &request) == 0;
}

std::optional<std::string> enter() {
  if (::unshare(CLONE_NEWNET) != 0) {
    return std::string("needs root for a network namespace: ") + std::strerror(errno);
  }
  if (!set_lo_up()) return std::string("cannot set lo up: ") + std::strerror(errno);
  return std::nullopt;
}

}  // namespace

std::optional<std::string> enter_own_network() {
  static const auto reason = enter();
  return reason;
}

void add_link_local_address() {
  const Socket socket(::socket(AF_INET6, SOCK_DGRAM | SOCK_CLOEXEC, 0));
  in6_ifreq request{};
  ::inet_pton(AF_INET6, "fe80::1", &request.ifr6_addr);
  request.ifr6_prefixlen = 64;
  request.ifr6_ifindex = static_cast<int>(if_nametoindex("lo"));
  if (::ioctl(socket.fd(), SIOCSIFADDR, &request) != 0) {
    throw std::system_error(errno, std::generic_category(), "fe80::1 on lo");
  }
}

}  // namespace connfate::witness::fixture
