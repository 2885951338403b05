// SPDX-License-Identifier: Apache-2.0
#pragma once

// Provides a healthy living connection as the kernel describes it, to be changed by a test.

#include "cli/sockets/socket_dump.hpp"

namespace connfate::cli::fixture {

/// 1000 bytes are acknowledged, 500 are on their way since 20 ms.
inline LiveSocket healthy_socket() {
  using std::chrono::microseconds;
  using std::chrono::milliseconds;
  LiveSocket socket;
  socket.record.cookie = 0x12ab;
  socket.record.flow = {Endpoint::from(std::array<std::uint8_t, 4>{198, 51, 100, 5}, 443),
                        Endpoint::from(std::array<std::uint8_t, 4>{203, 0, 113, 7}, 51234)};
  socket.record.state = TcpState::kEstablished;
  socket.record.unacked = {500};
  TcpSnapshot s;
  s.state = TcpState::kEstablished;
  s.rto = milliseconds(240);
  s.rtt = milliseconds(40);
  s.snd_mss = {1448};
  s.unacked = {1};
  s.last_data_sent = milliseconds(20);
  s.last_data_recv = milliseconds(100);
  s.last_ack_recv = milliseconds(60);
  s.bytes_acked = Bytes{1000};
  s.bytes_received = Bytes{80};
  s.bytes_sent = Bytes{1500};
  s.bytes_retrans = Bytes{0};
  s.notsent = Bytes{0};
  s.snd_wnd = Bytes{64512};
  socket.record.snapshot = s;
  return socket;
}

}  // namespace connfate::cli::fixture
