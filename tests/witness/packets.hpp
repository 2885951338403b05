// SPDX-License-Identifier: Apache-2.0
#pragma once

// Provides the packets of one connection, as a start for tests that then change what matters to
// them. The client 192.0.2.7, 12 hops away (ttl 52), asks 198.51.100.1 port 443 for something with
// a request of 100 bytes. Numbers count from the side's first sequence number: the SYN is 0, the
// request 1 to 100, and 101 is what this host waits for next. Times are milliseconds.

#include <algorithm>
#include <cmath>
#include <string_view>

#include "witness/attribution/attribution.hpp"
#include "witness/wire/wire_history.hpp"

namespace connfate::witness::wire {

inline constexpr std::uint32_t kClientIsn = 0xfffffff0;  ///< everything wraps early
inline constexpr std::uint32_t kServerIsn = 0xffffff00;
inline constexpr std::uint32_t kNext = 101;
inline constexpr std::array<std::uint8_t, 6> kRouter{2, 0, 0, 0, 0, 0x25};
inline constexpr std::array<std::uint8_t, 6> kOtherRouter{2, 0, 0, 0, 0, 0x3a};

inline Instant at(double ms) {
  return Instant{} + std::chrono::hours(1) + Duration(std::llround(ms * 1000));
}

inline Flow flow(std::uint8_t network = 2, std::uint8_t host = 7) {
  const std::array<std::uint8_t, 4> server{198, 51, 100, 1};
  const std::array<std::uint8_t, 4> client{192, 0, network, host};
  return {Endpoint::from(server, 443), Endpoint::from(client, 40000)};
}

inline Packet in(double ms, std::uint32_t seq) {
  Packet p;
  p.at = at(ms);
  p.flow = flow();
  p.seq = kClientIsn + seq;
  p.ttl = 52;
  p.ip_id = 0;
  p.dont_fragment = true;
  p.source_mac = kRouter;
  p.interface = 2;
  return p;
}

inline Packet out(double ms, std::uint32_t seq, std::uint32_t ack) {
  Packet p = in(ms, 0);
  p.direction = Direction::kOut;
  p.seq = kServerIsn + seq;
  p.ack = true;
  p.ack_number = kClientIsn + ack;
  p.ttl = 64;
  p.source_mac = {2, 0, 0, 0, 0, 1};
  return p;
}

inline Packet syn(double ms) {
  Packet p = in(ms, 0);
  p.syn = p.has_options = true;
  p.window = 64240;
  p.ip_id = 500;
  return p;
}

inline Packet syn_ack(double ms) {
  Packet p = out(ms, 0, 1);
  p.syn = p.has_options = true;
  p.window = 65160;
  return p;
}

inline Packet data(double ms, std::uint32_t seq, std::uint32_t size, std::uint32_t acked = 1) {
  Packet p = in(ms, seq);
  p.psh = p.ack = p.has_options = true;
  p.payload = size;
  p.ack_number = kServerIsn + acked;
  p.window = 502;
  p.ip_id = static_cast<std::uint16_t>(502 + seq / 100);
  return p;
}

inline Packet fin_in(double ms, std::uint32_t seq = kNext, std::uint32_t acked = 1) {
  Packet p = data(ms, seq, 0, acked);
  p.psh = false;
  p.fin = true;
  return p;
}

inline Packet fin_out(double ms, std::uint32_t seq, std::uint32_t ack = kNext) {
  Packet p = out(ms, seq, ack);
  p.fin = true;
  return p;
}

/// The stateless form: no ACK, no window, no options, IP id 0.
inline Packet reset(double ms, std::uint32_t seq = kNext) {
  Packet p = in(ms, seq);
  p.rst = true;
  return p;
}

/// A RST with ACK, without options.
inline Packet reset_ack(double ms, std::uint32_t seq = kNext, std::uint32_t acked = 1) {
  Packet p = reset(ms, seq);
  p.ack = true;
  p.ack_number = kServerIsn + acked;
  return p;
}

inline Packet own_reset(double ms, bool with_ack) {
  Packet p = out(ms, 1, kNext);
  p.rst = true;
  p.ack = with_ack;
  return p;
}

inline Packet with_ttl(Packet p, int ttl) {
  p.ttl = static_cast<std::uint8_t>(ttl);
  return p;
}

inline Packet with_id(Packet p, int id) {
  p.ip_id = static_cast<std::uint16_t>(id);
  return p;
}

inline Packet with_window(Packet p, std::uint16_t window) {
  p.window = window;
  return p;
}

inline Packet from_other_router(Packet p) {
  p.source_mac = kOtherRouter;
  return p;
}

/// A clock of one tick in a millisecond, as Linux has it.
inline Packet with_timestamps(Packet p, std::uint32_t echo = 70000) {
  const auto ms = std::chrono::duration_cast<std::chrono::milliseconds>(p.at - at(0));
  p.timestamps = Packet::Timestamps{50000U + static_cast<std::uint32_t>(ms.count()), echo};
  p.has_options = true;
  return p;
}

template <typename... Packets>
WireHistory history(const Packets&... packets) {
  WireHistory h;
  (h.add(packets), ...);
  return h;
}

/// Handshake and request, then `packets`.
template <typename... Packets>
WireHistory established(const Packets&... packets) {
  return history(syn(0), syn_ack(0.1), data(40, 1, 100), packets...);
}

/// As established(), from a client with timestamps and a counting IP id.
template <typename... Packets>
WireHistory established_linux(const Packets&... packets) {
  return history(with_timestamps(syn(0)), syn_ack(0.1), with_timestamps(data(40, 1, 100)),
                 packets...);
}

inline bool has_rule(const Attribution& a, std::string_view id) {
  return std::ranges::count(a.rules, id) > 0;
}

/// Does any statement contain `text`?
inline bool says(const Attribution& a, std::string_view text) {
  return std::ranges::any_of(a.evidence, [text](const std::string& statement) {
    return statement.find(text) != std::string::npos;
  });
}

/// All statements, for messages of failed tests.
inline std::string all_of(const Attribution& a) {
  std::string text = std::string(a.rst_from ? to_token(*a.rst_from) : "-") + " " +
                     std::string(to_token(a.confidence));
  for (const auto rule : a.rules) text.append(" ").append(rule);
  for (const auto& statement : a.evidence) text.append("\n  ").append(statement);
  return text;
}

}  // namespace connfate::witness::wire
