// SPDX-License-Identifier: Apache-2.0
#pragma once

// Provides Packet and IcmpError: what the witness needs of a captured frame, and parse_frame().
// Used by the capture (capture.cpp), which feeds it, and by the history of a connection's packets.
// Surprising: which way a packet goes is not read from the capture (on loopback every packet is
// seen twice, out and in). It follows from which of its ports this host serves.

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <variant>

#include "connfate/endpoint.hpp"
#include "witness/instant.hpp"
#include "witness/wire/icmp_kind.hpp"
#include "witness/wire/link_layer.hpp"
#include "witness/wire/served_ports.hpp"
#include "witness/wire/skipped_frames.hpp"

namespace connfate::witness {

enum class Direction : std::uint8_t { kIn, kOut };  ///< as the server sees it

/// Longest payload of a RST that is kept (RFC 9293 allows one; some devices explain themselves).
inline constexpr std::size_t kRstTextSize = 255;

struct Packet {
  struct Timestamps {
    std::uint32_t value = 0;
    std::uint32_t echo = 0;
  };

  Instant at;
  Direction direction = Direction::kIn;
  Flow flow;
  bool fin = false, syn = false, rst = false, psh = false, ack = false;
  std::uint32_t seq = 0;
  std::uint32_t ack_number = 0;        ///< meaningless unless `ack`
  std::uint16_t window = 0;            ///< unscaled, as on the wire
  std::uint32_t payload = 0;           ///< bytes
  std::uint8_t ttl = 0;                ///< or IPv6 hop limit
  std::optional<std::uint16_t> ip_id;  ///< IPv4 only
  bool dont_fragment = false;
  std::optional<Timestamps> timestamps;  ///< RFC 7323 option
  bool has_options = false;
  std::array<std::uint8_t, 6> source_mac{};  ///< all zero where the link has none
  std::uint32_t interface = 0;               ///< index; 0 when not known
  bool loopback = false;                     ///< seen on this host's own loopback interface
  std::optional<std::uint16_t> vlan;
  bool handshake_end = false;  ///< the payload ends with the client's TLS Finished, likewise
  bool farewell = false;       ///< the payload is a TLS alert or an HTTP/2 GOAWAY, by type and size
  std::string rst_text;        ///< payload of a RST, escaped to printable ASCII; empty otherwise
};

/// An ICMP or ICMPv6 error about one of this host's connections.
struct IcmpError {
  Instant at;
  Flow flow;
  Endpoint sender;  ///< port 0
  std::uint8_t type = 0;
  std::uint8_t code = 0;
  std::optional<std::uint32_t> quoted_seq{};  ///< of the packet that the message is about
  bool loopback = false;                      ///< seen on this host's own loopback interface

  IcmpKind kind() const noexcept;
  bool is_about_size() const noexcept { return kind().meaning == IcmpMeaning::kTooBig; }
  bool is_prohibition() const noexcept { return kind().meaning == IcmpMeaning::kForbidden; }
};

using ParsedFrame = std::variant<Skipped, Packet, IcmpError>;

/// Parses a frame: VLAN tags, IPv4 with options, IPv6 with extension headers, TCP with options.
/// For anything else, why it was skipped.
ParsedFrame parse_frame(std::span<const std::byte> frame, LinkLayer link, const ServedPorts& ports,
                        Instant at);

}  // namespace connfate::witness
