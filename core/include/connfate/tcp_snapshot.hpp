// SPDX-License-Identifier: Apache-2.0
#pragma once

// Provides TcpSnapshot: what the kernel said about one socket at one instant, in our own type.
// Used by the reader (syscalls.hpp), by the evidence, and later by the witness, whose netlink
// messages carry the same bytes.
// Surprising:
//  - The kernel answers with as many bytes as it knows (104 on 3.x, 232 on 5.4 and 6.1, 248 on
//    6.7, 280 on 6.18). A field that a kernel does not have is nullopt here, never 0.
//  - After a RST or a timeout (state CLOSE) the byte counters keep their last value, but unacked
//    and backoff read 0 (tcp_write_queue_purge, net/ipv4/tcp.c, 6.1). Never conclude "all
//    acknowledged" from unacked == 0 in CLOSE.
//  - bytes_acked counts our FIN as one byte once it is acknowledged, notsent counts it while it
//    is queued, bytes_received counts the peer's FIN.

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

#include "connfate/tcp_state.hpp"
#include "connfate/units.hpp"

namespace connfate {

/// The kernel counts ages in jiffies: 4 ms at HZ=250, 10 ms at HZ=100.
inline constexpr std::chrono::milliseconds kLongestJiffy{10};

/// Whoever looks wakes a little after a timer: an age and a timeout that are closer are equal.
inline constexpr std::chrono::milliseconds kTimerGrain = 2 * kLongestJiffy;

/// The shortest retransmission timeout, which a route can lower (TCP_RTO_MIN, include/net/tcp.h,
/// 6.1).
inline constexpr std::chrono::milliseconds kShortestRto{200};

struct TcpSnapshot {
  using Microseconds = std::chrono::microseconds;
  using Milliseconds = std::chrono::milliseconds;

  TcpState state = TcpState::kClose;
  std::uint8_t retransmits = 0;  ///< consecutive retransmissions by timer, now; survives death
  std::uint8_t probes = 0;       ///< unanswered window or keepalive probes; survives death
  std::uint8_t backoff = 0;      ///< consecutive back-offs of the timer, now; 0 in CLOSE
  Microseconds rto{};            ///< retransmission timeout now in force, backed off
  Microseconds rtt{};            ///< smoothed round-trip time; 0 before the first sample
  Microseconds rttvar{};
  Segments unacked{};        ///< in flight, our FIN included; 0 in CLOSE
  Segments total_retrans{};  ///< of the connection's life, tail-loss probes included
  Segments cwnd{};
  Bytes snd_mss{};
  Milliseconds last_data_sent{};  ///< ages, with the resolution of a jiffy (4 ms at HZ=250)
  Milliseconds last_data_recv{};
  Milliseconds last_ack_recv{};

  std::optional<Bytes> bytes_acked;            ///< 4.1
  std::optional<Bytes> bytes_received;         ///< 4.1
  std::optional<std::uint32_t> segs_in;        ///< 4.2; pure acknowledgements and RSTs included
  std::optional<Bytes> notsent;                ///< 4.6
  std::optional<Microseconds> min_rtt;         ///< 4.6; nullopt also before the first sample
  std::optional<std::uint64_t> delivery_rate;  ///< 4.9; bytes per second, nullopt when unmeasured
  std::optional<Microseconds> busy_time;       ///< 4.10
  std::optional<Microseconds> rwnd_limited;    ///< 4.10
  std::optional<Microseconds> sndbuf_limited;  ///< 4.10
  std::optional<std::uint32_t> data_segs_in;   ///< 4.6; with data, whatever became of it
  std::optional<Bytes> bytes_sent;             ///< 4.19; retransmissions included, FIN never
  std::optional<Bytes> bytes_retrans;          ///< 4.19
  std::optional<std::uint32_t> segs_out_of_order;  ///< 5.4; came in, with a gap before them
  std::optional<Bytes> snd_wnd;                    ///< 5.4
  std::optional<Milliseconds> total_rto_time;      ///< 6.7; time spent in timer-driven recovery

  /// How long ago the peer was last heard, by an acknowledgement or by data. A RST does not count:
  /// the kernel does not stamp it.
  Milliseconds silence() const noexcept {
    return last_ack_recv < last_data_recv ? last_ack_recv : last_data_recv;
  }

  /// True when the state is not CLOSE, so that `unacked` and `backoff` can be believed.
  bool is_live() const noexcept { return state != TcpState::kClose; }

  /// The kernel gives up before it would send again, so a connection that died by this timer was
  /// last sent to exactly one rto ago; a RST comes earlier (tcp_retransmit_timer(),
  /// net/ipv4/tcp_timer.c, 6.1).
  bool retransmission_timer_ran_out() const noexcept {
    return retransmits > 0 && last_data_sent + kTimerGrain >= rto;
  }
};

/// Decodes the kernel's struct tcp_info (include/uapi/linux/tcp.h) by the length it was returned
/// with; bytes beyond what this version knows are ignored. Returns nullopt for fewer than 104
/// bytes, which no supported kernel sends.
std::optional<TcpSnapshot> decode_tcp_info(std::span<const std::byte> answer) noexcept;

}  // namespace connfate
