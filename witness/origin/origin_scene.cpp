// SPDX-License-Identifier: Apache-2.0
#include "witness/origin/origin_scene.hpp"

#include <algorithm>

#include "witness/wire/sequence.hpp"

namespace connfate::witness {

bool is_of_client(const Packet& packet) noexcept {
  return packet.direction == Direction::kIn && !packet.rst;
}

OriginScene::OriginScene(const WireHistory& history, std::size_t reset, const HostFacts& facts)
    : packets(history.packets()),
      index(reset),
      host(facts),
      effect(effect_of(packets, reset, facts)),
      baseline(packets, facts),
      distance(baseline.distance_of(packets[reset].ttl)),
      several_interfaces(history.seen_on_several_interfaces()),
      strangers(history.strangers()) {
  for (const Packet& p : packets) {
    if (p.rst && p.direction == Direction::kIn) resets.push_back(&p);
  }
  ttl_varies = std::ranges::any_of(
      resets, [this](const Packet* p) { return p->ttl != resets.front()->ttl; });
}

const Packet* OriginScene::last_of_client() const noexcept {
  const auto all = before();
  const auto found = std::find_if(all.rbegin(), all.rend(), is_of_client);
  return found == all.rend() ? nullptr : &*found;
}

std::optional<Instant> OriginScene::earliest_cause() const noexcept {
  for (const Packet& p : before()) {
    if (is_of_client(p) && end_seq(p) == rst().seq) return p.at;
  }
  return std::nullopt;
}

bool OriginScene::is_reply_form() const noexcept {
  const Packet& r = rst();
  return !r.ack && r.window == 0 && !r.has_options;
}

}  // namespace connfate::witness
