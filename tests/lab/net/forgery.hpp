// SPDX-License-Identifier: Apache-2.0
#pragma once

// Provides Forgery: a packet that a device in a cable sends in somebody else's name. Every part has
// a default that makes it look like the next packet of the side it pretends to be, but for what a
// device without a connection of its own cannot know (window 0, no timestamps, IP-ID 0).
// `trigger` below is the packet that set it off; without one, copies are of the last packet seen.

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

#include "lab/net/connection_facts.hpp"

namespace connfate::lab {

enum class ForgedKind : std::uint8_t {
  kRst,
  kRstAck,
  kFin,  ///< FIN+ACK
  kAck,  ///< carries `payload`, if any
  kSyn,
  kIcmp,  ///< an error about the trigger, from `icmp_from` to the trigger's sender; without one,
          ///< about a packet of the server that never was, `sequence_offset` off
};

/// Whose number stands in a field of the header.
enum class Number : std::uint8_t {
  kOwn,        ///< `*_value` itself
  kContinue,   ///< the impersonated side's last, plus `*_value`
  kOfTrigger,  ///< the trigger's, plus `*_value`
};

enum class Sequence : std::uint8_t {
  kExact,      ///< what the receiver expects next
  kLastAck,    ///< what the receiver last acknowledged
  kOfTrigger,  ///< the sequence number of the trigger
};

struct Forgery {
  ForgedKind kind = ForgedKind::kRst;
  Direction toward = Direction::kToServer;  ///< ICMP goes to the trigger's sender instead
  Sequence sequence = Sequence::kExact;
  std::int64_t sequence_offset = 0;
  std::int64_t sequence_step = 0;  ///< added from packet to packet when there are several
  std::int64_t ack_offset = 0;     ///< to what the impersonated side would acknowledge
  std::optional<std::uint8_t> ttl = std::nullopt;  ///< as it arrives; default: as its last packet
  Number ip_id = Number::kOwn;
  std::uint16_t ip_id_value = 0;
  bool dont_fragment = true;
  Number window = Number::kOwn;
  std::uint16_t window_value = 0;
  bool timestamps = false;  ///< if the connection has them
  std::optional<MacAddress> source_mac = std::nullopt;
  std::string payload{};

  int count = 1;
  std::chrono::microseconds spacing{0};
  std::chrono::microseconds delay{0};  ///< after the trigger

  std::uint8_t icmp_type = 3;  ///< 4 and 6 differ: see fragmentation_needed(), prohibited()
  std::uint8_t icmp_code = 1;
  std::uint16_t icmp_mtu = 0;
  std::string icmp_from{};
};

/// The shape of a Linux firewall's `reject with tcp reset`, from next door.
Forgery firewall_rst(Direction toward, std::uint8_t ttl);
/// "Fragmentation needed" (3/4) or "packet too big" (2/0), by the family of `from`.
Forgery fragmentation_needed(const std::string& from, std::uint16_t mtu);
/// "Administratively prohibited" (3/13 or 1/1).
Forgery prohibited(const std::string& from);

/// Throws std::runtime_error when an ICMP error comes from no address.
void check(const Forgery& forgery);

/// What set a forgery off.
struct Trigger {
  Segment segment;
  Frame frame;
};

struct Forged {
  Frame frame;
  Direction toward;
};

/// The `nth` packet of the forgery, from 0. `trigger` may be null. nullopt for ICMP
/// from an address of the other family.
std::optional<Forged> forge(const Forgery& forgery, const ConnectionFacts& connection,
                            const Trigger* trigger, int nth);

}  // namespace connfate::lab
