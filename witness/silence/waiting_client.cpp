// SPDX-License-Identifier: Apache-2.0
#include "witness/silence/waiting_client.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "witness/silence/signs_of_life.hpp"
#include "witness/silence/silence_timing.hpp"
#include "witness/wire/client_baseline.hpp"

namespace connfate::witness {
namespace {

const AttributionRule& rule_of(std::string_view id) noexcept {
  return *std::ranges::find(silence_rules(), id, &AttributionRule::id);
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

/// Short, so that it tells nothing; or long, and of that nobody knows whose it was.
void add_wait(Attribution& end, const Packet& p, const Silence& silence,
              const SilenceTiming& timing) {
  const std::string what = p.rst ? "reset" : "FIN";
  if (p.at <= timing.answer_due) {
    if (p.at <= timing.first_sent + timing.base_rto) return;
    end.evidence.push_back(
        fmt::format("data had been repeated without an answer when the client's {} came, {} after "
                    "it was first sent",
                    what, since_first_sent(timing, p.at)));
    return;
  }
  const AttributionRule& rule = rule_of("D3");
  end.waited_in_vain = true;
  end.confidence = std::max(end.confidence, rule.weight);
  end.rules.push_back(rule.id);
  end.evidence.push_back(fmt::format(
      "the client's {} came {} after the data was first sent, which had been repeated {} times, "
      "and "
      "acknowledges nothing of it: whether the path or the client was away until then cannot be "
      "determined from this host",
      what, since_first_sent(timing, p.at), int{silence.snapshot.retransmits}));
}

/// Whether it lived while data was lost; the words are those of silence.cpp.
void add_proof(Attribution& end, const Packet& p, const SignsOfLife& signs,
               const SilenceTiming& timing) {
  const AttributionRule& rule = rule_of(signs.heard ? "D2" : "D7");
  end.path_proven_alive = true;
  end.confidence = std::max(end.confidence, rule.weight);
  end.rules.push_back(rule.id);
  end.evidence.push_back(
      fmt::format("server to client direction lost: the client's {} came {} after the data was "
                  "first sent, and acknowledges nothing of it; {}",
                  p.rst ? "reset" : "FIN", since_first_sent(timing, p.at),
                  signs.heard ? "what was sent again after it was heard went unanswered"
                              : "it repeated what this host had answered"));
}

}  // namespace

void add_wait_in_vain(Attribution& end, const WireHistory& history, const HostFacts& host,
                      const Silence& told) {
  Silence silence = told;
  silence.in_flight_at = in_flight_by_icmp(history, silence.acked);
  silence.answered_at = history.facts(host).rst_in;
  const auto timing = timing_of(silence);
  // A client whose window is closed does not read; nothing need be lost.
  if (!timing || silence.snapshot.snd_wnd == Bytes{}) return;
  const Packet* p = end_by_client(end, history, host);
  if (p == nullptr || silence.acked >= silence.end) return;
  if (history.acknowledged_by(*p, silence.acked) != silence.acked) return;
  const SignsOfLife signs = signs_of_life(history, host, silence, timing);
  if (signs.prove_the_path()) {
    add_proof(end, *p, signs, *timing);
  } else {
    add_wait(end, *p, silence, *timing);
  }
}

}  // namespace connfate::witness
