// SPDX-License-Identifier: Apache-2.0
#pragma once

// Provides Tracker: joins reports, ends of sockets, look-ups and packets of the same connection and
// says what finally became of each response. Pure: no I/O, no clock; the service feeds it events
// with their instants and takes lines and look-ups out.
// Surprising:
//  - Events come in any order. The end of a socket may come before the report of its last response;
//    it is kept for a while (Options::settle).
//  - Nothing is guessed for an event that was lost: the responses it may have been about get
//    final=false and the reason.

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <vector>

#include "connfate/report.hpp"
#include "witness/lines/final_line.hpp"
#include "witness/sockets/socket_record.hpp"
#include "witness/tracking/final_counts.hpp"
#include "witness/tracking/loss.hpp"
#include "witness/wire/packet.hpp"

namespace connfate::witness {

struct TrackerOptions {
  bool log_all = false;              ///< lines about delivered responses too
  bool capture_runs = false;         ///< packets are captured
  std::size_t memory = 256'000'000;  ///< bytes for responses that wait
  std::chrono::milliseconds first_lookup{2000};
  std::chrono::milliseconds settle{2000};      ///< wait after an end for late reports and packets
  std::chrono::milliseconds afterlife{15000};  ///< the same after a silence: D3 needs the client
};

/// A socket whose present state the tracker wants to know.
struct Lookup {
  std::uint64_t cookie = 0;
  Flow flow;
};

struct TrackerCounters {
  std::uint64_t reports = 0, socket_ends = 0, packets = 0, lookups = 0;
  std::uint64_t lost_socket_ends = 0, lost_packets = 0, lost_reports = 0;
  std::uint64_t lines = 0, evicted = 0;
};

class Tracker {
 public:
  using Sink = std::function<void(FinalLine)>;

  Tracker(const TrackerOptions& options, Sink sink);
  ~Tracker();

  void on_report(const Report& report, Instant now);
  void on_socket_end(const SocketRecord& record, Instant now);
  /// Answer to a look-up; nullptr when the kernel knows no such socket.
  void on_lookup(const Lookup& asked, const SocketRecord* found, Instant now);
  void on_packet(const Packet& packet, Instant now);
  void on_icmp(const IcmpError& error, Instant now);
  /// How many packets the queues of this host have dropped so far.
  void on_queue_drops(std::uint64_t total, Instant now);
  void on_loss(LossOf what, std::uint64_t count, Instant now);

  /// Connections to this port are watched although no module reports about them.
  void watch_port(std::uint16_t port);

  /// Writes every line that is due. Returns the look-ups that are due, a bounded number at
  /// a time; answer each by on_lookup().
  std::vector<Lookup> on_tick(Instant now);

  /// Writes everything that still waits, final=false, reason=witness_stopped.
  void finish(Instant now);

  /// Packets of living connections that were forgotten since the last call, for want of room.
  std::uint64_t take_forgotten_packets();

  std::size_t waiting() const noexcept;      ///< responses
  std::size_t memory_used() const noexcept;  ///< bytes, by the tracker's own accounting
  const TrackerCounters& counters() const noexcept;
  const FinalCounts& fates() const noexcept;  ///< of all that ended

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace connfate::witness
