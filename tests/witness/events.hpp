// SPDX-License-Identifier: Apache-2.0
#pragma once

// Provides the events that a tracker is fed in tests: reports, ends of sockets, and a clock that
// moves only when told to. One client, 192.0.2.7, talks to 198.51.100.1 port 443.

#include <array>
#include <string>
#include <vector>

#include "connfate/report.hpp"
#include "connfate/rules.hpp"
#include "witness/instant.hpp"
#include "witness/lines/final_line.hpp"
#include "witness/sockets/socket_record.hpp"
#include "witness/wire/packet.hpp"

namespace connfate::witness::events {

using std::chrono::milliseconds;

inline Instant at(std::int64_t ms) {
  return Instant{} + std::chrono::hours(1) + milliseconds(ms);
}

inline Flow flow(std::uint16_t client_port = 40000) {
  const std::array<std::uint8_t, 4> server{198, 51, 100, 1};
  const std::array<std::uint8_t, 4> client{192, 0, 2, 7};
  return {Endpoint::from(server, 443), Endpoint::from(client, client_port)};
}

/// What the kernel would say of a healthy connection on which `acked` of `end` bytes are confirmed.
inline TcpSnapshot snapshot(std::uint64_t acked, std::uint64_t end) {
  TcpSnapshot s;
  s.state = TcpState::kEstablished;
  s.rto = milliseconds(200);
  s.rtt = milliseconds(20);
  s.snd_mss = Bytes{1448};
  s.unacked = Segments{acked < end ? 1U : 0U};
  s.bytes_acked = Bytes{acked};
  s.bytes_sent = Bytes{end};
  s.bytes_retrans = Bytes{};
  s.notsent = Bytes{};
  s.bytes_received = Bytes{100};
  return s;
}

struct ReportOptions {
  std::uint64_t cookie = 1;
  std::uint64_t start = 0, end = 1000, acked = 0;
  Fate fate = Fate::kPending;
  std::string_view uri = "/index.html";
  std::uint16_t client_port = 40000;
};

inline Report report(const ReportOptions& o = {}) {
  Report r;
  r.logged_at_us = 1'800'000'000'000'000;
  r.flow = flow(o.client_port);
  r.status = 200;
  r.server = "nginx";
  r.method = "GET";
  r.uri = o.uri;
  r.host = "www.example.com";
  r.observation.cookie = o.cookie;
  r.observation.ttl = 52;
  r.observation.evidence.view.complete = true;
  r.observation.evidence.snapshot = snapshot(o.acked, o.end);
  r.observation.evidence.start = Bytes{o.start};
  r.observation.evidence.end = Bytes{o.end};
  r.observation.verdict = {o.fate, usual_by(o.fate), Phase::kDrained, Close::kOpen, &rules()[0]};
  return r;
}

inline SocketRecord live(std::uint64_t cookie, std::uint64_t acked, std::uint64_t end) {
  return {
      cookie, flow(), TcpState::kEstablished, Bytes{end - acked}, Bytes{}, snapshot(acked, end)};
}

/// The destroy message of a socket on which both sides had finished.
inline SocketRecord closed(std::uint64_t cookie, std::uint64_t end) {
  SocketRecord r{cookie, flow(), TcpState::kClose, Bytes{}, Bytes{}, snapshot(end, end)};
  r.snapshot->state = TcpState::kClose;
  r.snapshot->bytes_acked = Bytes{end + 1};  // our FIN
  return r;
}

/// The answer to a look-up when both sides have closed, this host first, and the kernel only keeps
/// the two ends from being used again.
inline SocketRecord in_time_wait(std::uint64_t cookie) {
  return {cookie, flow(), TcpState::kTimeWait, Bytes{}, Bytes{}, std::nullopt};
}

/// The destroy message of a socket that a RST ended.
inline SocketRecord reset(std::uint64_t cookie, std::uint64_t acked, std::uint64_t end) {
  SocketRecord r = live(cookie, acked, end);
  r.state = TcpState::kClose;
  r.snapshot->state = TcpState::kClose;
  r.snapshot->unacked = Segments{};
  return r;
}

/// The destroy message of a socket whose retransmissions went unanswered until the kernel gave up.
inline SocketRecord timed_out(std::uint64_t cookie, std::uint64_t acked, std::uint64_t end) {
  SocketRecord r = reset(cookie, acked, end);
  r.snapshot->retransmits = 6;
  r.snapshot->total_retrans = Segments{6};
  r.snapshot->rto = milliseconds(6400);
  r.snapshot->last_data_sent = milliseconds(6400);
  r.snapshot->last_ack_recv = milliseconds(15300);
  r.snapshot->last_data_recv = milliseconds(15300);
  return r;
}

/// A packet between the two, with nothing special about it.
inline Packet packet(std::int64_t ms, Direction direction) {
  Packet p;
  p.at = at(ms);
  p.direction = direction;
  p.flow = flow();
  p.ack = true;
  p.ttl = direction == Direction::kIn ? 52 : 64;
  p.dont_fragment = true;
  p.window = 500;
  return p;
}

inline constexpr std::uint32_t kClientIss = 1000;
inline constexpr std::uint32_t kServerIss = 5000;

/// The three packets that open a connection, as far as the capture takes them.
inline std::vector<Packet> handshake(std::int64_t ms) {
  Packet syn = packet(ms, Direction::kIn);
  syn.syn = true;
  syn.ack = false;
  syn.seq = kClientIss;
  syn.ip_id = 100;
  Packet syn_ack = packet(ms, Direction::kOut);
  syn_ack.syn = true;
  syn_ack.seq = kServerIss;
  syn_ack.ack_number = kClientIss + 1;
  Packet request = packet(ms + 20, Direction::kIn);
  request.psh = true;
  request.seq = kClientIss + 1;
  request.ack_number = kServerIss + 1;
  request.payload = 100;
  request.ip_id = 102;
  return {syn, syn_ack, request};
}

}  // namespace connfate::witness::events
