// SPDX-License-Identifier: Apache-2.0
#include "witness/wire/admission.hpp"

#include <algorithm>

#include "witness/wire/sequence.hpp"

namespace connfate::witness {
namespace {

/// Twice the largest receive window of a host that nobody has tuned (net.ipv4.tcp_rmem: 6 MB), and
/// 1 in 256 of all numbers: a stranger's packet seldom comes as near.
constexpr std::int64_t kNear = std::int64_t{1} << 23;

/// As many packets in a row agree by chance once in 65536 times.
constexpr std::size_t kAgreeing = 3;

/// Beyond this a difference of two sequence numbers does not tell which one is ahead.
constexpr std::uint64_t kHalf = std::uint64_t{1} << 31;

std::uint32_t low(Bytes bytes) noexcept {
  return static_cast<std::uint32_t>(bytes.value);
}

bool is_within(std::uint32_t seq, std::uint32_t around) noexcept {
  const std::int64_t distance = seq_distance(seq, around);
  return distance >= -kNear && distance <= kNear;
}

}  // namespace

Admission::Admission(std::span<const Packet> packets, const HostFacts& host) : host_(host) {
  find_start(packets);
  next_ = client_start_;
  admitted_.reserve(packets.size());
  for (std::size_t i = 0; i < packets.size(); ++i) {
    const Packet& p = packets[i];
    if (p.direction == Direction::kOut) {
      if (p.ack && !p.rst) next_ = p.ack_number;
      admitted_.push_back(true);
    } else if (p.syn) {
      admitted_.push_back(admits_syn(packets, i));
    } else {
      admitted_.push_back(p.rst ? admits_reset(p) : admits_data(p, i));
    }
  }
}

/// By this host's half of the handshake, which no stranger can have made. It acknowledges the
/// client's SYN, and the data in it (RFC 7413).
void Admission::find_start(std::span<const Packet> packets) noexcept {
  const auto own = std::ranges::find_if(
      packets, [](const Packet& p) { return p.syn && p.direction == Direction::kOut; });
  const bool has_own = own != packets.end();
  if (has_own) server_start_ = own->seq + 1U;
  connecting_ = has_own && !own->ack;
  const auto theirs = std::ranges::find_if(packets, [&](const Packet& p) {
    if (!p.syn || p.direction == Direction::kOut) return false;
    if (connecting_) return p.ack && p.ack_number == *server_start_;
    return !has_own || own->ack_number == end_seq(p) || own->ack_number == p.seq + 1U;
  });
  if (theirs != packets.end()) {
    client_start_ = theirs->seq + 1U;
  } else if (has_own && own->ack) {
    client_start_ = own->ack_number;
  }
}

bool Admission::admits_syn(std::span<const Packet> packets, std::size_t index) const noexcept {
  return !client_start_ || packets[index].seq + 1U == *client_start_;
}

bool Admission::is_near(std::uint32_t seq) noexcept {
  if (!next_) next_ = seq;
  return is_within(seq, *next_);
}

/// What this host has written is all that a client can acknowledge.
bool Admission::is_acknowledgement_of_ours(const Packet& packet) const noexcept {
  if (!packet.ack) return false;
  if (!server_start_ || !host_.written || host_.written->value >= kHalf) return true;
  const std::int64_t offset = seq_distance(packet.ack_number, *server_start_);
  return offset >= 0 && offset <= static_cast<std::int64_t>(host_.written->value);
}

/// Between the client's first byte and the end of the window behind the last one that TCP took. A
/// FIN is behind all of them, or is the last itself.
bool Admission::is_in_stream(const Packet& packet) const noexcept {
  const std::uint32_t last = *client_start_ + low(*host_.bytes_received);
  if (seq_distance(packet.seq, last) > kNear) return false;
  if (packet.fin) return seq_distance(end_seq(packet), last) >= 0;
  return host_.bytes_received->value >= kHalf || !seq_before(packet.seq, *client_start_);
}

/// A RST that misses by little is worth telling, though it ended nothing.
bool Admission::admits_reset(const Packet& packet) noexcept {
  if (connecting_ && packet.ack && packet.ack_number == server_start_) return true;
  if (has_counters()) {
    return is_within(packet.seq, *client_start_ + low(*host_.bytes_received)) ||
           is_within(packet.seq, next_.value_or(*client_start_));
  }
  return is_near(packet.seq);
}

/// Packets that lie far ahead, and near to each other, show that the capture missed what was
/// between: strangers seldom agree.
bool Admission::is_behind_a_gap(const Packet& packet, std::size_t index) noexcept {
  if (!jump_.empty() && !is_within(packet.seq, jump_end_)) jump_.clear();
  jump_.push_back(index);
  jump_end_ = end_seq(packet);
  if (jump_.size() < kAgreeing) return false;
  for (const std::size_t i : jump_) {
    if (i < index) admitted_[i] = true;
  }
  jump_.clear();
  next_ = jump_end_;
  return true;
}

bool Admission::continues(std::uint32_t seq) const noexcept {
  return next_ && is_within(seq, *next_);
}

bool Admission::admits_data(const Packet& packet, std::size_t index) noexcept {
  if (!is_acknowledgement_of_ours(packet)) return false;
  const bool admitted =
      has_counters() ? is_in_stream(packet) : is_near(packet.seq) || is_behind_a_gap(packet, index);
  if (admitted) next_ = later_seq(next_.value_or(end_seq(packet)), end_seq(packet));
  return admitted;
}

bool Admission::fits(const Packet& packet) const noexcept {
  if (!has_counters()) return false;
  if (packet.rst) return is_within(packet.seq, *client_start_ + low(*host_.bytes_received));
  return is_acknowledgement_of_ours(packet) && is_in_stream(packet);
}

bool Admission::admits(const IcmpError& error) const noexcept {
  if (!server_start_ || !error.quoted_seq) return false;
  const std::int64_t offset = seq_distance(*error.quoted_seq, *server_start_);
  if (!host_.written || host_.written->value >= kHalf) return offset >= 0;
  const bool in_silence = host_.last_heard && error.at > *host_.last_heard && host_.bytes_acked;
  const auto least = in_silence ? static_cast<std::int64_t>(host_.bytes_acked->value) : 0;
  return offset >= least && offset <= static_cast<std::int64_t>(host_.written->value);
}

}  // namespace connfate::witness
