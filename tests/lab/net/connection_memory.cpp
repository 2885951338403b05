// SPDX-License-Identifier: Apache-2.0
#include "lab/net/connection_memory.hpp"

#include "lab/net/sequence.hpp"

namespace connfate::lab {
namespace {

bool begins_anew(const ConnectionFacts& known, const Segment& segment) {
  return segment.syn && !segment.ack && segment.direction == Direction::kToServer &&
         known.from_client.isn != segment.seq;
}

void note_sequence(SenderFacts& sender, const Segment& segment) {
  const bool first = sender.segments == 1;
  if (segment.syn) sender.isn = segment.seq;
  if (first) sender.passed = segment.seq;
  sender.next = first ? segment.end() : later_of(sender.next, segment.end());
}

}  // namespace

ConnectionFacts& ConnectionMemory::connection_of(const Segment& segment, Instant now) {
  auto [at, is_new] = connections_.try_emplace({segment.client, segment.server});
  ConnectionFacts& known = at->second;
  if (is_new || begins_anew(known, segment)) {
    known = ConnectionFacts{
        .serial = ++last_serial_, .client = segment.client, .server = segment.server, .since = now};
  }
  return known;
}

void ConnectionMemory::note(ConnectionFacts& connection, const Segment& segment, Instant now) {
  connection.last = now;
  SenderFacts& sender = connection.sent(segment.direction);
  ++sender.segments;
  if (segment.payload > 0) ++sender.data_segments;
  // A RST may carry any number; it is no base for later ones.
  if (!segment.rst) note_sequence(sender, segment);
  if (segment.ack && !segment.rst) sender.ack = segment.ack_number;
  if (!segment.rst) sender.window = segment.window;
  if (segment.timestamps) sender.timestamps = segment.timestamps;
  sender.ip_id = segment.ip_id;
  sender.ttl = segment.ttl;
  sender.mac = segment.source_mac;
  sender.next_mac = segment.destination_mac;
  sender.fin |= segment.fin;
  sender.rst |= segment.rst;
}

void ConnectionMemory::note_passed(const Segment& segment) {
  const auto at = connections_.find({segment.client, segment.server});
  if (at == connections_.end() || segment.rst) return;
  SenderFacts& sender = at->second.sent(segment.direction);
  if (!is_before(sender.passed, segment.seq)) {
    sender.passed = later_of(sender.passed, segment.end());
  }
}

const ConnectionFacts* ConnectionMemory::find(const Segment& segment) const {
  const auto at = connections_.find({segment.client, segment.server});
  return at == connections_.end() ? nullptr : &at->second;
}

const ConnectionFacts* ConnectionMemory::newest_of(std::uint16_t client_port) const {
  const ConnectionFacts* newest = nullptr;
  for (const auto& [ends, known] : connections_) {
    if (known.client.port != client_port) continue;
    if (newest == nullptr || newest->serial < known.serial) newest = &known;
  }
  return newest;
}

}  // namespace connfate::lab
