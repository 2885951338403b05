// SPDX-License-Identifier: Apache-2.0
#pragma once

// Provides a Report with a different value in every member, so that none can be taken for another.

#include <array>
#include <cerrno>

#include "connfate/report.hpp"

namespace connfate::fixture {

inline Endpoint ipv4_endpoint(std::array<std::uint8_t, 4> address, std::uint16_t port) {
  return Endpoint::from(address, port);
}

inline TcpSnapshot numbered_snapshot() {
  using std::chrono::microseconds;
  using std::chrono::milliseconds;
  TcpSnapshot s;
  s.state = TcpState::kCloseWait;
  s.retransmits = 201, s.probes = 202, s.backoff = 203;
  s.rto = microseconds(204), s.rtt = microseconds(205), s.rttvar = microseconds(206);
  s.unacked = {207}, s.total_retrans = {208}, s.cwnd = {209}, s.snd_mss = {210};
  s.last_data_sent = milliseconds(211), s.last_data_recv = milliseconds(212);
  s.last_ack_recv = milliseconds(213);
  s.bytes_acked = Bytes{1ULL << 40}, s.bytes_received = Bytes{215}, s.segs_in = 216;
  s.notsent = Bytes{217}, s.min_rtt = microseconds(218), s.delivery_rate = 219;
  s.busy_time = microseconds(220), s.rwnd_limited = microseconds(221);
  s.sndbuf_limited = microseconds(222), s.bytes_sent = Bytes{223}, s.bytes_retrans = Bytes{224};
  s.snd_wnd = Bytes{225}, s.total_rto_time = milliseconds(226);
  return s;
}

/// Every flag is the opposite of what it is by itself.
inline ServerView turned_view() {
  ServerView v;
  v.transport = Transport::kOther;
  v.ended = v.request_received = false;
  v.response_started = v.complete = v.request_timed_out = v.timed_out = v.peer_closed = true;
  v.fin_seen = v.write_shut_down = v.tunnel = v.shared_stream = v.stream_reset = true;
  v.reset_here = v.goodbye_seen = v.end_hidden = true, v.reset_code = 0x2a;
  v.end_limit = Bytes{301}, v.bytes_taken = Bytes{302};
  return v;
}

inline Observation numbered_observation() {
  using std::chrono::microseconds;
  Observation o;
  o.verdict = {Fate::kRequestTimeout, By::kServer, Phase::kIdle, Close::kLocal, &rules()[3]};
  o.evidence.view = turned_view();
  o.evidence.snapshot = numbered_snapshot();
  o.evidence.error = SocketError{EPIPE, Operation::kWrite};
  o.evidence.output_queue = Bytes{101}, o.evidence.written_to = Bytes{102};
  o.evidence.start = Bytes{103}, o.evidence.end = Bytes{104};
  o.evidence.refused = Bytes{120};
  o.evidence.busy = microseconds(105), o.evidence.rwnd_limited = microseconds(106);
  o.written = Bytes{111}, o.acked = Bytes{112}, o.unacked = Bytes{113}, o.notsent = Bytes{114};
  o.retrans = Segments{115}, o.rwnd_limited = microseconds(116);
  o.sndbuf_limited = microseconds(117), o.busy = microseconds(118);
  o.cookie = 0xfedcba9876543210U, o.ttl = 119;
  return o;
}

inline Report full_report() {
  Report r;
  r.logged_at_us = 1'700'000'000'000'000;
  r.flow = {ipv4_endpoint({192, 0, 2, 1}, 443), ipv4_endpoint({198, 51, 100, 7}, 51234)};
  r.observation = numbered_observation();
  r.rule = r.observation.verdict.rule->id;
  r.status = 206, r.lost = 401, r.duration = std::chrono::microseconds(402);
  r.server = "nginx", r.method = "GET", r.uri = "/a/b", r.host = "example.org", r.request_id = "id";
  return r;
}

/// The least that is a report.
inline Report least_report() {
  Report r;
  r.observation.cookie = 0;
  return r;
}

}  // namespace connfate::fixture
