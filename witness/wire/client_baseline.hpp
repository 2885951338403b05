// SPDX-License-Identifier: Apache-2.0
#pragma once

// Provides what the client's own packets look like, to compare a RST with: how far they have come
// (ClientBaseline, Distance). Used by the rules of rst_origin.hpp and silence.hpp.
// Surprising: the number of hops is an inference. It takes the smallest usual initial TTL that fits
// for the one that the sender used; the statements say so.

#include <cstdint>
#include <span>
#include <vector>

#include "witness/wire/wire_history.hpp"

namespace connfate::witness {

/// The smallest of 32, 64, 128 and 255 that is not below `ttl`.
int initial_ttl(std::uint8_t ttl) noexcept;
int hops(std::uint8_t ttl) noexcept;

/// How the TTL of one packet relates to the nearest one of the client's.
struct Distance {
  enum class Relation : std::uint8_t {
    kUnknown,          ///< no packet of the client to compare with
    kSame,             ///< the same TTL
    kOtherInitialTtl,  ///< as many hops, from another initial TTL
    kOneHop,
    kFar,  ///< two hops or more
  };

  Relation relation = Relation::kUnknown;
  std::uint8_t ttl = 0;
  std::uint8_t client_ttl = 0;
  bool client_handshake = false;  ///< client_ttl is that of a handshake packet

  /// Fewer hops than the client's packets: only there a device between can be.
  bool is_nearer() const noexcept { return hops(ttl) < hops(client_ttl); }
  bool is_close() const noexcept {
    return relation == Relation::kSame || relation == Relation::kOneHop;
  }
};

class ClientBaseline {
 public:
  /// From the packets of the client that are no RSTs, and the TTL that the kernel kept of the
  /// handshake's third packet.
  ClientBaseline(std::span<const Packet> packets, const HostFacts& host);

  Distance distance_of(std::uint8_t ttl) const noexcept;

  /// Independent packets behind the baseline.
  std::size_t size() const noexcept { return ttls_.size(); }
  /// No data of the client is among them: a proxy that answers handshakes would look the same.
  bool is_handshake_only() const noexcept { return handshake_only_; }

 private:
  struct Sample {
    std::uint8_t ttl;
    bool handshake;
  };

  std::vector<Sample> ttls_;
  bool handshake_only_ = true;
};

}  // namespace connfate::witness
