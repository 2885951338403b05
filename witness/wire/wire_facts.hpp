// SPDX-License-Identifier: Apache-2.0
#pragma once

// Provides WireFacts, what the packets of one connection say, HostFacts, what this host knows next
// to them, and RstEffect. Plain values: wire_history.hpp makes the first of the second. Used by
// refusal.hpp and final_verdict.hpp, which need no more than the facts.

#include <cstdint>
#include <optional>

#include "connfate/units.hpp"
#include "witness/wire/packet.hpp"

namespace connfate::witness {

/// What a RST did to the connection that it names.
enum class RstEffect : std::uint8_t {
  kApplied,     ///< exact sequence number: it ended the connection
  kIgnored,     ///< outside the window, or behind what had been received
  kChallenged,  ///< in the window but not exact (RFC 5961)
  kPostClose,   ///< after both sides had finished, or after the socket was gone
  kNotTaken,    ///< exact, and yet the socket lived on: it never reached TCP
  kUnknown,     ///< the capture did not see enough to tell
};

/// What the host itself knows about the connection, next to its packets.
struct HostFacts {
  std::optional<std::uint8_t> handshake_ttl;  ///< from the module's report
  std::optional<Duration> min_rtt;            ///< final TCP_INFO
  bool min_rtt_is_one_sample = false;         ///< of the handshake, most likely
  std::optional<std::uint32_t> segments_in;   ///< final TCP_INFO, segs_in
  std::optional<Bytes> bytes_received;        ///< last TCP_INFO; the client's FIN counts as one
  std::optional<Bytes> bytes_acked;           ///< last TCP_INFO; our FIN counts as one
  std::optional<Bytes> written;               ///< all that a client can acknowledge, our FIN too
  std::optional<Instant> last_heard;          ///< by the kernel: data or an acknowledgement
  std::optional<Instant> alive_at;            ///< the socket was seen alive then
  std::optional<Instant> destroyed_at;        ///< when the destroy event came
  std::uint64_t packets_lost = 0;             ///< during the connection's life
  Bytes unread;                               ///< request bytes the server never read
};

/// The events that can end a connection, in the order in which the wire saw them.
struct WireFacts {
  std::optional<Instant> syn_in;
  std::optional<Instant> fin_in;
  std::optional<Instant> fin_out;
  std::optional<Instant> rst_in;  ///< the first that was applied, or may have been
  std::optional<Instant> rst_out;
  bool rst_out_is_reply = false;  ///< rst_out has the form of an answer without a socket
  /// New data of the client, sent after this host had sent its FIN first.
  std::optional<Instant> data_in_after_fin_out;
  RstEffect rst_effect = RstEffect::kUnknown;  ///< of rst_in
  bool complete_from_start = false;            ///< the handshake was captured
  std::optional<Bytes> rst_acked;              ///< what rst_in acknowledges, of the server's stream
  /// How much the client had sent, by the numbers of its data and of its FIN near the beginning of
  /// its stream. nullopt without its SYN, or where it had sent nothing but that.
  std::optional<Bytes> client_sent;
  /// Where its TLS handshake ended, and what it said in farewell behind that.
  std::optional<Bytes> handshake_end;

  /// Highest acknowledgement number of any packet of the client, as an offset into the server's
  /// byte stream. A RST's counts when its header continues the client's own packets: anybody can
  /// put a number into a RST. nullopt without a handshake, or without any.
  std::optional<Bytes> client_acked;
  /// The latest packet of the client that was not a RST, and what it acknowledged.
  std::optional<Instant> last_client_packet;
  std::optional<Duration> closed_after;  ///< our FIN, since data of the client that was no farewell
  std::optional<Bytes> last_client_acked;

  std::optional<IcmpError> icmp;  ///< the first one; about the size only for want of another
  std::optional<IcmpError> last_icmp;
};

}  // namespace connfate::witness
