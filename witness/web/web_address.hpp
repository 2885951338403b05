// SPDX-License-Identifier: Apache-2.0
#pragma once

// Provides WebAddress: where the witness answers over HTTP, as it is written on the command line:
// 127.0.0.1:9753, [::1]:9753, or the path of a unix socket. Used by the options and the listener.

#include <boost/asio/ip/address.hpp>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>

namespace connfate::witness {

struct WebAddress {
  std::filesystem::path path;  ///< of a unix socket; empty: `ip` and `port`
  boost::asio::ip::address ip;
  std::uint16_t port = 0;

  bool is_unix() const noexcept { return !path.empty(); }
  /// Only this host's own processes can reach it.
  bool is_private() const noexcept { return is_unix() || ip.is_loopback(); }
};

/// nullopt for what is neither; names are not resolved.
std::optional<WebAddress> parse_web_address(const std::string& text);

}  // namespace connfate::witness
