// SPDX-License-Identifier: Apache-2.0
// First the order of events: what ended the connection, and what only followed from it. Then, for a
// RST in the client's name, what its features weigh together.
#include "witness/origin/rst_origin.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "witness/attribution/wording.hpp"
#include "witness/origin/origin_features.hpp"
#include "witness/origin/origin_weight.hpp"
#include "witness/origin/own_reset.hpp"
#include "witness/wire/sequence.hpp"

namespace connfate::witness {
namespace {

using Packets = std::span<const Packet>;

/// Where the resets that matter stand in the history.
struct Order {
  std::optional<std::size_t> own;     ///< the first RST that left this host
  std::optional<std::size_t> first;   ///< the first RST in the client's name
  std::optional<std::size_t> ending;  ///< the first of those that may have ended the connection
};

Order order_of(Packets packets, const HostFacts& host) {
  Order order;
  for (std::size_t i = 0; i < packets.size(); ++i) {
    if (!packets[i].rst) continue;
    if (packets[i].direction == Direction::kOut) {
      if (!order.own) order.own = i;
      continue;
    }
    if (!order.first) order.first = i;
    const RstEffect effect = effect_of(packets, i, host);
    const bool may_end = effect == RstEffect::kApplied || effect == RstEffect::kUnknown;
    if (may_end && !order.ending) order.ending = i;
  }
  return order;
}

/// Statements of the heaviest rules first; context is worth a line only next to something.
void add_features(Attribution& a, std::vector<Feature> features) {
  std::ranges::stable_sort(features, std::ranges::greater{}, &Feature::weight);
  for (Feature& f : features) {
    if (f.rule->id == "P14" && features.size() == 1) continue;
    a.evidence.push_back(std::move(f.statement));
    a.rules.push_back(f.rule->id);
  }
}

bool rests_on_distance(const std::vector<Feature>& features) noexcept {
  return std::ranges::any_of(features,
                             [](const Feature& f) { return f.family == Family::kDistance; });
}

void add_caveats(Attribution& a, const OriginScene& scene, const std::vector<Feature>& features) {
  if (rests_on_distance(features) && scene.baseline.is_handshake_only()) {
    a.evidence.emplace_back(
        "only handshake packets show the client's ttl: a proxy that answers "
        "handshakes would look the same");
  }
  if (scene.effect == RstEffect::kUnknown) {
    a.evidence.emplace_back("whether the reset was accepted cannot be told from the packets");
  }
  note_lost_packets(a, scene.host);
}

/// Was every byte acknowledged, our FIN too, when the RST came?
bool is_fin_acked(const WireHistory& history, const Packet& fin, const Packet& rst,
                  const HostFacts& host) noexcept {
  if (host.bytes_acked) {
    const auto isn = std::ranges::find_if(
        history.packets(), [](const Packet& p) { return p.syn && p.direction == Direction::kOut; });
    if (isn != history.packets().end()) {
      const auto acked = isn->seq + 1U + static_cast<std::uint32_t>(host.bytes_acked->value);
      return !seq_before(acked, end_seq(fin));
    }
  }
  return !rst.ack || !seq_before(rst.ack_number, end_seq(fin));
}

/// Who had closed before the RST came, so that it is only what followed; empty: nobody.
std::string close_before(const WireHistory& history, std::size_t index, const HostFacts& host) {
  const Packets before = Packets(history.packets()).first(index);
  const Packet& rst = history.packets()[index];
  const Packet* fin_in = first_fin(before, Direction::kIn);
  const Packet* fin_out = first_fin(before, Direction::kOut);
  if (fin_in != nullptr && (fin_out == nullptr || fin_in->at <= fin_out->at)) {
    return fmt::format(
        "the client closed first: its FIN came {} before the reset, which is a "
        "consequence",
        to_text(rst.at - fin_in->at));
  }
  if (fin_out != nullptr && is_fin_acked(history, *fin_out, rst, host)) {
    return fmt::format(
        "this host closed first: its FIN left {} before the reset, which is a "
        "consequence",
        to_text(rst.at - fin_out->at));
  }
  return {};
}

std::string no_effect(const OriginScene& scene) {
  switch (scene.effect) {
    case RstEffect::kIgnored:
      return "a reset in the client's name was ignored: its numbers do not fit the connection";
    case RstEffect::kChallenged:
      return "a reset in the client's name had no effect: in the window, but not exact (RFC 5961)";
    case RstEffect::kPostClose:
      return "a reset in the client's name came after the close: not its cause";
    case RstEffect::kNotTaken:
      return "a reset in the client's name was seen on this host's link, and its socket lived on: "
             "it never reached TCP";
    case RstEffect::kApplied:
    case RstEffect::kUnknown: break;
  }
  return {};
}

/// The features of a RST that ended nothing are told, but nobody is named for it.
Attribution describe(const OriginScene& scene, std::string what) {
  Attribution a;
  a.evidence.push_back(std::move(what));
  add_features(a, find_features(scene));
  note_lost_packets(a, scene.host);
  return a;
}

void add_own_consequence(Attribution& a, const WireHistory& history, const Order& order) {
  if (!order.own || !order.ending || *order.own < *order.ending) return;
  const Duration later = history.packets()[*order.own].at - history.packets()[*order.ending].at;
  a.evidence.push_back(
      fmt::format("this host's own RST, {} later, is a consequence", to_text(later)));
}

}  // namespace

Attribution attribute_rst(const WireHistory& history, const HostFacts& host,
                          RstFingerprints* fingerprints) {
  const Order order = order_of(history.packets(), host);
  if (order.own && (!order.ending || *order.own < *order.ending)) {
    return attribute_own_reset(history, *order.own, host);
  }
  if (!order.first) return {};

  const std::size_t reset = order.ending.value_or(*order.first);
  OriginScene scene(history, reset, host);
  scene.one_device = fingerprints != nullptr && fingerprints->is_one_device(history, reset);
  if (!order.ending) return describe(scene, no_effect(scene));
  if (std::string why = close_before(history, *order.ending, host); !why.empty()) {
    return describe(scene, std::move(why));
  }
  const std::vector<Feature> features = find_features(scene);
  Attribution a;
  add_features(a, features);
  name_sender(a, scene, weigh(features));
  add_caveats(a, scene, features);
  add_own_consequence(a, history, order);
  return a;
}

}  // namespace connfate::witness
