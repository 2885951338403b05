// SPDX-License-Identifier: Apache-2.0
#include "lab/net/rule_book.hpp"

#include <algorithm>

namespace connfate::lab {
namespace {

bool is_kind(What what, const Segment& s, const SenderFacts& sender) {
  switch (what) {
    case What::kAny: return true;
    case What::kData: return s.payload > 0;
    case What::kPureAck: return s.payload == 0 && s.ack && !s.syn && !s.fin && !s.rst;
    case What::kSyn: return s.syn;
    case What::kFin: return s.fin;
    case What::kRst: return s.rst;
    case What::kKeepalive:
      return s.payload <= 1 && !s.syn && !s.fin && !s.rst && sender.segments > 0 &&
             s.seq == sender.next - 1;
  }
  return false;
}

bool is_beyond(std::uint64_t byte, const Segment& segment, const SenderFacts& sender) {
  if (segment.payload == 0 || !sender.isn) return false;
  const std::uint32_t end = segment.seq + segment.payload - *sender.isn - 1;
  return end > byte;
}

template <typename T>
bool fits(const std::optional<T>& wanted, const T& is) {
  return !wanted || *wanted == is;
}

}  // namespace

RuleId RuleBook::add(Rule rule) {
  rules_.emplace(++last_, std::move(rule));
  matched_[last_] = 0;
  return last_;
}

std::uint64_t RuleBook::matched(RuleId rule) const {
  const auto at = matched_.find(rule);
  return at == matched_.end() ? 0 : at->second;
}

Treatment RuleBook::apply(const Segment& segment, const ConnectionFacts& before) {
  Treatment treatment;
  std::vector<RuleId> now;  // `after` means a later segment than this one
  for (const auto& [id, rule] : rules_) {
    if (!holds(rule.match, segment, before)) continue;
    const std::uint64_t nth = ++matched_[id];
    now.push_back(id);
    if (nth <= rule.skip || nth - rule.skip > rule.times) continue;
    treatment.drop |= rule.action.drop;
    treatment.hold = std::max(treatment.hold, rule.action.hold);
    treatment.forgeries.insert(treatment.forgeries.end(), rule.action.forgeries.begin(),
                               rule.action.forgeries.end());
  }
  for (const RuleId id : now) connections_[id].insert(before.serial);
  return treatment;
}

bool RuleBook::holds(const Match& match, const Segment& segment,
                     const ConnectionFacts& before) const {
  const SenderFacts& sender = before.sent(segment.direction);
  if (!fits(match.direction, segment.direction)) return false;
  if (!fits(match.client_port, segment.client.port)) return false;
  if (!fits(match.server_port, segment.server.port)) return false;
  if (!match.client_ip.empty() && match.client_ip != to_text(segment.client)) return false;
  if (!is_kind(match.what, segment, sender)) return false;
  if (segment.ip_length <= match.longer_than && match.longer_than > 0) return false;
  if (segment.payload < match.payload_from) return false;
  if (match.beyond_byte && !is_beyond(*match.beyond_byte, segment, sender)) return false;
  if (match.after) {
    const auto earlier = connections_.find(*match.after);
    if (earlier == connections_.end() || !earlier->second.contains(before.serial)) return false;
  }
  return !match.also || match.also(segment, before);
}

}  // namespace connfate::lab
