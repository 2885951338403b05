// SPDX-License-Identifier: Apache-2.0
#include <utility>

#include "connfate/refused.hpp"
#include "witness/tracking/tracker_state.hpp"

namespace connfate::witness {
namespace {

/// The end of a socket and its last report come by different ways, at about the same time.
constexpr Duration kReportSkew = std::chrono::seconds(1);

/// The kernel was still sending: only later packets of the client can tell whether it lives. What
/// this host kept back itself is no client's silence.
bool ended_in_silence(const SocketRecord& record) noexcept {
  const auto& s = record.snapshot;
  return s && (s->retransmits > 0 || s->probes > 1) && record.unacked > Bytes{} &&
         !is_all_kept_here(*s, record.unacked);
}

}  // namespace

void Tracker::State::ended(const SocketRecord& record, Instant now) {
  wires.mark_gone({record.flow, record.cookie, alive_at(&record, now)});
  std::uint32_t at = table.find(record.cookie);
  if (at == kNoIndex) {
    const std::uint16_t port = record.flow.local.port;
    if (!module_ports.contains(port) && !watched_ports.contains(port)) return;
    if (const auto known = missing.find(record.flow); known != missing.end()) {
      at = table.find(known->second);
    }
  }
  if (at == kNoIndex) {
    at = table.add(record.cookie, record.flow, now);
    table.connection(at).losses_before = losses;
    unnamed_ends[record.flow] = record.cookie;
    attach_end(at, record, now, now);
    table.move_to(at, Queue::kUnnamed, now);
    return;
  }
  attach_end(at, record, now, now);
}

/// No socket has the cookie of the report: with MPTCP it ended under that of its subflow. An end
/// that is older than the report belongs to another connection between the same two ends.
void Tracker::State::join_by_flow(std::uint32_t at, Instant now) {
  const auto found = unnamed_ends.find(table.connection(at).flow);
  if (found == unnamed_ends.end()) return;
  const std::uint32_t other = table.find(found->second);
  const Instant reported = now - options.first_lookup;
  if (other == kNoIndex || table.connection(other).end->at + kReportSkew < reported) return;
  const SocketEnd end = *table.connection(other).end;
  unnamed_ends.erase(found);
  table.remove(other);
  attach_end(at, end.record, end.at, now);
}

void Tracker::State::attach_end(std::uint32_t at, const SocketRecord& record, Instant when,
                                Instant now) {
  TrackedConnection& c = table.connection(at);
  if (c.end) return;
  c.end = std::make_unique<SocketEnd>(SocketEnd{record, when});
  const Instant alive = alive_at(&record, when);
  wires.hand_over({c.flow, record.cookie, alive}, c.cookie);
  claim_packets(c, nullptr, std::nullopt);
  wires.mark_gone({c.flow, c.cookie, alive});
  const bool silent = ended_in_silence(record);
  if (silent) aggregates.silences.note_silent(c.flow.remote, when);
  const bool wait_longer = options.capture_runs && silent;
  table.move_to(at, wait_longer ? Queue::kAfterlife : Queue::kSettle, now);
}

/// An end that no report named, on a connection that some report did name, by another cookie: it is
/// one subflow of it (MPTCP). By now all of its packets have been read. True when this end is no
/// connection of its own.
bool Tracker::State::belongs_to_another(std::uint32_t at, Instant now) {
  const TrackedConnection& c = table.connection(at);
  if (!c.end || c.reported) return false;
  const auto owner = wires.other_owner({c.flow, c.cookie, alive_at(&c.end->record, c.end->at)});
  if (!owner) return false;
  const SocketEnd end = *c.end;
  unnamed_ends.erase(c.flow);
  table.remove(at);
  if (const auto named = table.find(*owner); named != kNoIndex) {
    attach_end(named, end.record, end.at, now);
  }
  return true;
}

void Tracker::State::finish_connection_line(const TrackedConnection& c, const Known& known) {
  const std::uint16_t port = c.flow.local.port;
  const bool has_module = module_ports.contains(port);
  const WireFacts wire = known.wire.history->facts();
  const bool refused = wire.data_in_after_fin_out && wire.rst_out;
  if (c.reported && !refused) return;
  // A listening socket, or one that a server closed with SO_LINGER 0: nothing is left to tell of
  // it.
  if (!c.reported && known.socket->is_wiped()) return;
  const auto& snapshot = known.socket->snapshot;
  const bool from_start = wire.complete_from_start ||
                          (snapshot && snapshot->bytes_received.value_or(Bytes{}) <= Bytes{1});
  if (has_module && !from_start) return;  // its requests may be older than this witness
  FinalLine line = connection_line(c, known, has_module, aggregates);
  const bool says_nothing = line.fate == Fate::kUnknown && line.rule != "conn-server-closed";
  if ((says_nothing || line.benign) && !options.log_all) return fates.add(line);
  emit(std::move(line));
}

void Tracker::State::finish(std::uint32_t at, const std::string& reason) {
  const TrackedConnection& c = table.connection(at);
  Known known = known_of(c, nullptr, std::nullopt);
  known.reason = reason;
  for (const std::uint32_t index : table.responses_of(at)) {
    emit(response_line(c, table.response(index), known, aggregates));
  }
  if (c.end && reason.empty()) finish_connection_line(c, known);
  if (c.end) wires.forget(c.flow, c.cookie);
  forget(unnamed_ends, c);
  forget(missing, c);
  table.remove(at);
}

}  // namespace connfate::witness
