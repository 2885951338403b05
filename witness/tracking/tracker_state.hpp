// SPDX-License-Identifier: Apache-2.0
#pragma once

// Provides Tracker::State, what the tracker remembers and its steps. Only for the tracker's own
// files: tracker_reports.cpp takes reports, tracker_lookups.cpp the kernel's answers about sockets
// that live, tracker_ends.cpp the ends of sockets, tracker.cpp gives each its turn.
// `connection` is an index of the table.

#include <set>
#include <unordered_map>

#include "witness/tracking/connection_table.hpp"
#include "witness/tracking/line_maker.hpp"
#include "witness/tracking/tracker.hpp"
#include "witness/wire/wire_table.hpp"

namespace connfate::witness {

struct Tracker::State {
  using Cookies = std::unordered_map<Flow, std::uint64_t>;

  State(const TrackerOptions& o, Sink s);

  TrackerOptions options;
  Sink sink;
  ConnectionTable table;
  WireTable wires;
  Aggregates aggregates;
  TrackerCounters counters;
  FinalCounts fates;
  std::set<std::uint16_t> module_ports;  ///< some report came from there
  std::set<std::uint16_t> watched_ports;
  /// Ended sockets that no report named by its cookie: MPTCP reports another one.
  Cookies unnamed_ends;
  Cookies missing;           ///< looked up by cookie in vain
  std::uint32_t losses = 0;  ///< times that socket ends were lost

  // tracker_reports.cpp
  void report(const Report& report, Instant now);
  void report_without_cookie(const Report& report);
  void wait_for(std::uint32_t connection, const Report& report, const SocketRecord& seen,
                Instant now);
  void settle_acked(std::uint32_t connection, const SocketRecord& socket, Instant now);
  void evict();

  // tracker_lookups.cpp
  void found(std::uint32_t connection, const SocketRecord& socket, Instant now);
  void missed(std::uint32_t connection, Instant now);
  void settle_standing(std::uint32_t connection, const SocketRecord& socket, Instant now);
  void say_in_progress(std::uint32_t connection, const SocketRecord& socket, Instant now);
  void give_up(std::uint32_t connection, const std::string& reason, Instant now);

  // tracker_ends.cpp
  void ended(const SocketRecord& record, Instant now);
  void join_by_flow(std::uint32_t connection, Instant now);
  void attach_end(std::uint32_t connection, const SocketRecord& record, Instant at, Instant now);
  bool belongs_to_another(std::uint32_t connection, Instant now);
  void finish(std::uint32_t connection, const std::string& reason);
  void finish_connection_line(const TrackedConnection& connection, const Known& known);

  // tracker.cpp
  static bool is_wanted(const FinalLine& line) noexcept;
  void emit(FinalLine line);
  void claim_packets(const TrackedConnection& connection, const SocketRecord* live_socket,
                     std::optional<Instant> taken_at);
  Known known_of(const TrackedConnection& connection, const SocketRecord* live_socket,
                 std::optional<Instant> taken_at);

  static void forget(Cookies& cookies, const TrackedConnection& connection);
  static std::uint32_t low_milliseconds(Instant at) noexcept;
  /// When a look-up found the connection alive, last; nullopt: never.
  static std::optional<Instant> found_alive(const TrackedConnection& connection) noexcept;
  /// The socket existed then: it counts from its beginning, or from what it last heard.
  static Instant alive_at(const SocketRecord* socket, Instant taken_at) noexcept;
};

}  // namespace connfate::witness
