// SPDX-License-Identifier: Apache-2.0
// The only file that knows the layout of the kernel's struct tcp_info. It includes <linux/tcp.h>
// alone (glibc's <netinet/tcp.h> defines the same struct, shorter) and uses it for nothing but to
// check our offsets: the header of the build host says nothing about the kernel we will run on.

#include <linux/tcp.h>

#include <cstring>
#include <limits>

#include "connfate/tcp_snapshot.hpp"

namespace connfate {
namespace {

/// include/uapi/linux/tcp.h, 6.18. The layout only ever grows at its end.
enum Offset : std::size_t {
  kState = 0,
  kRetransmits = 2,
  kProbes = 3,
  kBackoff = 4,
  kRto = 8,
  kSndMss = 16,
  kUnacked = 24,
  kLastDataSent = 44,
  kLastDataRecv = 52,
  kLastAckRecv = 56,
  kRtt = 68,
  kRttvar = 72,
  kSndCwnd = 80,
  kTotalRetrans = 100,
  kBytesAcked = 120,
  kBytesReceived = 128,
  kSegsIn = 140,
  kNotsent = 144,
  kMinRtt = 148,
  kDataSegsIn = 152,
  kDeliveryRate = 160,
  kBusyTime = 168,
  kRwndLimited = 176,
  kSndbufLimited = 184,
  kBytesSent = 200,
  kBytesRetrans = 208,
  kRcvOooPack = 224,
  kSndWnd = 228,
  kTotalRtoTime = 244,  // newer than the headers of Debian 12: not checked below
};

/// The struct of the oldest kernel we read (2.6): everything up to total_retrans.
constexpr std::size_t kShortest = kTotalRetrans + sizeof(std::uint32_t);

static_assert(offsetof(tcp_info, tcpi_rto) == kRto);
static_assert(offsetof(tcp_info, tcpi_unacked) == kUnacked);
static_assert(offsetof(tcp_info, tcpi_last_ack_recv) == kLastAckRecv);
static_assert(offsetof(tcp_info, tcpi_total_retrans) == kTotalRetrans);
static_assert(offsetof(tcp_info, tcpi_bytes_acked) == kBytesAcked);
static_assert(offsetof(tcp_info, tcpi_segs_in) == kSegsIn);
static_assert(offsetof(tcp_info, tcpi_notsent_bytes) == kNotsent);
static_assert(offsetof(tcp_info, tcpi_data_segs_in) == kDataSegsIn);
static_assert(offsetof(tcp_info, tcpi_delivery_rate) == kDeliveryRate);
static_assert(offsetof(tcp_info, tcpi_busy_time) == kBusyTime);
static_assert(offsetof(tcp_info, tcpi_bytes_sent) == kBytesSent);
static_assert(offsetof(tcp_info, tcpi_rcv_ooopack) == kRcvOooPack);
static_assert(offsetof(tcp_info, tcpi_snd_wnd) == kSndWnd);

/// Reads fields out of an answer of any length.
class Reader {
 public:
  explicit Reader(std::span<const std::byte> answer) noexcept : answer_(answer) {}

  template <typename T>
  T at(Offset offset) const noexcept {
    T value{};
    std::memcpy(&value, answer_.data() + offset, sizeof value);
    return value;
  }

  template <typename T>
  std::optional<T> if_present(Offset offset) const noexcept {
    if (answer_.size() < offset + sizeof(T)) return std::nullopt;
    return at<T>(offset);
  }

  std::chrono::milliseconds milliseconds(Offset offset) const noexcept {
    return std::chrono::milliseconds(at<std::uint32_t>(offset));
  }
  std::chrono::microseconds microseconds(Offset offset) const noexcept {
    return std::chrono::microseconds(at<std::uint32_t>(offset));
  }

  template <typename T>
  std::optional<Bytes> bytes(Offset offset) const noexcept {
    const auto value = if_present<T>(offset);
    return value ? std::optional(Bytes{*value}) : std::nullopt;
  }
  std::optional<std::chrono::microseconds> duration(Offset offset) const noexcept {
    const auto value = if_present<std::uint64_t>(offset);
    if (!value || *value > std::numeric_limits<std::int64_t>::max()) return std::nullopt;
    return std::chrono::microseconds(static_cast<std::int64_t>(*value));
  }

 private:
  std::span<const std::byte> answer_;
};

void decode_oldest(const Reader& in, TcpSnapshot& out) noexcept {
  out.state = static_cast<TcpState>(in.at<std::uint8_t>(kState));
  out.retransmits = in.at<std::uint8_t>(kRetransmits);
  out.probes = in.at<std::uint8_t>(kProbes);
  out.backoff = in.at<std::uint8_t>(kBackoff);
  out.rto = in.microseconds(kRto);
  out.rtt = in.microseconds(kRtt);
  out.rttvar = in.microseconds(kRttvar);
  out.unacked = {in.at<std::uint32_t>(kUnacked)};
  out.total_retrans = {in.at<std::uint32_t>(kTotalRetrans)};
  out.cwnd = {in.at<std::uint32_t>(kSndCwnd)};
  out.snd_mss = {in.at<std::uint32_t>(kSndMss)};
  out.last_data_sent = in.milliseconds(kLastDataSent);
  out.last_data_recv = in.milliseconds(kLastDataRecv);
  out.last_ack_recv = in.milliseconds(kLastAckRecv);
}

void decode_younger(const Reader& in, TcpSnapshot& out) noexcept {
  out.bytes_acked = in.bytes<std::uint64_t>(kBytesAcked);
  out.bytes_received = in.bytes<std::uint64_t>(kBytesReceived);
  out.segs_in = in.if_present<std::uint32_t>(kSegsIn);
  out.notsent = in.bytes<std::uint32_t>(kNotsent);
  out.data_segs_in = in.if_present<std::uint32_t>(kDataSegsIn);
  const auto min_rtt = in.if_present<std::uint32_t>(kMinRtt);
  if (min_rtt && *min_rtt != std::numeric_limits<std::uint32_t>::max()) {
    out.min_rtt = std::chrono::microseconds(*min_rtt);
  }
  const auto rate = in.if_present<std::uint64_t>(kDeliveryRate);
  if (rate && *rate != 0) out.delivery_rate = rate;
  out.busy_time = in.duration(kBusyTime);
  out.rwnd_limited = in.duration(kRwndLimited);
  out.sndbuf_limited = in.duration(kSndbufLimited);
  out.bytes_sent = in.bytes<std::uint64_t>(kBytesSent);
  out.bytes_retrans = in.bytes<std::uint64_t>(kBytesRetrans);
  out.segs_out_of_order = in.if_present<std::uint32_t>(kRcvOooPack);
  out.snd_wnd = in.bytes<std::uint32_t>(kSndWnd);
  const auto rto_time = in.if_present<std::uint32_t>(kTotalRtoTime);
  if (rto_time) out.total_rto_time = std::chrono::milliseconds(*rto_time);
}

}  // namespace

std::optional<TcpSnapshot> decode_tcp_info(std::span<const std::byte> answer) noexcept {
  std::optional<TcpSnapshot> out;  // made in the caller's place: it is 280 bytes long
  if (answer.size() < kShortest) return out;
  const Reader in(answer);
  decode_oldest(in, out.emplace());
  decode_younger(in, *out);
  return out;
}

}  // namespace connfate
