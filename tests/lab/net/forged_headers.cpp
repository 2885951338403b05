// SPDX-License-Identifier: Apache-2.0
#include "lab/net/forged_headers.hpp"

#include "lab/net/sequence.hpp"

namespace connfate::lab {
namespace {

/// Of one packet that could be copied.
struct Original {
  std::uint32_t seq;
  std::uint16_t ip_id;
  std::uint16_t window;
};

Original original_of(const Segment* trigger, const SenderFacts& last) {
  if (trigger == nullptr) return {last.next, last.ip_id.value_or(0), last.window};
  return {trigger->seq, trigger->ip_id.value_or(0), trigger->window};
}

std::uint16_t number(Number whose, std::uint16_t value, std::uint16_t last, std::uint16_t copied) {
  switch (whose) {
    case Number::kOwn: return value;
    case Number::kContinue: return static_cast<std::uint16_t>(last + value);
    case Number::kOfTrigger: return static_cast<std::uint16_t>(copied + value);
  }
  return value;
}

/// What the receiver expects next of the side that the packet pretends to come from.
std::uint32_t expected(const SenderFacts& pretended, const SenderFacts& receiver) {
  if (pretended.segments == 0) return receiver.ack.value_or(0);
  if (!receiver.ack) return pretended.passed;
  return later_of(pretended.passed, *receiver.ack);
}

std::uint32_t sequence(const Forgery& forgery, const ConnectionFacts& connection,
                       const Original& original, int nth) {
  const SenderFacts& pretended = connection.sent(forgery.toward);
  const SenderFacts& receiver = connection.sent(opposite(forgery.toward));
  std::uint32_t base = original.seq;
  if (forgery.sequence == Sequence::kExact) base = expected(pretended, receiver);
  if (forgery.sequence == Sequence::kLastAck) base = receiver.ack.value_or(0);
  return base + static_cast<std::uint32_t>(forgery.sequence_offset + nth * forgery.sequence_step);
}

}  // namespace

ForgedHeader forged_header(const Forgery& forgery, const ConnectionFacts& connection,
                           const Segment* trigger, int nth) {
  const SenderFacts& pretended = connection.sent(forgery.toward);
  const SenderFacts& receiver = connection.sent(opposite(forgery.toward));
  const Original original = original_of(trigger, receiver);
  ForgedHeader header;
  header.seq = sequence(forgery, connection, original, nth);
  if (forgery.kind != ForgedKind::kRst && forgery.kind != ForgedKind::kSyn) {
    header.ack = receiver.passed + static_cast<std::uint32_t>(forgery.ack_offset);
  }
  const auto id = static_cast<std::uint16_t>(forgery.ip_id_value +
                                             (forgery.ip_id == Number::kContinue ? nth : 0));
  header.ip_id = number(forgery.ip_id, id, pretended.ip_id.value_or(0), original.ip_id);
  header.window = number(forgery.window, forgery.window_value, pretended.window, original.window);
  header.ttl = forgery.ttl.value_or(pretended.segments > 0 ? pretended.ttl : receiver.ttl);
  if (forgery.timestamps && pretended.timestamps && receiver.timestamps) {
    header.timestamps = {pretended.timestamps->value, receiver.timestamps->value};
  }
  const bool heard = pretended.segments > 0;
  header.source_mac = forgery.source_mac.value_or(heard ? pretended.mac : receiver.next_mac);
  header.destination_mac = heard ? pretended.next_mac : receiver.mac;
  return header;
}

}  // namespace connfate::lab
