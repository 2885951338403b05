// SPDX-License-Identifier: Apache-2.0
#pragma once

// Provides Intake: carries what the sources say to the tracker, the tracker's questions to the
// kernel, and keeps the packet filter in step with the ports that are served. Used by the service.
// Failure: trouble in a source is counted and said once a minute; the source is tried again with
// the next tick. A capture whose interface is gone ends: it cannot be opened again without
// privileges, and counts as a loss of packets every second from then on.

#include <boost/asio/io_context.hpp>
#include <cstdint>
#include <list>
#include <memory>
#include <vector>

#include "witness/daemon/complaint.hpp"
#include "witness/daemon/heard_servers.hpp"
#include "witness/daemon/losses.hpp"
#include "witness/daemon/watched_ports.hpp"
#include "witness/sources/readable.hpp"
#include "witness/sources/report_source.hpp"
#include "witness/sources/sources.hpp"
#include "witness/tracking/tracker.hpp"

namespace connfate::witness {

class Intake {
 public:
  /// `ports` are watched without a module. The tracker must outlive the intake.
  Intake(Sources sources, std::unique_ptr<ReportSource> reports,
         const std::vector<std::uint16_t>& ports, Tracker& tracker);

  /// From now on events come in while `context` runs.
  void start(boost::asio::io_context& context);

  /// Reads everything that waits: before the end.
  void drain();

  void on_tick(Instant now);
  void look_up(const std::vector<Lookup>& lookups, Instant now);

  HeardServers& heard() noexcept { return heard_; }
  Losses& losses() noexcept { return losses_; }
  const ReportSourceCounters& report_counters() const noexcept { return reports_->counters(); }
  SkippedFrames skipped_frames() const noexcept;  ///< of all captures
  std::uint64_t troubles() const noexcept { return trouble_.count(); }
  /// Packets are read, and no interface that was asked for is missing or gone.
  bool captures_all() const noexcept;

 private:
  template <typename Work>
  bool attempt(Work work);
  bool read_ends(std::size_t limit);
  bool read_reports();
  bool read_packets(Capture& capture, std::size_t limit);
  void on_report(const Report& report, Instant now);
  void note_loss(LossOf what, std::uint64_t count, Instant now);
  void count_ended_captures(Instant now);
  void read_queues(Instant now);
  void refresh_ports(Instant now);
  void apply_ports();

  Sources sources_;
  std::unique_ptr<ReportSource> reports_;
  Tracker& tracker_;
  WatchedPorts ports_;
  HeardServers heard_;
  Losses losses_;
  Complaint trouble_, refused_reports_;
  bool ports_changed_ = true;
  Instant ports_read_at_, queues_read_at_;
  std::size_t ended_captures_ = 0;
  Instant ended_captures_counted_at_;
  std::list<Readable> resumable_;
  std::list<Readable> captures_;  ///< declared after the sources: released before they close
};

}  // namespace connfate::witness
