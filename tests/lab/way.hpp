// SPDX-License-Identifier: Apache-2.0
#pragma once

// Provides the ways in which a story is played: on which server, over which protocol, how far away,
// over IPv4 or IPv6, with or without good traffic around it, or a forger.

#include <string>
#include <string_view>
#include <vector>

#include "harness/protocol.hpp"
#include "harness/server.hpp"

namespace connfate::lab {

struct Story;

struct Way {
  harness::ServerKind kind = harness::ServerKind::kNginx;
  harness::Protocol protocol = harness::Protocol::kCleartext;
  int rtt_ms = 0;
  bool ipv6 = false;
  bool noise = false;
  bool forger = false;
};

/// As stories and the truth table write them: "nginx", "http2 tls".
std::string_view to_word(harness::ServerKind kind);
std::string_view to_word(harness::Protocol protocol);
/// "0 ms", "40 ms IPv6", "40 ms noise", "40 ms forger".
std::string path_of(const Way& way);

/// Every server at every distance over the story's first protocol; its other protocols, IPv6, noise
/// and a forger once each, at the last distance. HTTP/2 is not played on prefork, which has none.
std::vector<Way> ways_of(const Story& story);

}  // namespace connfate::lab
