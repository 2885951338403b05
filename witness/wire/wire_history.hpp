// SPDX-License-Identifier: Apache-2.0
#pragma once

// Provides WireHistory: what was seen on the wire of one connection, in bounded memory: the
// handshake, the first FIN and RST of either side, the client's data as far as the capture samples
// it, and ICMP errors. Pure: it is fed packets and asked for facts.
// Used by the tracker, which keeps one per connection, and by the rules of rst_origin.hpp and
// silence.hpp.

#include <cstdint>
#include <optional>
#include <vector>

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

class WireHistory {
 public:
  static constexpr std::size_t kCapacity = 30;

  /// `in` packets of the client (or in its name), `out` packets of this host. Duplicates (the same
  /// packet seen on two interfaces) and reordered timestamps are expected. Outgoing packets that
  /// open, close or reset nothing are not kept.
  void add(const Packet& packet);
  void add(const IcmpError& error);

  /// True when `packet` opens another connection between the same two ends, so that it belongs into
  /// a new history. False for the first packet and for repetitions of this handshake, and also for
  /// a SYN that anybody can throw into a living connection, unless `socket_is_gone`.
  bool starts_new_connection(const Packet& packet, bool socket_is_gone = false) const;

  WireFacts facts() const { return facts(HostFacts{}); }
  /// What the host knows tells better what a RST did.
  WireFacts facts(const HostFacts& host) const;

  /// The same without what is nobody's evidence (admission.hpp): every rule is given this.
  WireHistory admitted(const HostFacts& host) const;

  /// `packet`, which was added, acknowledges this host's SYN: its sender has seen that.
  bool answers_this_host(const Packet& packet) const noexcept;

  /// Packets and ICMP errors in somebody's name whose numbers are not this connection's.
  std::size_t strangers() const noexcept { return strangers_; }
  /// Of those, the ones that were forgotten: with the counters they might have been believed.
  std::size_t strangers_forgotten() const noexcept { return strangers_forgotten_; }

  /// Packets kept, oldest first: the handshake, and the most telling others. At most kCapacity.
  const std::vector<Packet>& packets() const noexcept { return packets_; }

  /// True when copies of one packet came from several interfaces (a veth and what lies behind it):
  /// then another interface or source MAC tells nothing.
  bool seen_on_several_interfaces() const noexcept { return several_interfaces_; }

  const std::vector<IcmpError>& icmp_errors() const noexcept { return icmp_; }  ///< oldest first
  /// Where in the server's byte stream the packet began that the message is about.
  std::optional<Bytes> quoted_by(const IcmpError& error, Bytes near) const noexcept;

  /// Where the packet's acknowledgement number lies in the server's byte stream, near to `near`, or
  /// to what the client has acknowledged. nullopt without the handshake or without an ACK.
  std::optional<Bytes> acknowledged_by(const Packet& packet) const noexcept;
  std::optional<Bytes> acknowledged_by(const Packet& packet, Bytes near) const noexcept;

 private:
  bool merge_copy(const Packet& packet);
  void note_acknowledgement(const Packet& packet) noexcept;
  void forget_least_telling();
  WireFacts facts_of_all(const HostFacts& host) const;
  void note_client(WireFacts& facts, std::size_t index) const;
  void note_sent(WireFacts& facts, const Packet& packet) const noexcept;

  std::vector<Packet> packets_;
  std::vector<IcmpError> icmp_;  ///< the first ones and the last ones
  std::optional<std::uint32_t> server_isn_;
  Bytes highest_acked_;  ///< kept apart: a stream of more than 4 GiB wraps its sequence numbers
  std::size_t strangers_ = 0;
  std::size_t strangers_forgotten_ = 0;
  bool several_interfaces_ = false;
};

}  // namespace connfate::witness
