// SPDX-License-Identifier: Apache-2.0
#include "witness/tracking/tracker.hpp"

#include <algorithm>
#include <limits>

#include "witness/tracking/tracker_state.hpp"

namespace connfate::witness {
namespace {

/// Connections whose packets are remembered; 1.5 to 7 kB each.
constexpr std::size_t kWireCapacity = 65536;

constexpr std::size_t kLookupsPerTick = 1024;  // about 4 ms of system calls

std::array<Duration, kQueueCount> delays_of(const TrackerOptions& options) {
  const Duration first = options.first_lookup;
  return {first,           2 * first,         4 * first,
          8 * first,       16 * first,        30 * first,
          options.settle,  options.afterlife, first + options.settle,
          Duration::zero()};
}

}  // namespace

Tracker::State::State(const TrackerOptions& o, Sink s)
    : options(o), sink(std::move(s)), table(delays_of(o)), wires(kWireCapacity) {}

void Tracker::State::forget(Cookies& cookies, const TrackedConnection& c) {
  const auto found = cookies.find(c.flow);
  if (found != cookies.end() && found->second == c.cookie) cookies.erase(found);
}

/// Never 0.
std::uint32_t Tracker::State::low_milliseconds(Instant at) noexcept {
  const auto ms = std::chrono::duration_cast<std::chrono::milliseconds>(at.time_since_epoch());
  return std::max(static_cast<std::uint32_t>(ms.count()), 1U);
}

/// Asked at the end only, within the 49 days that the low bits tell apart.
std::optional<Instant> Tracker::State::found_alive(const TrackedConnection& c) noexcept {
  if (c.alive_ms == 0 || !c.end) return std::nullopt;
  const std::uint32_t before_end = low_milliseconds(c.end->at) - c.alive_ms;
  return c.end->at - std::chrono::milliseconds(before_end);
}

Instant Tracker::State::alive_at(const SocketRecord* socket, Instant taken_at) noexcept {
  if (socket == nullptr || !socket->snapshot) return taken_at;
  const TcpSnapshot& s = *socket->snapshot;
  return taken_at - std::max(s.last_data_recv, s.last_ack_recv);
}

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
  known.alive_at = found_alive(c);
  if (c.ttl != 0) known.ttl = c.ttl;
  return known;
}

/// The packets so far, or the next, are the connection's own.
void Tracker::State::claim_packets(const TrackedConnection& c, const SocketRecord* live_socket,
                                   std::optional<Instant> taken_at) {
  if (options.capture_runs) known_of(c, live_socket, taken_at);
}

/// Every response that was not delivered, those that the client left among them; of connections
/// without a request only those that somebody lost something with.
bool Tracker::State::is_wanted(const FinalLine& line) noexcept {
  if (line.fate == Fate::kDelivered || line.fate == Fate::kNoRequest) return false;
  return line.first.has_value() || !client_left(line.fate, line.by);
}

void Tracker::State::emit(FinalLine line) {
  fates.add(line);
  if (!options.log_all && !is_wanted(line)) return;
  ++counters.lines;
  sink(std::move(line));
}

Tracker::Tracker(const TrackerOptions& options, Sink sink)
    : state_(std::make_unique<State>(options, std::move(sink))) {}

Tracker::~Tracker() = default;

void Tracker::on_report(const Report& report, Instant now) {
  ++state_->counters.reports;
  state_->module_ports.insert(report.flow.local.port);
  if (report.observation.cookie) {
    state_->report(report, now);
  } else {
    state_->report_without_cookie(report);
  }
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

void Tracker::on_queue_drops(std::uint64_t total, Instant now) {
  state_->aggregates.queues.note(total, now);
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
    case LossOf::kReports: {  // a claim of whoever reports: it must not wrap
      auto& lost = state_->counters.lost_reports;
      lost += std::min(count, std::numeric_limits<std::uint64_t>::max() - lost);
      break;
    }
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

std::uint64_t Tracker::take_forgotten_packets() {
  const std::uint64_t forgotten = state_->wires.take_forgotten();
  state_->counters.lost_packets += forgotten;
  return forgotten;
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

const FinalCounts& Tracker::fates() const noexcept {
  return state_->fates;
}

}  // namespace connfate::witness
