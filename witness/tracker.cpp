// SPDX-License-Identifier: Apache-2.0
#include "witness/tracker.hpp"

#include <set>
#include <unordered_map>

#include "witness/connection_table.hpp"
#include "witness/line_maker.hpp"
#include "witness/wire_table.hpp"

namespace connfate::witness {
namespace {

using std::chrono::seconds;

/// Connections whose packets are remembered; about 2 kB each.
constexpr std::size_t kWireCapacity = 65536;
/// The end of a socket and its last report come by different ways, at about the same time.
constexpr Duration kReportSkew = seconds(1);

constexpr std::size_t kLookupsPerTick = 1024;  // about 4 ms of system calls

/// A live connection that was sending again this often is said to be in trouble.
constexpr std::uint8_t kTroubleRetransmits = 2;

std::array<Duration, kQueueCount> delays_of(const TrackerOptions& options) {
  const Duration first = options.first_lookup;
  return {first,           2 * first,         4 * first,
          8 * first,       16 * first,        30 * first,
          options.settle,  options.afterlife, first + options.settle,
          Duration::zero()};
}

bool is_lookup(Queue queue) noexcept {
  return queue <= Queue::kLookup5;
}

Queue after(Queue lookup) noexcept {
  return lookup == Queue::kLookup5 ? lookup
                                   : static_cast<Queue>(static_cast<std::uint8_t>(lookup) + 1);
}

void forget(std::unordered_map<Flow, std::uint64_t>& cookies, const TrackedConnection& c) {
  const auto found = cookies.find(c.flow);
  if (found != cookies.end() && found->second == c.cookie) cookies.erase(found);
}

/// The kernel was still sending: only later packets of the client can tell whether it lives.
bool ended_in_silence(const SocketRecord& record) noexcept {
  const auto& s = record.snapshot;
  return s && (s->retransmits > 0 || s->probes > 1) && record.unacked > Bytes{};
}

/// The socket existed then: it counts from its beginning, or from what it last heard.
Instant alive_at(const SocketRecord* socket, Instant taken_at) noexcept {
  if (socket == nullptr || !socket->snapshot) return taken_at;
  const TcpSnapshot& s = *socket->snapshot;
  return taken_at - std::max(s.last_data_recv, s.last_ack_recv);
}

/// Not decided by what happens to the connection later.
bool is_settled_while_alive(Fate fate) noexcept {
  return fate == Fate::kStreamReset || fate == Fate::kServerAbort || fate == Fate::kClientStalled ||
         fate == Fate::kServerTimeout || fate == Fate::kUnknown;
}

}  // namespace

struct Tracker::State {
  State(const TrackerOptions& o, Sink s)
      : options(o), sink(std::move(s)), table(delays_of(o)), wires(kWireCapacity) {}

  TrackerOptions options;
  Sink sink;
  ConnectionTable table;
  WireTable wires;
  Aggregates aggregates;
  TrackerCounters counters;
  std::set<std::uint16_t> module_ports;  ///< some report came from there
  std::set<std::uint16_t> watched_ports;
  /// Ended sockets that no report named by its cookie: MPTCP reports another one.
  std::unordered_map<Flow, std::uint64_t> unnamed_ends;
  std::unordered_map<Flow, std::uint64_t> missing;  ///< looked up by cookie in vain
  std::uint32_t losses = 0;                         ///< times that socket ends were lost

  void emit(const FinalLine& line);
  void claim_packets(const TrackedConnection& connection, const SocketRecord* live_socket,
                     std::optional<Instant> taken_at);
  void report(const Report& report, Instant now);
  void wait_for(std::uint32_t connection, const Report& report, Instant now);
  void settle_acked(std::uint32_t connection, const SocketRecord& socket, Instant now);
  void settle_standing(std::uint32_t connection, const SocketRecord& socket, Instant now);
  void say_in_progress(std::uint32_t connection, const SocketRecord& socket, Instant now);
  void found(std::uint32_t connection, const SocketRecord& socket, Instant now);
  void missed(std::uint32_t connection, Instant now);
  void ended(const SocketRecord& record, Instant now);
  void join_by_flow(std::uint32_t connection, Instant now);
  void attach_end(std::uint32_t connection, const SocketRecord& record, Instant at, Instant now);
  bool belongs_to_another(std::uint32_t connection, Instant now);
  void finish(std::uint32_t connection, const std::string& reason);
  void give_up(std::uint32_t connection, const std::string& reason, Instant now);
  void finish_connection_line(const TrackedConnection& connection, const Known& known);
  void evict();
  Known known_of(const TrackedConnection& connection, const SocketRecord* live_socket,
                 std::optional<Instant> taken_at);
};

Known Tracker::State::known_of(const TrackedConnection& c, const SocketRecord* live_socket,
                               std::optional<Instant> taken_at) {
  Known known;
  known.socket = c.end ? &c.end->record : live_socket;
  known.ended = c.end != nullptr;
  if (c.end) {
    known.ended_at = c.end->at;
  } else {
    known.taken_at = taken_at;
  }
  const Instant now = taken_at.value_or(Instant::max());
  const Instant alive = alive_at(known.socket, c.end ? c.end->at : now);
  const bool is_live =
      !c.end && live_socket != nullptr && live_socket->snapshot && live_socket->snapshot->is_live();
  known.wire = options.capture_runs ? wires.view({c.flow, c.cookie, alive, is_live})
                                    : WireView{std::make_shared<WireHistory>(), 0};
  known.capture_runs = options.capture_runs;
  if (c.ttl != 0) known.ttl = c.ttl;
  return known;
}

/// The packets so far, or the next, are the connection's own.
void Tracker::State::claim_packets(const TrackedConnection& c, const SocketRecord* live_socket,
                                   std::optional<Instant> taken_at) {
  if (options.capture_runs) known_of(c, live_socket, taken_at);
}

void Tracker::State::emit(const FinalLine& line) {
  if (line.fate == Fate::kDelivered && !options.log_all) return;
  ++counters.lines;
  sink(line);
}

// Reports

void Tracker::State::report(const Report& r, Instant now) {
  const std::uint64_t cookie = *r.observation.cookie;
  std::uint32_t at = table.find(cookie);
  if (at == kNoIndex) {
    at = table.add(cookie, r.flow, now);
    table.connection(at).losses_before = losses;
  }
  TrackedConnection& c = table.connection(at);
  if (c.queue == Queue::kUnnamed) {
    forget(unnamed_ends, c);
    table.move_to(at, Queue::kSettle, now);
  }
  ++c.reports;
  c.ttl = r.observation.ttl.value_or(c.ttl);
  if (r.observation.evidence.snapshot) {
    SocketRecord seen;
    seen.snapshot = r.observation.evidence.snapshot;
    claim_packets(c, &seen, now);
    settle_acked(at, seen, now);
  }
  wait_for(at, r, now);
}

void Tracker::State::wait_for(std::uint32_t at, const Report& r, Instant now) {
  const bool delivered = r.observation.verdict.fate == Fate::kDelivered;
  if (delivered) aggregates.silences.note_alive(r.flow.remote, now);
  if (delivered && !options.log_all) return;
  table.add_response(at, WaitingResponse::from(r));
  if (delivered) {
    SocketRecord seen;
    seen.snapshot = r.observation.evidence.snapshot;
    settle_acked(at, seen, now);
    return;
  }
  const TrackedConnection& c = table.connection(at);
  const bool was_given_up = c.queue == Queue::kAfterlife && !c.end;
  if (c.queue == Queue::kIdle || was_given_up) table.move_to(at, Queue::kLookup0, now);
  evict();
}

/// Every response whose last byte is acknowledged, whatever comes later.
void Tracker::State::settle_acked(std::uint32_t at, const SocketRecord& socket, Instant now) {
  const TrackedConnection& c = table.connection(at);
  for (const std::uint32_t index : table.responses_of(at)) {
    WaitingResponse& response = table.response(index);
    const Bytes acked = socket.snapshot->bytes_acked.value_or(Bytes{});
    response.acked = std::max(response.acked, acked);
    const bool may = response.fate == Fate::kPending || response.fate == Fate::kDelivered;
    if (!may || !response.has_end || response.acked < response.end) continue;
    aggregates.silences.note_alive(c.flow.remote, now);
    if (options.log_all) emit(response_line(c, response, known_of(c, &socket, now), aggregates));
    table.remove_response(index);
  }
}

void Tracker::State::evict() {
  while (table.memory_used() > options.memory) {
    if (table.oldest_response() != kNoIndex) {
      const std::uint32_t index = table.oldest_response();
      const TrackedConnection& c = table.connection(table.response(index).connection);
      Known known = known_of(c, nullptr, std::nullopt);
      known.socket = nullptr;
      known.reason = "evicted";
      ++counters.evicted;
      emit(response_line(c, table.response(index), known, aggregates));
      table.remove_response(index);
    } else if (table.oldest_of(Queue::kIdle) != kNoIndex) {
      table.remove(table.oldest_of(Queue::kIdle));
    } else {
      return;
    }
  }
}

// Look-ups

void Tracker::State::settle_standing(std::uint32_t at, const SocketRecord& socket, Instant now) {
  const TrackedConnection& c = table.connection(at);
  for (const std::uint32_t index : table.responses_of(at)) {
    if (!is_settled_while_alive(table.response(index).fate)) continue;
    emit(response_line(c, table.response(index), known_of(c, &socket, now), aggregates));
    table.remove_response(index);
  }
}

/// Trouble is seen while it happens: once for each response, and the final line still comes.
void Tracker::State::say_in_progress(std::uint32_t at, const SocketRecord& socket, Instant now) {
  if (socket.snapshot->retransmits < kTroubleRetransmits) return;
  const TrackedConnection& c = table.connection(at);
  for (const std::uint32_t index : table.responses_of(at)) {
    WaitingResponse& response = table.response(index);
    if (response.said_in_progress) continue;
    response.said_in_progress = true;
    Known known = known_of(c, &socket, now);
    known.reason = "in_progress";
    emit(response_line(c, response, known, aggregates));
  }
}

void Tracker::State::found(std::uint32_t at, const SocketRecord& socket, Instant now) {
  if (socket.has_acknowledged_fin()) return attach_end(at, socket, now, now);
  table.connection(at).missed_once = false;
  forget(missing, table.connection(at));
  const Queue queue = table.connection(at).queue;
  if (socket.snapshot) {
    settle_acked(at, socket, now);
    if (socket.snapshot->is_live()) {
      settle_standing(at, socket, now);
      say_in_progress(at, socket, now);
    }
  }
  if (table.connection(at).newest == kNoIndex) {
    table.move_to(at, Queue::kIdle, now);
  } else if (is_lookup(queue)) {
    table.move_to(at, after(queue), now);
  }
}

void Tracker::State::missed(std::uint32_t at, Instant now) {
  TrackedConnection& c = table.connection(at);
  if (!std::exchange(c.missed_once, true)) {  // its end may be on the way
    missing[c.flow] = c.cookie;
    table.move_to(at, Queue::kLookup0, now);
    join_by_flow(at, now);
    return;
  }
  give_up(at, losses != c.losses_before ? "lost_events" : "no_such_socket", now);
}

/// Says what is known of the responses. The connection is remembered for a while: the kernel tells
/// of an end from a work queue, on a busy host a second or more after the socket is gone.
void Tracker::State::give_up(std::uint32_t at, const std::string& reason, Instant now) {
  const TrackedConnection& c = table.connection(at);
  Known known = known_of(c, nullptr, std::nullopt);
  known.reason = reason;
  for (const std::uint32_t index : table.responses_of(at)) {
    emit(response_line(c, table.response(index), known, aggregates));
    table.remove_response(index);
  }
  forget(missing, c);
  table.move_to(at, Queue::kAfterlife, now);
}

// Ends

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
  if (!c.end || c.reports > 0) return false;
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
  if (c.reports > 0 && !refused) return;
  const auto& snapshot = known.socket->snapshot;
  const bool from_start = wire.complete_from_start ||
                          (snapshot && snapshot->bytes_received.value_or(Bytes{}) <= Bytes{1});
  if (has_module && !from_start) return;  // its requests may be older than this witness
  FinalLine line = connection_line(c, known, has_module, aggregates);
  const bool orderly = line.fate == Fate::kClientAbort ||
                       (line.fate == Fate::kUnknown && line.rule != "conn-server-closed");
  if (orderly && !options.log_all) return;
  emit(line);
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

// The public face

Tracker::Tracker(const TrackerOptions& options, Sink sink)
    : state_(std::make_unique<State>(options, std::move(sink))) {}

Tracker::~Tracker() = default;

void Tracker::on_report(const Report& report, Instant now) {
  ++state_->counters.reports;
  state_->module_ports.insert(report.flow.local.port);
  if (report.observation.cookie) state_->report(report, now);
}

void Tracker::on_socket_end(const SocketRecord& record, Instant now) {
  ++state_->counters.socket_ends;
  state_->ended(record, now);
}

void Tracker::on_lookup(const Lookup& asked, const SocketRecord* found, Instant now) {
  ++state_->counters.lookups;
  const std::uint32_t at = state_->table.find(asked.cookie);
  if (at == kNoIndex || state_->table.connection(at).end) return;
  if (found != nullptr) {
    state_->found(at, *found, now);
  } else {
    state_->missed(at, now);
  }
}

void Tracker::on_packet(const Packet& packet, Instant) {
  ++state_->counters.packets;
  state_->wires.add(packet);
}

void Tracker::on_icmp(const IcmpError& error, Instant) {
  ++state_->counters.packets;
  state_->wires.add(error);
}

void Tracker::on_loss(LossOf what, std::uint64_t count, Instant) {
  switch (what) {
    case LossOf::kSocketEnds:
      state_->counters.lost_socket_ends += count;
      ++state_->losses;
      break;
    case LossOf::kPackets:
      state_->counters.lost_packets += count;
      state_->wires.add_loss(count);
      break;
    case LossOf::kReports: state_->counters.lost_reports += count; break;
  }
}

void Tracker::watch_port(std::uint16_t port) {
  state_->watched_ports.insert(port);
}

std::vector<Lookup> Tracker::on_tick(Instant now) {
  State& s = *state_;
  for (const Queue queue : {Queue::kSettle, Queue::kAfterlife, Queue::kUnnamed}) {
    for (auto at = s.table.due(queue, now); at != kNoIndex; at = s.table.due(queue, now)) {
      if (queue == Queue::kUnnamed && s.belongs_to_another(at, now)) continue;
      s.finish(at, "");
    }
  }
  std::vector<Lookup> lookups;
  for (std::uint8_t level = 0; is_lookup(static_cast<Queue>(level)); ++level) {
    const auto queue = static_cast<Queue>(level);
    for (auto at = s.table.due(queue, now); at != kNoIndex && lookups.size() < kLookupsPerTick;
         at = s.table.due(queue, now)) {
      lookups.push_back({s.table.connection(at).cookie, s.table.connection(at).flow});
      s.table.move_to(at, queue, now);  // until the answer moves it on
    }
  }
  return lookups;
}

void Tracker::finish(Instant) {
  State& s = *state_;
  for (std::uint8_t i = 0; i < kQueueCount; ++i) {
    const auto queue = static_cast<Queue>(i);
    for (auto at = s.table.oldest_of(queue); at != kNoIndex; at = s.table.oldest_of(queue)) {
      s.finish(at, s.table.connection(at).end ? "" : "witness_stopped");
    }
  }
}

std::size_t Tracker::waiting() const noexcept {
  return state_->table.waiting();
}

std::size_t Tracker::memory_used() const noexcept {
  return state_->table.memory_used();
}

const TrackerCounters& Tracker::counters() const noexcept {
  return state_->counters;
}

}  // namespace connfate::witness
