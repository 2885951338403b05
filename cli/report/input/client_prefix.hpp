// SPDX-License-Identifier: Apache-2.0
#pragma once

// Provides network_of(): the network that a client is counted under, /24 for IPv4 and /48 for IPv6.
// Used by the aggregate, and by the selector for --where and --by.

#include <string>
#include <string_view>

namespace connfate::cli::report {

/// "203.0.113.7" gives "203.0.113.0/24", and so does "::ffff:203.0.113.7" of a listener for both;
/// "2001:db8:1:2::3" gives "2001:db8:1::/48"; what is no address gives itself. Written into
/// `scratch`, which keeps its memory.
std::string_view network_of(std::string_view client, std::string& scratch);

/// 127.0.0.0/8 or ::1: a program of the server's own host.
bool is_loopback(std::string_view client) noexcept;

}  // namespace connfate::cli::report
