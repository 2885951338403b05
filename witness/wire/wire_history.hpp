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
#include "witness/wire/wire_facts.hpp"

namespace connfate::witness {

class WireHistory {
  /// What is left of a packet that was forgotten as a stranger's.
  struct Numbers {
    std::uint32_t seq, ack_number, payload;
    bool fin, rst, ack;
  };

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

  /// By its numbers the packet, or what the message quotes, may be of this connection.
  bool has_place_for(const Packet& packet) const noexcept;
  bool has_place_for(const IcmpError& error) const noexcept;

  /// Packets and ICMP errors in somebody's name whose numbers are not this connection's.
  std::size_t strangers() const noexcept { return strangers_; }
  /// Of those that were forgotten, the ones that are the connection's own by the socket's counters,
  /// or whose numbers are forgotten, too. Of an admitted history.
  std::size_t own_forgotten() const noexcept { return own_forgotten_; }

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
  bool is_near_our_next(std::uint32_t seq) const noexcept;
  WireFacts facts_of_all(const HostFacts& host) const;
  void note_client(WireFacts& facts, std::size_t index) const;
  void note_sent(WireFacts& facts, const Packet& packet) const noexcept;

  std::vector<Packet> packets_;
  std::vector<IcmpError> icmp_;  ///< the first ones and the last ones
  std::optional<std::uint32_t> server_isn_;
  Bytes highest_acked_;  ///< kept apart: a stream of more than 4 GiB wraps its sequence numbers
  std::size_t strangers_ = 0;
  std::size_t own_forgotten_ = 0;
  std::vector<Numbers> forgotten_;  ///< of strangers, bounded
  std::size_t more_forgotten_ = 0;  ///< whose numbers are not kept
  bool several_interfaces_ = false;
};

}  // namespace connfate::witness
