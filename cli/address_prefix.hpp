// SPDX-License-Identifier: Apache-2.0
#pragma once

// Provides AddressPrefix: a client's address, or a network, as it is written on a command line
// ("192.0.2.7", "192.0.2.0/24", "2001:db8::/32"). Used by live and by the filters of report.

#include <optional>
#include <string_view>

#include "connfate/endpoint.hpp"

namespace connfate::cli {

struct AddressPrefix {
  Endpoint network;   ///< v4-mapped when it is IPv4
  unsigned bits = 0;  ///< of the 128

  bool contains(const Endpoint& client) const noexcept;
};

/// nullopt when `text` is neither an address nor a prefix.
std::optional<AddressPrefix> parse_prefix(std::string_view text);

/// An address alone, IPv4 v4-mapped; port 0.
std::optional<Endpoint> parse_address(std::string_view text) noexcept;

}  // namespace connfate::cli
