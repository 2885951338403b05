// SPDX-License-Identifier: Apache-2.0
#include "connfate/endpoint.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <algorithm>
#include <cstring>

namespace connfate {
namespace {

/// ::ffff:0:0/96, RFC 4291 section 2.5.5.2.
constexpr std::array<std::uint8_t, 12> kMapped{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};
constexpr std::size_t kIpv4Size = 4;

/// The finalizer of splitmix64: every bit of the input moves about half of the output's.
constexpr std::uint64_t mix(std::uint64_t value) noexcept {
  value = (value ^ (value >> 30)) * 0xbf58476d1ce4e5b9U;
  value = (value ^ (value >> 27)) * 0x94d049bb133111ebU;
  return value ^ (value >> 31);
}

std::uint64_t mix_in(std::uint64_t hash, const Endpoint& endpoint) noexcept {
  std::array<std::uint64_t, 2> halves;
  static_assert(sizeof halves == sizeof endpoint.address);
  std::memcpy(halves.data(), endpoint.address.data(), sizeof halves);
  return mix(mix(mix(hash ^ halves[0]) ^ halves[1]) ^ endpoint.port);
}

template <typename Address>
Address copy_of(const sockaddr& address) noexcept {
  Address copy{};
  std::memcpy(&copy, &address, sizeof copy);
  return copy;
}

}  // namespace

Endpoint Endpoint::from(std::span<const std::uint8_t> address, std::uint16_t port) noexcept {
  Endpoint endpoint;
  endpoint.port = port;
  if (address.size() == kIpv4Size) {
    auto* const rest = std::copy(kMapped.begin(), kMapped.end(), endpoint.address.begin());
    std::copy(address.begin(), address.end(), rest);
  } else if (address.size() == endpoint.address.size()) {
    std::copy(address.begin(), address.end(), endpoint.address.begin());
  }
  return endpoint;
}

Endpoint Endpoint::from(const sockaddr& address) noexcept {
  if (address.sa_family == AF_INET6) {
    const auto ipv6 = copy_of<sockaddr_in6>(address);
    return from(ipv6.sin6_addr.s6_addr, ntohs(ipv6.sin6_port));
  }
  if (address.sa_family != AF_INET) return {};
  const auto ipv4 = copy_of<sockaddr_in>(address);
  std::array<std::uint8_t, sizeof ipv4.sin_addr> bytes{};
  std::memcpy(bytes.data(), &ipv4.sin_addr, bytes.size());
  return from(bytes, ntohs(ipv4.sin_port));
}

Endpoint network_of(const Endpoint& client) noexcept {
  static_assert(kIpv4NetworkBits % 8 == 0 && kIpv6NetworkBits % 8 == 0);
  Endpoint network = client;
  const std::size_t kept =
      client.is_ipv4() ? kMapped.size() + kIpv4NetworkBits / 8 : kIpv6NetworkBits / 8;
  std::fill(network.address.begin() + kept, network.address.end(), std::uint8_t{0});
  return network;
}

bool Endpoint::is_ipv4() const noexcept {
  return std::equal(kMapped.begin(), kMapped.end(), address.begin());
}

void write_address(const Endpoint& endpoint, CharWriter& out) noexcept {
  const bool ipv4 = endpoint.is_ipv4();
  const void* address = endpoint.address.data() + (ipv4 ? kMapped.size() : 0);
  std::array<char, kAddressSize> text;
  if (::inet_ntop(ipv4 ? AF_INET : AF_INET6, address, text.data(), text.size()) != nullptr) {
    out.text(text.data());
  }
}

void write_network(const Endpoint& client, CharWriter& out) noexcept {
  write_address(network_of(client), out);
  out.put('/');
  out.decimal(client.is_ipv4() ? kIpv4NetworkBits : kIpv6NetworkBits);
}

}  // namespace connfate

std::size_t std::hash<connfate::Flow>::operator()(const connfate::Flow& flow) const noexcept {
  return connfate::mix_in(connfate::mix_in(0, flow.local), flow.remote);
}
