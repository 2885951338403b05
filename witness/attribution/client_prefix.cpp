// SPDX-License-Identifier: Apache-2.0
#include "witness/attribution/client_prefix.hpp"

#include <array>
#include <cstring>

namespace connfate::witness {

ClientPrefix ClientPrefix::of(const Endpoint& client) noexcept {
  const Endpoint network = network_of(client);
  std::array<std::uint64_t, 2> halves{};
  std::memcpy(halves.data(), network.address.data(), sizeof halves);
  // Of a v4-mapped address all that differs is in the second half, of IPv6 in the first.
  static_assert(kIpv6NetworkBits <= 64);
  const bool ipv4 = client.is_ipv4();
  return {.value = halves[ipv4 ? 1 : 0], .is_ipv4 = ipv4};
}

std::string prefix_text(const Endpoint& client) {
  std::array<char, kNetworkSize> buffer;
  CharWriter out(buffer.data(), buffer.size());
  write_network(client, out);
  return std::string(out.view());
}

}  // namespace connfate::witness
