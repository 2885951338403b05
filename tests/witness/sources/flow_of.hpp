// SPDX-License-Identifier: Apache-2.0
#pragma once

// Provides flow_of(): the two ends of a connected socket, as a module would report them.

#include <netinet/in.h>
#include <sys/socket.h>

#include <cstring>

#include "connfate/endpoint.hpp"

namespace connfate::witness::fixture {

inline Endpoint endpoint_of(const sockaddr_storage& storage) {
  std::array<std::uint8_t, 16> address{};
  if (storage.ss_family == AF_INET6) {
    const auto& ipv6 = reinterpret_cast<const sockaddr_in6&>(storage);
    std::memcpy(address.data(), &ipv6.sin6_addr, sizeof ipv6.sin6_addr);
    return Endpoint::from(address, ntohs(ipv6.sin6_port));
  }
  const auto& ipv4 = reinterpret_cast<const sockaddr_in&>(storage);
  std::memcpy(address.data(), &ipv4.sin_addr, sizeof ipv4.sin_addr);
  return Endpoint::from(std::span(address).first(4), ntohs(ipv4.sin_port));
}

inline Flow flow_of(int fd) {
  sockaddr_storage local{}, remote{};
  socklen_t length = sizeof local;
  (void)::getsockname(fd, reinterpret_cast<sockaddr*>(&local), &length);
  length = sizeof remote;
  (void)::getpeername(fd, reinterpret_cast<sockaddr*>(&remote), &length);
  return {endpoint_of(local), endpoint_of(remote)};
}

}  // namespace connfate::witness::fixture
