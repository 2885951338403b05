// SPDX-License-Identifier: Apache-2.0
#pragma once

// Provides ClientPrefix: a key for the network that a client's address is taken to belong to
// (endpoint.hpp says how many bits that are), and its text. Used by the aggregates, which look for
// what many clients have in common.

#include <compare>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>

#include "connfate/endpoint.hpp"

namespace connfate::witness {

struct ClientPrefix {
  std::uint64_t value = 0;  ///< of the address
  bool is_ipv4 = false;

  static ClientPrefix of(const Endpoint& client) noexcept;
  friend auto operator<=>(const ClientPrefix&, const ClientPrefix&) noexcept = default;
};

/// "203.0.113.0/24", "2001:db8:1::/48".
std::string prefix_text(const Endpoint& client);

}  // namespace connfate::witness

template <>
struct std::hash<connfate::witness::ClientPrefix> {
  std::size_t operator()(const connfate::witness::ClientPrefix& prefix) const noexcept {
    return std::hash<std::uint64_t>{}(prefix.value ^ std::uint64_t{prefix.is_ipv4});
  }
};
