// SPDX-License-Identifier: Apache-2.0
#include "witness/sources/dual_stack.hpp"

#include <arpa/inet.h>
#include <net/if.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <cerrno>
#include <system_error>

namespace connfate::witness::fixture {
namespace {

int checked(int result, const char* what) {
  if (result < 0) throw std::system_error(errno, std::generic_category(), what);
  return result;
}

sockaddr_in6 address_of(const char* text) {
  sockaddr_in6 address{};
  address.sin6_family = AF_INET6;
  ::inet_pton(AF_INET6, text, &address.sin6_addr);
  if (IN6_IS_ADDR_LINKLOCAL(&address.sin6_addr)) address.sin6_scope_id = if_nametoindex("lo");
  return address;
}

Pair connect_over(const char* listener_address, const char* client_address) {
  sockaddr_in6 address = address_of(listener_address);
  auto* generic = reinterpret_cast<sockaddr*>(&address);
  socklen_t length = sizeof address;
  const Socket listener(checked(::socket(AF_INET6, SOCK_STREAM | SOCK_CLOEXEC, 0), "socket"));
  constexpr int kOff = 0;
  checked(::setsockopt(listener.fd(), IPPROTO_IPV6, IPV6_V6ONLY, &kOff, sizeof kOff), "V6ONLY");
  checked(::bind(listener.fd(), generic, length), "bind");
  checked(::listen(listener.fd(), 1), "listen");
  checked(::getsockname(listener.fd(), generic, &length), "getsockname");
  sockaddr_in6 target = address_of(client_address);
  target.sin6_port = address.sin6_port;
  Pair pair;
  pair.client = Socket(checked(::socket(AF_INET6, SOCK_STREAM | SOCK_CLOEXEC, 0), "socket"));
  checked(::connect(pair.client.fd(), reinterpret_cast<sockaddr*>(&target), sizeof target),
          "connect");
  pair.server = Socket(checked(::accept(listener.fd(), nullptr, nullptr), "accept"));
  return pair;
}

}  // namespace

Pair connect_mapped() {
  return connect_over("::", "::ffff:127.0.0.1");
}

Pair connect_link_local() {
  return connect_over("fe80::1", "fe80::1");
}

}  // namespace connfate::witness::fixture
