// SPDX-License-Identifier: Apache-2.0
#pragma once

// Provides ConnectionTable: the connections that the witness follows and the responses that wait on
// them, in bounded memory (at most 264 bytes for a response with its connection and a usual uri),
// and the queues of what is due when. Storage only; the tracker decides.
// Surprising: every queue has one fixed delay, so that "first in, first out" is also "in the order
// of time": no heap, no search.

#include <array>
#include <chrono>
#include <cstddef>
#include <memory>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "connfate/report.hpp"
#include "witness/instant.hpp"
#include "witness/memory/slab.hpp"
#include "witness/sockets/socket_record.hpp"

namespace connfate::witness {

/// One logged response that is not settled yet. Texts are kept in one block.
struct WaitingResponse {
  std::uint64_t logged_at_us = 0;
  Bytes start, end, acked, bytes_taken;  ///< `acked`: of the stream, as last known
  std::unique_ptr<char[]> texts;
  Links age;
  Links siblings;  ///< the other responses that wait on the same connection
  std::uint32_t connection = kNoIndex;
  std::uint32_t retrans = 0;
  std::uint32_t duration_ms = 0;
  std::uint32_t refused_before = 0;  ///< bytes, by this host, before the response; modulo 2^32
  std::uint16_t status = 0;
  Fate fate = Fate::kUnknown;
  By by = By::kUnknown;
  Phase phase = Phase::kDrained;
  Close close = Close::kUnknown;
  std::uint8_t rule = 0;  ///< index into core's rules(); 0xff: not known here
  bool has_start : 1 = false, has_end : 1 = false, has_taken : 1 = false, has_duration : 1 = false,
                   fin_seen : 1 = false;
  bool said_in_progress : 1 = false;

  enum Text : std::uint8_t { kServer, kMethod, kUri, kHost, kRequestId, kTextCount };
  std::string_view text(Text which) const noexcept;
  /// Of the log-time fate.
  std::string_view rule_id() const noexcept;
  /// The client's HTTP/2 window let nothing out, and TCP had nothing on its way: what it does next
  /// tells whether it was there.
  bool rests_on_stream_window() const noexcept { return rule_id() == "stream-window-closed"; }

  static WaitingResponse from(const Report& report);
};

/// Longest uri that is kept while a response waits; longer ones end in "...".
inline constexpr std::size_t kKeptTextSize = 512;

/// How a connection ended.
struct SocketEnd {
  SocketRecord record;
  Instant at;
};

/// What a connection waits for. The first six are look-ups, each waiting longer than the last.
/// Unnamed: it has ended, and no report has named its cookie yet.
enum class Queue : std::uint8_t {
  kLookup0,
  kLookup1,
  kLookup2,
  kLookup3,
  kLookup4,
  kLookup5,
  kSettle,
  kAfterlife,
  kUnnamed,
  kIdle
};
inline constexpr std::size_t kQueueCount = 10;

constexpr bool is_lookup(Queue queue) noexcept {
  return queue <= Queue::kLookup5;
}

struct TrackedConnection {
  std::uint64_t cookie = 0;
  Flow flow;
  Instant due;
  std::unique_ptr<SocketEnd> end;
  Links in_queue;
  std::uint32_t chain = kNoIndex;  ///< next in the hash bucket
  IndexList<WaitingResponse, &WaitingResponse::siblings> waiting;
  std::uint32_t alive_ms = 0;       ///< when a look-up found it alive, last: low bits; 0: never
  std::uint32_t losses_before = 0;  ///< of socket ends, when it was first heard of
  Queue queue = Queue::kIdle;
  std::uint8_t ttl = 0;  ///< 0: not known
  bool missed_once = false;
  bool reported = false;  ///< some report named it
};

class ConnectionTable {
 public:
  explicit ConnectionTable(const std::array<Duration, kQueueCount>& delays);

  std::uint32_t find(std::uint64_t cookie) const noexcept;
  std::uint32_t add(std::uint64_t cookie, const Flow& flow, Instant now);
  /// Its waiting responses go with it.
  void remove(std::uint32_t connection);

  std::uint32_t add_response(std::uint32_t connection, WaitingResponse response);
  void remove_response(std::uint32_t response);

  TrackedConnection& connection(std::uint32_t index) { return connections_[index]; }
  WaitingResponse& response(std::uint32_t index) { return responses_[index]; }
  /// Oldest first.
  std::vector<std::uint32_t> responses_of(std::uint32_t connection);

  /// Puts the connection at the end of a queue; it is due after that queue's delay.
  void move_to(std::uint32_t connection, Queue queue, Instant now);
  /// First of the queue if it is due, else kNoIndex.
  std::uint32_t due(Queue queue, Instant now) const;

  std::uint32_t oldest_response() const noexcept { return by_age_.front(); }
  std::uint32_t oldest_of(Queue queue) const noexcept;

  std::size_t waiting() const noexcept { return responses_.used(); }
  std::size_t connections() const noexcept { return connections_.used(); }
  std::size_t memory_used() const noexcept;

 private:
  using ByQueue = IndexList<TrackedConnection, &TrackedConnection::in_queue>;
  using ByAge = IndexList<WaitingResponse, &WaitingResponse::age>;

  std::uint32_t& bucket_of(std::uint64_t cookie) noexcept;
  void grow_buckets();
  void unchain(std::uint32_t connection) noexcept;

  Slab<TrackedConnection> connections_;
  Slab<WaitingResponse> responses_;
  std::vector<std::uint32_t> buckets_;
  std::array<ByQueue, kQueueCount> queues_;
  std::array<Duration, kQueueCount> delays_;
  ByAge by_age_;
  std::size_t text_bytes_ = 0;
};

}  // namespace connfate::witness
