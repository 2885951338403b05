// SPDX-License-Identifier: Apache-2.0
#pragma once

// Provides the silence that the tests of silence.hpp and waiting_client.hpp begin with.

#include "witness/packets.hpp"
#include "witness/silence/silence.hpp"

namespace connfate::witness::wire {

/// 500 bytes sent at 800 ms, repeated at 1000, 1400 and 2200 ms; the end at 3800 ms. Nothing was
/// heard since the request at 40 ms.
inline Silence three_repetitions() {
  using std::chrono::milliseconds;
  Silence s;
  s.end = Bytes{500};
  s.ended_at = at(3800);
  s.snapshot.retransmits = 3;
  s.snapshot.rto = milliseconds(1600);
  s.snapshot.rtt = milliseconds(40);
  s.snapshot.last_data_sent = milliseconds(1600);
  s.snapshot.last_ack_recv = s.snapshot.last_data_recv = milliseconds(3760);
  s.snapshot.snd_wnd = Bytes{65536};
  s.output_excluded = true;
  return s;
}

/// The same, repeated at 3800 and 7000 ms, too; the end at 13400 ms. What the client sent at
/// `heard_ms` the kernel took.
inline Silence five_repetitions(double heard_ms = 40) {
  using std::chrono::milliseconds;
  Silence s = three_repetitions();
  s.ended_at = at(13400);
  s.snapshot.retransmits = 5;
  s.snapshot.rto = s.snapshot.last_data_sent = milliseconds(6400);
  s.snapshot.last_ack_recv = s.snapshot.last_data_recv =
      milliseconds(13400 - static_cast<int>(heard_ms));
  return s;
}

}  // namespace connfate::witness::wire
