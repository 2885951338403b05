// SPDX-License-Identifier: Apache-2.0
#pragma once

// Provides Evidence of typical connections on a current kernel, as a start for tests that then
// change what matters to them. Every sample is of one response of 4000 bytes at 1000, of which the
// client acknowledged 1000.

#include "connfate/evidence.hpp"

namespace connfate::fixture {

inline TcpSnapshot sample_snapshot() {
  TcpSnapshot s;
  s.state = TcpState::kEstablished;
  s.rto = std::chrono::milliseconds(204);
  s.rtt = std::chrono::milliseconds(1);
  s.rttvar = std::chrono::microseconds(500);
  s.unacked = {3};
  s.cwnd = {10};
  s.snd_mss = {1448};
  s.bytes_acked = Bytes{2000};
  s.bytes_received = Bytes{100};
  s.notsent = Bytes{0};
  s.min_rtt = std::chrono::microseconds(900);
  s.delivery_rate = 1'000'000;
  s.busy_time = s.rwnd_limited = s.sndbuf_limited = std::chrono::microseconds(0);
  s.bytes_sent = Bytes{5000};
  s.bytes_retrans = Bytes{0};
  s.snd_wnd = Bytes{65536};
  s.total_rto_time = std::chrono::milliseconds(0);
  return s;
}

/// Handed over completely, on its way, nothing wrong.
inline Evidence in_flight() {
  Evidence e;
  e.view.response_started = true;
  e.view.complete = true;
  e.view.bytes_taken = Bytes{100};
  e.snapshot = sample_snapshot();
  e.start = Bytes{1000};
  e.end = Bytes{5000};
  return e;
}

/// As in_flight(), but the server has more to send.
inline Evidence incomplete() {
  Evidence e = in_flight();
  e.view.complete = false;
  return e;
}

/// The client acknowledged all.
inline void acknowledge_all(Evidence& e) {
  e.snapshot->bytes_acked = e.end;
  e.snapshot->unacked = {};
  e.snapshot->notsent = Bytes{};
}

/// What the kernel leaves behind when a connection dies; nobody got an errno.
inline void die(Evidence& e) {
  e.snapshot->state = TcpState::kClose;
  e.snapshot->unacked = {};
  e.snapshot->backoff = 0;
}

/// As die(), and the server's own call got `code` first.
inline void die_with(Evidence& e, int code, Operation operation = Operation::kWrite) {
  die(e);
  e.error = SocketError{code, operation};
}

/// The client's FIN came: one byte of bytes_received that no read returned.
inline void receive_fin(Evidence& e) {
  e.snapshot->bytes_received = *e.snapshot->bytes_received + Bytes{1};
  if (e.snapshot->is_live()) e.snapshot->state = TcpState::kCloseWait;
}

/// Data waits for a window that takes less than a segment.
inline void close_window(Evidence& e) {
  e.snapshot->notsent = Bytes{3000};
  e.snapshot->bytes_sent = e.snapshot->bytes_acked;
  e.snapshot->unacked = {};
  e.snapshot->snd_wnd = Bytes{0};
  e.snapshot->backoff = e.snapshot->is_live() ? 3 : 0;
}

}  // namespace connfate::fixture
