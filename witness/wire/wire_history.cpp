// SPDX-License-Identifier: Apache-2.0
#include "witness/wire/wire_history.hpp"

#include <algorithm>
#include <array>

#include "witness/wire/admission.hpp"
#include "witness/wire/client_baseline.hpp"
#include "witness/wire/header_continuity.hpp"
#include "witness/wire/packet_quota.hpp"
#include "witness/wire/rst_effect.hpp"
#include "witness/wire/sequence.hpp"

namespace connfate::witness {
namespace {

/// A packet needs far less from one interface to the next, and TCP waits longer to send it again.
constexpr Duration kCopyWindow = std::chrono::milliseconds(10);

/// After this long an unanswered handshake is forgotten by both sides.
constexpr Duration kHandshakeLife = std::chrono::seconds(60);

constexpr std::array<std::uint8_t, 6> kNoMac{};

/// RSTs that keep what they say. They need no connection to belong to: whoever sends many of them
/// must not fill our memory.
constexpr std::ptrdiff_t kMostTexts = 2;

/// Of the first ICMP errors and of the last ones as many are kept.
constexpr std::size_t kIcmpKept = 4;

constexpr std::size_t kNumbersKept = 64;

bool has_text(const Packet& p) noexcept {
  return !p.rst_text.empty();
}

bool is_data_of_client(const Packet& p) noexcept {
  return p.direction == Direction::kIn && !p.rst;
}

bool same_timestamps(const Packet& a, const Packet& b) noexcept {
  if (!a.timestamps || !b.timestamps) return !a.timestamps && !b.timestamps;
  return a.timestamps->value == b.timestamps->value && a.timestamps->echo == b.timestamps->echo;
}

bool same_header(const Packet& a, const Packet& b) noexcept {
  return a.direction == b.direction && a.fin == b.fin && a.syn == b.syn && a.rst == b.rst &&
         a.ack == b.ack && a.seq == b.seq && a.ack_number == b.ack_number && a.window == b.window &&
         a.payload == b.payload && a.ip_id == b.ip_id && same_timestamps(a, b);
}

/// One packet seen twice: on two interfaces, between which it may have lost a hop, or going out and
/// coming in on loopback, which has no MAC. Twice on one real interface it was sent twice.
bool is_copy(const Packet& a, const Packet& b) noexcept {
  const bool two_sights = a.interface != b.interface || a.source_mac == kNoMac;
  const int ttl_step = a.ttl > b.ttl ? a.ttl - b.ttl : b.ttl - a.ttl;
  const Duration apart = a.at > b.at ? a.at - b.at : b.at - a.at;
  return two_sights && ttl_step <= 1 && apart <= kCopyWindow && same_header(a, b);
}

void note_first(std::optional<Instant>& first, const Packet& packet) noexcept {
  if (!first) first = packet.at;
}

void note_opening_and_close(WireFacts& facts, const Packet& p) noexcept {
  const bool in = p.direction == Direction::kIn;
  if (p.syn && in) note_first(facts.syn_in, p);
  if (p.fin) note_first(in ? facts.fin_in : facts.fin_out, p);
  if (p.rst && !in && !facts.rst_out) facts.rst_out_is_reply = !p.ack;
  if (p.rst && !in) note_first(facts.rst_out, p);
}

bool is_new_data_after_our_fin(std::span<const Packet> packets, std::size_t index) noexcept {
  const Packet& p = packets[index];
  const auto next = next_expected(packets.first(index));
  return is_data_of_client(p) && p.payload > 0 && !p.farewell && next &&
         seq_before(*next, end_seq(p));
}

}  // namespace

void WireHistory::add(const Packet& packet) {
  const bool telling = packet.syn || packet.fin || packet.rst;
  if (packet.direction == Direction::kOut && !telling) return;
  if (merge_copy(packet)) return;
  const auto later = [](Instant at, const Packet& p) { return at < p.at; };
  const auto place = std::upper_bound(packets_.begin(), packets_.end(), packet.at, later);
  const auto index = static_cast<std::size_t>(place - packets_.begin());
  const auto added = packets_.insert(place, packet);
  if (has_text(packet) && std::ranges::count_if(packets_, has_text) > kMostTexts) {
    std::string().swap(added->rst_text);
  }
  if (packet.direction == Direction::kOut && packet.syn && !server_isn_) {
    server_isn_ = packet.seq;
    const Admission admission(packets_, HostFacts{});
    for (std::size_t i = 0; i < packets_.size(); ++i) {
      if (admission.admits(i)) note_acknowledgement(packets_[i]);
    }
  } else if (Admission(packets_, HostFacts{}).admits(index)) {
    note_acknowledgement(packet);
  }
  if (packets_.size() > kCapacity) forget_least_telling();
}

/// The first ones and the last ones tell all that is asked.
void WireHistory::add(const IcmpError& error) {
  const auto later = [](Instant at, const IcmpError& e) { return at < e.at; };
  icmp_.insert(std::upper_bound(icmp_.begin(), icmp_.end(), error.at, later), error);
  if (icmp_.size() <= 2 * kIcmpKept) return;
  const auto stranger = std::ranges::find_if_not(
      icmp_, [this](const IcmpError& e) { return !server_isn_ || has_place_for(e); });
  icmp_.erase(stranger != icmp_.end() ? stranger : icmp_.begin() + kIcmpKept);
}

/// The first sight is kept: it is the one nearest to where the packet came from.
bool WireHistory::merge_copy(const Packet& packet) {
  const auto same =
      std::ranges::find_if(packets_, [&packet](const Packet& p) { return is_copy(p, packet); });
  if (same == packets_.end()) return false;
  several_interfaces_ = several_interfaces_ || same->interface != packet.interface;
  if (packet.at >= same->at) return true;
  packets_.erase(same);
  return false;
}

void WireHistory::note_acknowledgement(const Packet& packet) noexcept {
  if (!is_data_of_client(packet)) return;
  highest_acked_ = std::max(highest_acked_, acknowledged_by(packet).value_or(Bytes{}));
}

std::optional<Bytes> WireHistory::acknowledged_by(const Packet& packet) const noexcept {
  return acknowledged_by(packet, highest_acked_);
}

std::optional<Bytes> WireHistory::acknowledged_by(const Packet& packet, Bytes near) const noexcept {
  if (!server_isn_ || !packet.ack || packet.direction != Direction::kIn) return std::nullopt;
  return Bytes{unwrap(packet.ack_number - *server_isn_ - 1U, near.value)};
}

std::optional<Bytes> WireHistory::quoted_by(const IcmpError& error, Bytes near) const noexcept {
  if (!server_isn_ || !error.quoted_seq) return std::nullopt;
  return Bytes{unwrap(*error.quoted_seq - *server_isn_ - 1U, near.value)};
}

bool WireHistory::answers_this_host(const Packet& packet) const noexcept {
  constexpr std::uint32_t kFirstAnswers = 1U << 20;
  if (!server_isn_ || packet.direction == Direction::kOut || packet.syn || packet.rst) return false;
  return packet.ack && packet.ack_number - *server_isn_ - 1U < kFirstAnswers;
}

bool WireHistory::is_near_our_next(std::uint32_t seq) const noexcept {
  constexpr std::int64_t kNear = std::int64_t{1} << 25;
  if (!server_isn_) return false;
  const auto next = *server_isn_ + 1U + static_cast<std::uint32_t>(highest_acked_.value);
  const std::int64_t distance = seq_distance(seq, next);
  return distance >= -kNear && distance <= kNear;
}

bool WireHistory::has_place_for(const Packet& packet) const noexcept {
  return packet.direction == Direction::kOut
             ? is_near_our_next(packet.seq)
             : Admission(packets_, HostFacts{}).continues(packet.seq);
}

bool WireHistory::has_place_for(const IcmpError& error) const noexcept {
  return error.quoted_seq && is_near_our_next(*error.quoted_seq);
}

void WireHistory::forget_least_telling() {
  const std::size_t index = least_telling(packets_);
  const Packet& p = packets_[index];
  if (Admission(packets_, HostFacts{}).admits(index) || p.syn) {
    // Its kind has others.
  } else if (forgotten_.size() < kNumbersKept) {
    forgotten_.push_back({p.seq, p.ack_number, p.payload, p.fin, p.rst, p.ack});
  } else {
    ++more_forgotten_;
  }
  packets_.erase(packets_.begin() + static_cast<std::ptrdiff_t>(index));
}

/// What the socket's counters say was acknowledged is nearer to the truth than any packet.
WireHistory WireHistory::admitted(const HostFacts& host) const {
  const Admission admission(packets_, host);
  WireHistory own;
  own.several_interfaces_ = several_interfaces_;
  own.server_isn_ = server_isn_;
  own.highest_acked_ = host.bytes_acked.value_or(highest_acked_);
  own.strangers_ = strangers_ + forgotten_.size() + more_forgotten_;
  own.own_forgotten_ = own_forgotten_ + more_forgotten_;
  for (const Numbers& n : forgotten_) {
    Packet p;
    p.seq = n.seq;
    p.ack_number = n.ack_number;
    p.payload = n.payload;
    p.fin = n.fin;
    p.rst = n.rst;
    p.ack = n.ack;
    own.own_forgotten_ += admission.fits(p) ? 1 : 0;
  }
  for (std::size_t i = 0; i < packets_.size(); ++i) {
    if (admission.admits(i)) own.packets_.push_back(packets_[i]);
  }
  for (const IcmpError& error : icmp_) {
    if (admission.admits(error)) own.icmp_.push_back(error);
  }
  own.strangers_ += packets_.size() - own.packets_.size() + icmp_.size() - own.icmp_.size();
  return own;
}

bool WireHistory::starts_new_connection(const Packet& packet, bool socket_is_gone) const {
  const auto same_kind = [&packet](const Packet& p) {
    return p.syn && p.ack == packet.ack && p.direction == packet.direction;
  };
  if (packets_.empty() || !packet.syn || packet.rst) return false;
  const auto known = std::ranges::find_if(packets_, same_kind);
  if (known != packets_.end() && known->seq == packet.seq) return false;
  // The other half of this very handshake.
  const bool first_of_kind = known == packets_.end();
  if (first_of_kind && packet.ack) return false;
  if (first_of_kind && std::ranges::all_of(packets_, [](const Packet& p) { return p.syn; })) {
    return false;
  }
  const WireFacts now = facts();
  const bool ended = now.rst_in || now.rst_out || (now.fin_in && now.fin_out);
  const bool established =
      std::ranges::any_of(packets_, [](const Packet& p) { return is_data_of_client(p) && !p.syn; });
  const bool given_up = !established && packet.at > packets_.back().at + kHandshakeLife;
  return ended || socket_is_gone || given_up;
}

/// Only near the beginning: what is asked is whether anything had been sent at all, and a number
/// out of the blue must not answer that.
void WireHistory::note_sent(WireFacts& facts, const Packet& packet) const noexcept {
  constexpr std::uint32_t kNear = 65535;  // no first window is larger (RFC 9293, 3.1)
  const bool tells = is_data_of_client(packet) && !packet.syn && (packet.payload > 0 || packet.fin);
  const auto syn = std::ranges::find_if(
      packets_, [](const Packet& p) { return p.syn && p.direction == Direction::kIn; });
  if (!tells || syn == packets_.end()) return;
  const std::uint32_t sent = packet.seq + packet.payload - (syn->seq + 1U);
  if (sent > kNear) return;
  facts.client_sent = std::max(facts.client_sent.value_or(Bytes{}), Bytes{sent});
  const bool goes_on = packet.farewell && facts.handshake_end == Bytes{sent - packet.payload};
  if (packet.handshake_end || goes_on) facts.handshake_end = Bytes{sent};
}

/// Of data the highest is known already; of an old packet nobody can tell any more how often its
/// number had wrapped.
void WireHistory::note_client(WireFacts& facts, std::size_t index) const {
  const Packet& p = packets_[index];
  if (is_data_of_client(p)) {
    facts.last_client_packet = p.at;
    facts.last_client_acked = acknowledged_by(p);
    if (facts.last_client_acked) {
      facts.client_acked = std::max(facts.client_acked.value_or(Bytes{}), highest_acked_);
    }
  } else if (p.direction == Direction::kIn && acknowledged_by(p) &&
             continues_client_header(packets_, index)) {
    facts.client_acked = std::max(facts.client_acked.value_or(Bytes{}), *acknowledged_by(p));
  }
}

WireFacts WireHistory::facts(const HostFacts& host) const {
  return admitted(host).facts_of_all(host);
}

WireFacts WireHistory::facts_of_all(const HostFacts& host) const {
  WireFacts facts;
  bool syn_out = false;
  const Packet* said = nullptr;  // what the client said last
  for (std::size_t i = 0; i < packets_.size(); ++i) {
    const Packet& p = packets_[i];
    if (is_data_of_client(p) && p.payload > 0) said = &p;
    const bool closes = p.fin && p.direction == Direction::kOut && !facts.fin_out;
    if (closes && said != nullptr && !said->farewell) facts.closed_after = p.at - said->at;
    if (facts.fin_out && !facts.fin_in && is_new_data_after_our_fin(packets_, i)) {
      note_first(facts.data_in_after_fin_out, p);
    }
    note_opening_and_close(facts, p);
    note_client(facts, i);
    note_sent(facts, p);
    syn_out = syn_out || (p.syn && p.direction == Direction::kOut);
    if (!p.rst || p.direction == Direction::kOut || facts.rst_in) continue;
    const RstEffect effect = effect_of(packets_, i, host);
    if (effect != RstEffect::kApplied && effect != RstEffect::kUnknown) continue;
    facts.rst_in = p.at;
    facts.rst_effect = effect;
    facts.rst_acked = acknowledged_by(p);
  }
  facts.complete_from_start = facts.syn_in && syn_out;
  if (!icmp_.empty()) {
    const auto tells = std::ranges::find_if_not(icmp_, &IcmpError::is_about_size);
    facts.icmp = tells == icmp_.end() ? icmp_.front() : *tells;
    facts.last_icmp = icmp_.back();
  }
  return facts;
}

}  // namespace connfate::witness
