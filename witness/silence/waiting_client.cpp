// SPDX-License-Identifier: Apache-2.0
#include "witness/silence/waiting_client.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "witness/silence/silence_timing.hpp"
#include "witness/wire/client_baseline.hpp"

namespace connfate::witness {
namespace {

const AttributionRule& one_way_rule() noexcept {
  return *std::ranges::find(silence_rules(), "D2", &AttributionRule::id);
}

/// A FIN that has come as far as the client's other packets.
bool is_fin_of_client(const WireHistory& history, const HostFacts& host, const Packet& p) {
  if (!p.fin || p.rst || p.window == 0) return false;
  std::vector<Packet> others = history.packets();
  std::erase_if(others, [&p](const Packet& other) { return other.at >= p.at; });
  return ClientBaseline(others, host).distance_of(p.ttl).is_close();
}

/// The client's end of the connection; nullptr when it is not known to be the client's.
const Packet* end_by_client(const Attribution& end, const WireHistory& history,
                            const HostFacts& host) {
  const auto rst_in = history.facts(host).rst_in;
  for (const Packet& p : history.packets()) {
    if (p.direction != Direction::kIn) continue;
    if (is_fin_of_client(history, host, p)) return &p;
    if (p.rst && p.at == rst_in && end.rst_from == RstFrom::kClient) return &p;
  }
  return nullptr;
}

}  // namespace

void add_wait_in_vain(Attribution& end, const WireHistory& history, const HostFacts& host,
                      const Silence& silence) {
  const auto timing = timing_of(silence);
  // A client whose window is closed does not read; nothing need be lost.
  if (!timing || silence.snapshot.snd_wnd == Bytes{}) return;
  const Packet* p = end_by_client(end, history, host);
  if (p == nullptr || p->at <= timing->answer_due) return;
  const auto acked = history.acknowledged_by(*p, silence.acked);
  if (!acked || *acked > silence.acked || *acked >= silence.end) return;
  const AttributionRule& rule = one_way_rule();
  end.path_proven_alive = true;
  end.confidence = std::max(end.confidence, rule.weight);
  end.rules.push_back(rule.id);
  end.evidence.push_back(fmt::format(
      "server to client direction lost: the client's {} came {} after the data was first "
      "sent, and acknowledges nothing of it",
      p->rst ? "reset" : "FIN", since_first_sent(*timing, p->at)));
}

}  // namespace connfate::witness
