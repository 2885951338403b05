// SPDX-License-Identifier: Apache-2.0
#pragma once

// Provides the vocabulary of the verdict: Fate, By, Phase, Close, and their tokens. The tokens are
// a public contract: none is ever renamed or reused. docs/fates.md has a page of prose on each.
// "Acknowledged" always means by the TCP of the peer address (the client's kernel, or a proxy in
// front of it), never "read by the application".

#include <array>
#include <cstdint>
#include <string_view>

namespace connfate {

enum class Fate : std::uint8_t {
  kDelivered,       ///< all of it was handed over and acknowledged
  kPending,         ///< all of it was handed over, nothing failed, not all acknowledged yet
  kClientAbort,     ///< the client's FIN made the server give up; no RST seen
  kBrokenPipe,      ///< the client's FIN came first, then a RST answered our data
  kRstReceived,     ///< a RST, no FIN before it, before everything was acknowledged
  kAckTimeout,      ///< the kernel gave up: retransmissions unacknowledged
  kUnreachable,     ///< the kernel gave up, and an ICMP error had arrived
  kClientStalled,   ///< the server's timer; the client's window was the limit
  kAckStalled,      ///< the server's timer, while retransmissions went unacknowledged
  kBlockedHere,     ///< this host itself kept the missing bytes from the wire, or its TCP
  kServerTimeout,   ///< the server's timer, although acknowledgements advanced
  kServerAbort,     ///< the server ended the response early
  kStreamReset,     ///< HTTP/2: the client cancelled the stream
  kRequestTimeout,  ///< the request never arrived completely
  kNoRequest,       ///< not one byte of a request reached this host
  kUnknown,         ///< the evidence does not decide
};
inline constexpr int kFateCount = static_cast<int>(Fate::kUnknown) + 1;

/// Who ended it, as far as this host can know.
enum class By : std::uint8_t {
  kNobody,  ///< "-": nothing ended early
  kClient,  ///< the host behind the client address
  kPath,    ///< a device or a failure between, with evidence
  kPeer,    ///< client or path, not told apart
  kServer,  ///< this server, this host, or what it asked on the client's behalf
  kUnknown,
};

/// How far the request had come.
enum class Phase : std::uint8_t {
  kRequest,  ///< it was being read
  kWaiting,  ///< no response byte sent yet
  kSending,
  kDrained,  ///< everything handed to the kernel
  kIdle,     ///< between requests
  kUnknown,  ///< "-": only of a report whose sender knows more phases
};

/// How the connection stood when looked at.
enum class Close : std::uint8_t {
  kUnknown,  ///< "-": the socket could not be read
  kOpen,
  kFin,  ///< the client closed, or half-closed, first
  kRst,
  kTimeout,  ///< the kernel's timers ended it
  kIcmp,     ///< as kTimeout, and an ICMP error had arrived
  kLocal,    ///< we closed first
};

std::string_view to_token(Fate fate) noexcept;
std::string_view to_token(By by) noexcept;
std::string_view to_token(Phase phase) noexcept;
std::string_view to_token(Close close) noexcept;

/// The responsible party that a fate implies when nothing more is known.
By usual_by(Fate fate) noexcept;

/// The client ended its own response: no trouble of the server's, and worth a look when it
/// clusters.
constexpr bool client_left(Fate fate, By by) noexcept {
  return fate == Fate::kClientAbort || fate == Fate::kBrokenPipe || fate == Fate::kStreamReset ||
         (fate == Fate::kRstReceived && by == By::kClient);
}

/// The one definition of trouble, for all that counts, prints or alarms. A client that left and
/// found the path dead is no longer `by=client`, and its fate is another.
constexpr bool is_trouble(Fate fate, By by) noexcept {
  return fate != Fate::kDelivered && fate != Fate::kPending && fate != Fate::kNoRequest &&
         !client_left(fate, by);
}

}  // namespace connfate
