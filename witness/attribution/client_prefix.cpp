// SPDX-License-Identifier: Apache-2.0
#include "witness/attribution/client_prefix.hpp"

#include <algorithm>

#include "witness/attribution/wording.hpp"

namespace connfate::witness {
namespace {

constexpr std::size_t kIpv4Kept = 12 + 3;  ///< of the v4-mapped form
constexpr std::size_t kIpv6Kept = 6;

}  // namespace

ClientPrefix ClientPrefix::of(const Endpoint& client) noexcept {
  const bool ipv4 = client.is_ipv4();
  const std::size_t first = ipv4 ? kIpv4Kept - 3 : 0;
  const std::size_t last = ipv4 ? kIpv4Kept : kIpv6Kept;
  ClientPrefix prefix{ipv4 ? 1U : 0U};
  for (std::size_t i = first; i < last; ++i) prefix.value = prefix.value << 8 | client.address[i];
  return prefix;
}

Endpoint network_of(const Endpoint& client) noexcept {
  Endpoint network = client;
  const auto kept = static_cast<std::ptrdiff_t>(client.is_ipv4() ? kIpv4Kept : kIpv6Kept);
  std::fill(network.address.begin() + kept, network.address.end(), std::uint8_t{0});
  return network;
}

std::string prefix_text(const Endpoint& client) {
  return to_text(network_of(client)) + (client.is_ipv4() ? "/24" : "/48");
}

}  // namespace connfate::witness
