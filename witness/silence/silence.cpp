// SPDX-License-Identifier: Apache-2.0
// Each D rule first; then the facts of this host, each only when it is true and was observed; then
// what cannot be known.
#include "witness/silence/silence.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "witness/attribution/wording.hpp"
#include "witness/silence/icmp_text.hpp"
#include "witness/silence/refusal.hpp"
#include "witness/silence/signs_of_life.hpp"
#include "witness/silence/silence_timing.hpp"

namespace connfate::witness {
namespace {

using std::chrono::seconds;

constexpr std::array kRules{
    AttributionRule{
        "D1", Confidence::kNone,
        "Nothing was acknowledged and nothing more was heard: the path or the client went "
        "silent, or this host kept what the client sent; which cannot be told."},
    AttributionRule{
        "D2", Confidence::kStrong,
        "The client was heard while the data was repeated, before it was repeated for the last "
        "time, and its acknowledgements stayed where they were."},
    AttributionRule{
        "D3", Confidence::kWeak,
        "After the data had been repeated for the last time, the client sent a packet that "
        "acknowledges nothing of it: where the client was before, nothing tells."},
    AttributionRule{
        "D4", Confidence::kModerate,
        "Several clients of one network fell silent at once, while other networks answered."},
    AttributionRule{
        "D5", Confidence::kProven,
        "The client's receive window was closed and it answered the probes: it does not "
        "read, and nothing was dropped."},
    AttributionRule{
        "D6", Confidence::kModerate,
        "While the data was repeated, an ICMP message forbade it, and its sender was neither "
        "the client nor this host."},
    AttributionRule{
        "D7", Confidence::kStrong,
        "The client repeated what this host had answered, and repeated it again: what this host "
        "sends does not reach it."},
};
constexpr const AttributionRule& kSilent = kRules[0];
constexpr const AttributionRule& kOneWay = kRules[1];
constexpr const AttributionRule& kCameLater = kRules[2];
constexpr const AttributionRule& kNotReading = kRules[4];
constexpr const AttributionRule& kRefused = kRules[5];
constexpr const AttributionRule& kRepeated = kRules[6];

/// Everything that the statements are made from.
struct View {
  const WireHistory& history;
  const HostFacts& host;
  const Silence& silence;
  WireFacts facts;
  bool capture_complete;
  std::optional<SilenceTiming> timing;
  SignsOfLife signs;
};

void add(Attribution& a, std::string statement) {
  a.evidence.push_back(std::move(statement));
}

void add(Attribution& a, const AttributionRule& rule, std::string statement) {
  add(a, std::move(statement));
  a.rules.push_back(rule.id);
  a.confidence = std::max(a.confidence, rule.weight);
}

bool is_before_end(const View& v, Instant at) noexcept {
  return !v.silence.ended_at || at <= *v.silence.ended_at;
}

std::optional<Bytes> acknowledged(const View& v, const Packet& p) {
  return v.history.acknowledged_by(p, v.silence.acked);
}

std::string kind_of(const Packet& p) {
  return p.fin ? "FIN" : "packet";
}

void add_one_way(Attribution& a, const View& v) {
  constexpr std::string_view kLost = "server to client direction lost: ";
  if (v.signs.heard) {
    const Packet* p = v.signs.heard_packet;
    const std::string who = p == nullptr ? "the kernel heard the client"
                                         : fmt::format("a {} of the client came", kind_of(*p));
    add(a, kOneWay,
        fmt::format("{}{} {} after the data was first sent, its acknowledgement had not moved, and "
                    "what was sent again {} later went unanswered, too",
                    kLost, who, since_first_sent(*v.timing, *v.signs.heard),
                    to_text(v.timing->last_lost - *v.signs.heard)));
  }
  if (const Packet* p = v.signs.repeated; p != nullptr) {
    add(a, kRepeated,
        fmt::format("{}the client repeated a {} that this host had answered each time, last {} "
                    "after the data was first sent",
                    kLost, kind_of(*p), since_first_sent(*v.timing, p->at)));
  }
  a.path_proven_alive = v.signs.prove_the_path();
}

/// A sign of life that nothing was sent after. False where there is none.
bool add_came_later(Attribution& a, const View& v) {
  const Packet* p = v.signs.late;
  const bool after_end = p != nullptr && v.silence.ended_at && p->at > *v.silence.ended_at;
  if (p == nullptr || (a.path_proven_alive && !after_end)) return false;
  const bool nothing = v.silence.acked <= v.silence.start;
  const std::string when =
      after_end ? to_text(p->at - *v.silence.ended_at) + " after this host had given up"
                : since_first_sent(*v.timing, p->at) + " after the data was first sent";
  add(a, kCameLater,
      fmt::format(
          "a {} of the client came {} and acknowledges {}: until then the client's TCP had not "
          "received {}, and nothing was sent after it{}",
          kind_of(*p), when,
          nothing ? "nothing of the response" : "nothing beyond the first unacknowledged byte",
          nothing ? "the response" : "the rest",
          a.path_proven_alive
              ? ""
              : ": whether the path or the client was away until then cannot be told"));
  return true;
}

/// The opposite of a loss of the data: what was lost were the acknowledgements.
void add_late_acknowledgement(Attribution& a, const View& v) {
  if (!v.silence.ended_at) return;
  for (const Packet& p : v.history.packets()) {
    const auto acked = acknowledged(v, p);
    if (p.rst || !acked || *acked <= v.silence.acked || p.at <= *v.silence.ended_at) continue;
    add(a, fmt::format("a {} of the client {} after the end acknowledges {} of {} bytes: the data "
                       "had arrived, its acknowledgement had not",
                       kind_of(p), to_text(p.at - *v.silence.ended_at),
                       (std::min(*acked, v.silence.end) - v.silence.start).value,
                       (v.silence.end - v.silence.start).value));
    return;
  }
}

/// The kernel counts what it could not send. What it drops of the client's, in front of TCP, it
/// does not, and pure acknowledgements, which are most of what a client sends, are not captured.
std::string_view or_this_host(const View& v) noexcept {
  return v.silence.output_excluded ? "or this host kept what the client sent"
                                   : "or this host kept packets of either";
}

void add_silent(Attribution& a, const View& v) {
  const Duration heard_before = v.silence.snapshot.silence();
  const bool long_enough =
      v.timing && heard_before >= std::max<Duration>(seconds(2), 4 * v.timing->base_rto);
  if (!v.silence.ended_at && !long_enough) {
    add(a, fmt::format("the client was last heard {} before: too soon to tell more",
                       to_text(heard_before)));
    return;
  }
  add(a, kSilent,
      fmt::format("the path or the client went silent, {} (nft list ruleset): last heard {} before "
                  "this host looked",
                  or_this_host(v), to_text(heard_before)));
}

void add_data(Attribution& a, const View& v) {
  const Silence& s = v.silence;
  const Bytes size = s.end - s.start;
  add(a, fmt::format("first unacknowledged byte: {} of the response's {}",
                     (std::max(s.acked, s.start) - s.start).value + 1, size.value));
  if (!v.timing) return;
  const bool is_lower_bound = v.timing->is_later || v.facts.icmp;
  add(a, fmt::format(
             "data retransmitted {} times over {} {}", int{s.snapshot.retransmits},
             is_lower_bound ? "at least" : "about",
             to_text(v.timing->measured_at - s.snapshot.last_data_sent - v.timing->first_sent)));
}

/// What did not happen. Only a capture that saw everything can say so.
void add_what_was_not_seen(Attribution& a, const View& v) {
  if (!v.capture_complete) return;
  const std::string until = v.silence.ended_at ? " before the end" : " so far";
  const auto before_end = [&v](const std::optional<Instant>& at) {
    return at && is_before_end(v, *at);
  };
  const bool fin_out = before_end(v.facts.fin_out);
  const bool rst_out = before_end(v.facts.rst_out);
  if (!fin_out && !rst_out) {
    add(a, "no FIN and no RST left this host" + until);
  } else if (!rst_out) {
    add(a, "no RST left this host" + until);
  }
  const bool reset = std::ranges::any_of(v.history.packets(), [&v](const Packet& p) {
    return p.rst && p.direction == Direction::kIn && is_before_end(v, p.at);
  });
  if (!reset) {
    add(a, (before_end(v.facts.fin_in) ? "no RST arrived" : "no FIN and no RST arrived") + until);
  }
  add(a, "capture complete: handshake seen, 0 packets lost");
}

void add_later_resets(Attribution& a, const View& v) {
  if (!v.silence.ended_at) return;
  for (const Packet& p : v.history.packets()) {
    if (!p.rst || p.at <= *v.silence.ended_at) continue;
    const std::string later = to_text(p.at - *v.silence.ended_at);
    add(a, p.direction == Direction::kOut
               ? fmt::format("this host's RST, {} after the end, is a consequence", later)
               : fmt::format("a RST in the client's name came {} after the end: not its cause",
                             later));
    return;
  }
}

/// nullptr: nobody forbade it.
const IcmpError* refusal_of(const View& v) noexcept {
  return v.timing ? refusal_in(v.facts, v.timing->last_heard, v.silence.ended_at) : nullptr;
}

void add_icmp(Attribution& a, const View& v, const IcmpError* refusal) {
  if (v.facts.icmp) add(a, to_text(refusal != nullptr ? *refusal : *v.facts.icmp));
  if (refusal == nullptr) return;
  a.rules.push_back(kRefused.id);
  a.confidence = std::max(a.confidence, kRefused.weight);
}

void add_limits(Attribution& a) {
  if (a.path_proven_alive) {
    add(a, "which device dropped the data cannot be determined from this host");
  } else if (a.refused_on_path) {
    add(a, "why the data is forbidden there cannot be determined from this host");
  } else {
    add(a,
        "whether the path, the client or this host itself stopped, and which device, cannot be "
        "determined from this host");
  }
}

}  // namespace

std::span<const AttributionRule> silence_rules() noexcept {
  return kRules;
}

Attribution attribute_silence(const WireHistory& history, const HostFacts& host,
                              const Silence& told, bool capture_runs) {
  Attribution a;
  if (told.acked >= told.end) return a;
  Silence silence = told;
  silence.in_flight_at = in_flight_by_icmp(history, silence.acked);
  const WireFacts facts = history.facts(host);
  const auto timing = timing_of(silence);
  const View v{history,
               host,
               silence,
               facts,
               capture_runs && facts.complete_from_start && host.packets_lost == 0,
               timing,
               signs_of_life(history, host, silence, timing)};
  if (is_not_reading(silence, v.timing)) {
    add(a, kNotReading,
        "the client's receive window is 0 and it answers the probes: it does not "
        "read; nothing was dropped");
    return a;
  }
  bool came_later = false;
  if (!may_be_not_reading(silence)) {
    add_one_way(a, v);
    came_later = add_came_later(a, v);
  }
  const IcmpError* refusal = refusal_of(v);
  a.refused_on_path = refusal != nullptr;
  if (!a.path_proven_alive && !a.refused_on_path && !came_later) add_silent(a, v);
  add_late_acknowledgement(a, v);
  add_data(a, v);
  add_what_was_not_seen(a, v);
  add_later_resets(a, v);
  add_icmp(a, v, refusal);
  add_limits(a);
  return a;
}

}  // namespace connfate::witness
