// SPDX-License-Identifier: Apache-2.0
// H1 from the kernel's counters alone; H2, H3 and H5 from the packets at this host's own
// interfaces.
#include "witness/own_host/own_host.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "connfate/refused.hpp"
#include "witness/own_host/own_looks.hpp"

namespace connfate::witness {
namespace {

constexpr std::array kRules{
    AttributionRule{"H1", Confidence::kProven,
                    "This host's kernel counted bytes that it refused to send, and nothing of what "
                    "is missing was on its way."},
    AttributionRule{
        "H2", Confidence::kProven,
        "The reset, or the ICMP message, came in on this host's loopback interface, and "
        "the client's packets on another: this host made it."},
    AttributionRule{"H3", Confidence::kStrong,
                    "Packets of the client that TCP had to take were captured at this host before "
                    "the end, more than once, and TCP never got them."},
    AttributionRule{
        "H4", Confidence::kModerate,
        "The data could not even be repeated each time: it still lay in a queue of this "
        "host, or there was no route."},
    AttributionRule{"H5", Confidence::kStrong,
                    "A reset left this host for the client while the socket lived on: TCP did not "
                    "send it."},
    AttributionRule{
        "H6", Confidence::kNone,
        "While the data was repeated, queues of this host dropped as many packets as were "
        "repeated, or more: whose they were is not known."},
};

void add(OwnHost& own, const AttributionRule& rule, std::string statement) {
  own.evidence.push_back(std::move(statement));
  own.rules.push_back(rule.id);
  own.confidence = std::max(own.confidence, rule.weight);
}

/// The counters of the last moment. They are of one answer of the kernel, so nothing moved between.
void look_at_output(OwnHost& own, const OwnHostQuestion& q) {
  const TcpSnapshot& s = *q.socket.snapshot;
  const auto total = refused_bytes(s, q.socket.unacked);
  if (!total) return;
  own.refused = *total - q.missing.refused_before;
  if (*own.refused == Bytes{}) return;
  own.kept_output = is_kept_here(s, q.socket.unacked, *own.refused, q.missing.start);
  if (own.kept_output) {
    add(own, kRules[0],
        fmt::format("this host refused to send {} bytes (each attempt counted), and of the {} that "
                    "are missing none was on its way: its firewall (nft list ruleset), a route (ip "
                    "route get) or a queue (tc -s qdisc)",
                    own.refused->value, (q.missing.end - q.missing.acked).value));
  } else {
    own.evidence.push_back(
        fmt::format("this host refused to send {} bytes meanwhile (each attempt counted), which "
                    "does not account for what is missing",
                    own.refused->value));
  }
}

/// How many repetitions in a row could not be sent, at least: the timer fired more often than data
/// was sent again in the connection's life.
int stuck(const TcpSnapshot& s) noexcept {
  return int{s.retransmits} - static_cast<int>(s.total_retrans.value);
}

/// At the end of a plain exponential back-off the time spent in it is about twice the last timeout;
/// ICMP "unreachable" undoes it (RFC 6069). As in core's evidence.cpp.
bool was_undone(const TcpSnapshot& s) noexcept {
  constexpr int kUndoneFactor = 4;
  return s.total_rto_time && s.retransmits > 1 && *s.total_rto_time > kUndoneFactor * s.rto;
}

/// A network card that gives packets back late keeps them from being repeated, too: alone it is no
/// sign. Nor is a neighbour that was away for a while: most repetitions must have been stuck.
void look_at_link(OwnHost& own, const OwnHostQuestion& q) {
  const TcpSnapshot& s = *q.socket.snapshot;
  const OwnIcmp icmp = look_at_own_icmp(q);
  const bool mostly_stuck = stuck(s) > 0 && 2 * stuck(s) >= int{s.retransmits};
  if (!icmp.statement.empty()) add(own, kRules[1], icmp.statement);
  own.link_silent = mostly_stuck && (was_undone(s) || (!icmp.statement.empty() && !icmp.forbids));
  own.is_suspect = !icmp.statement.empty() || mostly_stuck;
  if (!mostly_stuck) return;
  add(own, kRules[3],
      fmt::format(
          "{} of {} repetitions in a row could not be sent: the data still lay in a queue of "
          "this host, or there was no route (ip neigh, ip route get)",
          stuck(s), int{s.retransmits}));
}

}  // namespace

std::span<const AttributionRule> own_host_rules() noexcept {
  return kRules;
}

bool may_be_own_fault(Fate first) noexcept {
  switch (first) {
    case Fate::kPending:
    case Fate::kClientAbort:
    case Fate::kBrokenPipe:
    case Fate::kRstReceived:
    case Fate::kAckTimeout:
    case Fate::kUnreachable:
    case Fate::kAckStalled:
    case Fate::kStreamReset:
    case Fate::kUnknown: return true;
    case Fate::kDelivered:
    case Fate::kNoRequest:
    case Fate::kClientStalled:
    case Fate::kBlockedHere:
    case Fate::kServerTimeout:
    case Fate::kServerAbort:
    case Fate::kRequestTimeout: break;
  }
  return false;
}

OwnHost look_at_own_host(const OwnHostQuestion& q) {
  OwnHost own;
  if (q.missing.acked >= q.missing.end || q.socket.is_wiped() || !q.socket.snapshot) return own;
  look_at_output(own, q);
  look_at_link(own, q);
  if (const auto found = look_at_own_reset(q); !found.empty()) {
    own.reset_itself = true;
    add(own, kRules[1], found);
  }
  if (const auto found = look_at_own_input(q); !found.empty()) {
    own.kept_input = true;
    add(own, kRules[2], found);
  }
  if (const auto found = look_at_reset_of_nobody(q); !found.empty()) {
    own.kept_input = true;
    add(own, kRules[4], found);
  }
  return own;
}

Attribution attribution_of(const OwnHost& own) {
  Attribution a;
  const bool reset = own.reset_itself || std::ranges::find(own.rules, "H5") != own.rules.end();
  if (reset) a.rst_from = RstFrom::kSelf;
  a.confidence = own.confidence;
  a.evidence = own.evidence;
  a.rules = own.rules;
  return a;
}

void add_queue_drops(Attribution& attribution) {
  const AttributionRule& rule = kRules[5];
  attribution.path_proven_alive = false;
  attribution.confidence = rule.weight;
  attribution.rules.push_back(rule.id);
  attribution.evidence.push_back(
      "queues of this host dropped at least as many packets meanwhile as were repeated (tc -s "
      "qdisc): whether they were these is not known");
}

}  // namespace connfate::witness
