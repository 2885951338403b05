// SPDX-License-Identifier: Apache-2.0
#include "witness/daemon/intake.hpp"

#include <exception>
#include <utility>

#include "witness/process/clock.hpp"

namespace connfate::witness {
namespace {

/// Events of one turn: about a millisecond of work, so that the short queue of reports is never
/// left alone for longer.
constexpr std::size_t kEventsPerTurn = 256;
constexpr std::size_t kReportsPerTurn = 4096;
constexpr std::size_t kEverything = 1'000'000;  ///< more than any of the buffers holds
constexpr std::chrono::seconds kQueuesAge{1};

/// No event tells of a new listener: of what reaches it sooner the handshake is not captured.
constexpr std::chrono::milliseconds kPortsAge{100};

}  // namespace

Intake::Intake(Sources sources, std::unique_ptr<ReportSource> reports,
               const std::vector<std::uint16_t>& ports, Tracker& tracker)
    : sources_(std::move(sources)), reports_(std::move(reports)), tracker_(tracker) {
  for (const std::uint16_t port : ports) {
    ports_.add(port);
    tracker_.watch_port(port);
  }
  refresh_ports(steady_now());
}

void Intake::start(boost::asio::io_context& context) {
  resumable_.emplace_back(context, sources_.ends.fd(),
                          [this] { return read_ends(kEventsPerTurn); });
  resumable_.emplace_back(context, reports_->fd(), [this] { return read_reports(); });
  for (Capture& capture : sources_.captures) {
    captures_.emplace_back(context, capture.fd(),
                           [this, &capture] { return read_packets(capture, kEventsPerTurn); });
  }
}

void Intake::drain() {
  read_ends(kEverything);
  for (Capture& capture : sources_.captures) read_packets(capture, kEverything);
}

/// Runs `work`; false, with a complaint, when it failed.
template <typename Work>
bool Intake::attempt(Work work) {
  try {
    work();
    return true;
  } catch (const std::exception& error) {
    trouble_.say(error.what(), steady_now());
    return false;
  }
}

bool Intake::read_ends(std::size_t limit) {
  // A report is sent before its connection is closed. The ends are read first, so that the reports
  // of all of them wait to be read by then; and handled last, so that each finds its report.
  std::vector<SocketRecord> ends;
  const bool goes_on = attempt([&] {
    sources_.ends.read(limit, [&](const SocketRecord& record) { ends.push_back(record); });
  });
  read_reports();
  const Instant now = steady_now();
  const bool handled = attempt([&] {
    for (const SocketRecord& record : ends) tracker_.on_socket_end(record, now);
    note_loss(LossOf::kSocketEnds, sources_.ends.take_lost(), now);
  });
  return goes_on && handled;
}

bool Intake::read_reports() {
  const Instant now = steady_now();
  return attempt([&] {
    reports_->read(kReportsPerTurn, [&](const Report& report) { on_report(report, now); });
    note_loss(LossOf::kReports, reports_->take_lost(), now);
  });
}

void Intake::on_report(const Report& report, Instant now) {
  heard_.note(report.server);
  ports_changed_ = ports_.add(report.flow.local.port) || ports_changed_;
  tracker_.on_report(report, now);
}

bool Intake::read_packets(Capture& capture, std::size_t limit) {
  read_reports();
  const bool goes_on = attempt([&] {
    capture.read(limit, ports_.served(), [&](const ParsedFrame& frame) {
      if (const auto* packet = std::get_if<Packet>(&frame)) tracker_.on_packet(*packet, packet->at);
      if (const auto* error = std::get_if<IcmpError>(&frame)) tracker_.on_icmp(*error, error->at);
    });
  });
  if (!goes_on) ++ended_captures_;
  return goes_on;
}

bool Intake::captures_all() const noexcept {
  return !sources_.captures.empty() && ended_captures_ == 0;
}

SkippedFrames Intake::skipped_frames() const noexcept {
  SkippedFrames all;
  for (const Capture& capture : sources_.captures) all.add(capture.skipped());
  return all;
}

void Intake::on_tick(Instant now) {
  read_reports();
  for (Readable& readable : resumable_) readable.resume();
  note_loss(LossOf::kSocketEnds, sources_.ends.take_lost(), now);
  for (Capture& capture : sources_.captures) {
    note_loss(LossOf::kPackets, capture.take_lost(), now);
  }
  count_ended_captures(now);
  losses_.add(LossOf::kPackets, tracker_.take_forgotten_packets());
  read_queues(now);
  if (now - ports_read_at_ >= kPortsAge) refresh_ports(now);
  if (ports_changed_) apply_ports();
  const auto [foreign, undecodable] = reports_->counters();
  if (foreign + undecodable > refused_reports_.count()) {
    refused_reports_.say("a report was refused: not from an allowed user, or not understood", now);
  }
}

void Intake::read_queues(Instant now) {
  if (now - queues_read_at_ < kQueuesAge) return;
  queues_read_at_ = now;
  attempt([&] { tracker_.on_queue_drops(sources_.queues.read_drops(), now); });
}

void Intake::note_loss(LossOf what, std::uint64_t count, Instant now) {
  if (count == 0) return;
  losses_.add(what, count);
  tracker_.on_loss(what, count, now);
}

/// How many packets a capture that has ended misses, nobody knows: one a second stands for them.
void Intake::count_ended_captures(Instant now) {
  if (ended_captures_ == 0 || now - ended_captures_counted_at_ < std::chrono::seconds(1)) return;
  ended_captures_counted_at_ = now;
  note_loss(LossOf::kPackets, ended_captures_, now);
}

void Intake::look_up(const std::vector<Lookup>& lookups, Instant now) {
  for (const Lookup& lookup : lookups) {
    // Without an answer the tracker is told nothing: "no such socket" would be a guess.
    attempt([&] {
      const auto found = sources_.lookup.find(lookup.flow, lookup.cookie);
      tracker_.on_lookup(lookup, found ? &*found : nullptr, now);
    });
  }
}

void Intake::refresh_ports(Instant now) {
  ports_read_at_ = now;
  attempt([&] {
    ports_changed_ = ports_.set_listening(sources_.lookup.listening_ports()) || ports_changed_;
  });
  if (ports_changed_) apply_ports();
}

void Intake::apply_ports() {
  ports_changed_ = false;
  for (Capture& capture : sources_.captures) attempt([&] { capture.set_ports(ports_.list()); });
}

}  // namespace connfate::witness
