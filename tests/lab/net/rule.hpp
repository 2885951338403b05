// SPDX-License-Identifier: Apache-2.0
#pragma once

// Provides Rule: which TCP segments a device in a cable takes notice of, and what it does about
// them. All rules see all segments, in the order of their making; a segment that any of them drops
// is dropped, and the others have counted and answered it all the same.

#include <chrono>
#include <cstdint>
#include <functional>
#include <limits>
#include <optional>
#include <string>
#include <vector>

#include "lab/net/forgery.hpp"

namespace connfate::lab {

using RuleId = std::uint32_t;

enum class What : std::uint8_t {
  kAny,
  kData,     ///< with payload
  kPureAck,  ///< neither payload nor SYN, FIN, RST
  kSyn,      ///< and SYN+ACK
  kFin,
  kRst,
  kKeepalive,  ///< a probe: one before what was sent already
};

/// All parts must hold.
struct Match {
  std::optional<Direction> direction = std::nullopt;
  What what = What::kAny;
  std::optional<std::uint16_t> client_port = std::nullopt;
  std::optional<std::uint16_t> server_port = std::nullopt;
  std::string client_ip{};         ///< empty: any
  std::uint32_t longer_than = 0;   ///< IP packets of more bytes than that
  std::uint32_t payload_from = 0;  ///< at least so many bytes of payload
  /// Data of which a part lies behind the first so many bytes of its stream.
  std::optional<std::uint64_t> beyond_byte = std::nullopt;
  /// Only on connections of which that rule has matched an earlier segment.
  std::optional<RuleId> after = std::nullopt;
  /// Anything else. Called in the cable's thread.
  std::function<bool(const Segment&, const ConnectionFacts&)> also = nullptr;
};

struct Action {
  bool drop = false;
  std::chrono::microseconds hold{0};  ///< passed on so much later; others overtake
  std::vector<Forgery> forgeries{};
};

struct Rule {
  Match match{};
  Action action{};
  std::uint64_t skip = 0;  ///< the first so many matches do nothing
  std::uint64_t times = std::numeric_limits<std::uint64_t>::max();  ///< at most so often acted upon
};

}  // namespace connfate::lab
