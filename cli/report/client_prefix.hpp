// SPDX-License-Identifier: Apache-2.0
#pragma once

// Provides prefixes of client addresses: the network that an address is counted under (/24, /48 for
// IPv6), and ADDRESS/BITS for filters. Used by the groups and by --where.

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace connfate::cli::report {

/// "203.0.113.7" gives "203.0.113.0/24", "2001:db8:1:2::3" gives "2001:db8:1::/48"; what is no
/// address gives itself. Written into `scratch`, which keeps its memory.
std::string_view network_of(std::string_view client, std::string& scratch);

class AddressPrefix {
 public:
  /// "198.51.100.0/24", "2001:db8::/32", or one address.
  static std::optional<AddressPrefix> parse(std::string_view text);
  bool holds(std::string_view client) const;

 private:
  std::array<std::uint8_t, 16> address_{};
  unsigned bits_ = 128;
};

}  // namespace connfate::cli::report
