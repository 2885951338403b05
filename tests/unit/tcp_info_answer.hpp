// SPDX-License-Identifier: Apache-2.0
#pragma once

// Provides TcpInfoAnswer: the bytes that a kernel would answer to TCP_INFO, set field by field.
// Used by every test that plays the kernel. The offsets are spelled out a second time on purpose
// (from the BTF of 6.18): a wrong one in core must not be wrong here too.

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <string_view>

#include "connfate/tcp_state.hpp"

namespace connfate::fixture {

/// A member of the kernel's struct tcp_info.
struct InfoField {
  std::string_view name;
  std::size_t offset;
  std::size_t width;

  /// Length of the shortest answer that contains it.
  constexpr std::size_t end() const noexcept { return offset + width; }
};

namespace tcpi {
inline constexpr InfoField kState{"state", 0, 1};
inline constexpr InfoField kRetransmits{"retransmits", 2, 1};
inline constexpr InfoField kProbes{"probes", 3, 1};
inline constexpr InfoField kBackoff{"backoff", 4, 1};
inline constexpr InfoField kRto{"rto", 8, 4};
inline constexpr InfoField kSndMss{"snd_mss", 16, 4};
inline constexpr InfoField kUnacked{"unacked", 24, 4};
inline constexpr InfoField kLastDataSent{"last_data_sent", 44, 4};
inline constexpr InfoField kLastDataRecv{"last_data_recv", 52, 4};
inline constexpr InfoField kLastAckRecv{"last_ack_recv", 56, 4};
inline constexpr InfoField kRtt{"rtt", 68, 4};
inline constexpr InfoField kRttvar{"rttvar", 72, 4};
inline constexpr InfoField kCwnd{"cwnd", 80, 4};
inline constexpr InfoField kTotalRetrans{"total_retrans", 100, 4};
inline constexpr InfoField kBytesAcked{"bytes_acked", 120, 8};
inline constexpr InfoField kBytesReceived{"bytes_received", 128, 8};
inline constexpr InfoField kSegsIn{"segs_in", 140, 4};
inline constexpr InfoField kNotsent{"notsent", 144, 4};
inline constexpr InfoField kDataSegsIn{"data_segs_in", 152, 4};
inline constexpr InfoField kMinRtt{"min_rtt", 148, 4};
inline constexpr InfoField kDeliveryRate{"delivery_rate", 160, 8};
inline constexpr InfoField kBusyTime{"busy_time", 168, 8};
inline constexpr InfoField kRwndLimited{"rwnd_limited", 176, 8};
inline constexpr InfoField kSndbufLimited{"sndbuf_limited", 184, 8};
inline constexpr InfoField kBytesSent{"bytes_sent", 200, 8};
inline constexpr InfoField kBytesRetrans{"bytes_retrans", 208, 8};
inline constexpr InfoField kRcvOooPack{"rcv_ooopack", 224, 4};
inline constexpr InfoField kSndWnd{"snd_wnd", 228, 4};
inline constexpr InfoField kTotalRtoTime{"total_rto_time", 244, 4};
}  // namespace tcpi

/// Length of the answer of Linux 3.0, 4.1, ...: each adds to the one before.
inline constexpr std::size_t kLinux30 = 104;
inline constexpr std::size_t kLinux41 = 136;
inline constexpr std::size_t kLinux46 = 160;
inline constexpr std::size_t kLinux419 = 224;
inline constexpr std::size_t kLinux61 = 232;
inline constexpr std::size_t kLinux618 = 280;

class TcpInfoAnswer {
 public:
  TcpInfoAnswer() {
    set(TcpState::kEstablished).set(tcpi::kSndMss, 1448).set(tcpi::kSndWnd, 65536);
    set(tcpi::kRto, 204000).set(tcpi::kRtt, 1000).set(tcpi::kCwnd, 10);
  }

  /// An answer of these bytes, at most 512.
  explicit TcpInfoAnswer(std::span<const std::byte> bytes) noexcept : length_(bytes.size()) {
    std::copy(bytes.begin(), bytes.end(), bytes_.begin());
  }

  TcpInfoAnswer& set(const InfoField& field, std::uint64_t value) noexcept {
    std::memcpy(bytes_.data() + field.offset, &value, field.width);  // little endian, as every
    return *this;                                                    // host of these tests is
  }
  TcpInfoAnswer& set(TcpState state) noexcept {
    return set(tcpi::kState, static_cast<std::uint64_t>(state));
  }
  TcpInfoAnswer& set_length(std::size_t length) noexcept {
    length_ = length;
    return *this;
  }

  std::span<const std::byte> bytes() const noexcept { return std::span(bytes_).first(length_); }

 private:
  std::array<std::byte, 512> bytes_{};
  std::size_t length_ = kLinux618;
};

}  // namespace connfate::fixture
