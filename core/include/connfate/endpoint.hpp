// SPDX-License-Identifier: Apache-2.0
#pragma once

// Provides Endpoint, an IP address with its port, and Flow, the two ends of one TCP connection as
// this host sees them. Used by the report (report.hpp) and by the witness, which joins reports,
// sockets and packets by them.
// Surprising: an IPv4 address is always held in its v4-mapped form (::ffff:192.0.2.1), so that a
// client of a dual-stack listener and the same client in a captured packet compare equal.

#include <array>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <string_view>

#include "connfate/char_writer.hpp"

struct sockaddr;

namespace connfate {

struct Endpoint {
  std::array<std::uint8_t, 16> address{};  ///< network byte order
  std::uint16_t port = 0;                  ///< host byte order

  /// From the 4 or 16 address bytes of an IP header or a sockaddr; other lengths give "::".
  static Endpoint from(std::span<const std::uint8_t> address, std::uint16_t port) noexcept;

  /// From an AF_INET or AF_INET6 address; "::" with port 0 for other families.
  static Endpoint from(const sockaddr& address) noexcept;

  bool is_ipv4() const noexcept;

  friend auto operator<=>(const Endpoint&, const Endpoint&) noexcept = default;
};

struct Flow {
  Endpoint local;   ///< this host's end
  Endpoint remote;  ///< the client's, or that of whatever stands in front of it

  friend auto operator<=>(const Flow&, const Flow&) noexcept = default;
};

/// How many bits of an address tell the network that a client is taken to belong to.
inline constexpr unsigned kIpv4NetworkBits = 24;
inline constexpr unsigned kIpv6NetworkBits = 48;

/// The network's own address: the other bits are zeros. The port stays.
Endpoint network_of(const Endpoint& client) noexcept;

/// Room for any address text, "ffff:...:255.255.255.255" included.
inline constexpr std::size_t kAddressSize = 46;

/// The usual text of the address without the port: "192.0.2.1", "2001:db8::1".
void write_address(const Endpoint& endpoint, CharWriter& out) noexcept;

/// The network of a client: "203.0.113.0/24", "2001:db8:1::/48".
inline constexpr std::size_t kNetworkSize = kAddressSize + 3;
void write_network(const Endpoint& client, CharWriter& out) noexcept;

}  // namespace connfate

template <>
struct std::hash<connfate::Flow> {
  std::size_t operator()(const connfate::Flow& flow) const noexcept;
};
