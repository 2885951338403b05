// SPDX-License-Identifier: Apache-2.0
#pragma once

// Provides WireTable: the packets of every connection, found by its two ends, in bounded memory.
// Surprising: packets carry no cookie, and the two ends of a connection are used again. A new SYN
// begins a new history, and the one before it is kept for the verdict that still waits for it. A
// history belongs to the first socket that asks for it and was alive when it began. Reports and
// ends overtake packets: whoever asks before there are any gets the next, and what belongs to
// another socket is never the answer.
// Used by the tracker.

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <utility>

#include "connfate/endpoint.hpp"
#include "witness/memory/recent_map.hpp"
#include "witness/wire/wire_history.hpp"

namespace connfate::witness {

/// What the wire says of one connection, and how much of it may be missing.
struct WireView {
  std::shared_ptr<const WireHistory> history;  ///< never null; empty when nothing was captured
  std::uint64_t lost = 0;  ///< packets lost by the capture since the history began
};

class WireTable {
 public:
  /// `capacity`: connections; the one silent for longest is forgotten first. Half as many again may
  /// have begun only: whoever throws SYNs about fills that room, and no other.
  explicit WireTable(std::size_t capacity) : entries_(capacity), begun_(capacity / 2) {}

  void add(const Packet& packet);
  void add(const IcmpError& error);
  void add_loss(std::uint64_t packets) noexcept { lost_ += packets; }

  /// Packets of established connections that were forgotten for want of room since the last call.
  std::uint64_t take_forgotten() noexcept { return std::exchange(forgotten_untold_, 0); }

  /// One of the sockets between two ends.
  struct Socket {
    Flow flow;
    std::uint64_t cookie = 0;
    Instant alive = Instant::max();  ///< it existed then; the earlier, the more this tells
    bool is_live = false;            ///< still: no later connection can have its ends
  };

  WireView view(const Socket& socket);

  /// The kernel has destroyed the socket: the next SYN between these ends opens another connection.
  /// Of sockets between ends that are not known nothing is kept.
  void mark_gone(const Socket& socket);

  /// Whose the packets between these ends are, when that socket is not gone and is not this one.
  std::optional<std::uint64_t> other_owner(const Socket& socket);

  /// What is the socket's is that cookie's from now on: the two are one connection.
  void hand_over(const Socket& socket, std::uint64_t cookie);

  /// The connection is settled.
  void forget(const Flow& flow, std::uint64_t cookie);

  std::size_t size() const noexcept { return entries_.size() + begun_.size(); }

 private:
  struct Kept {
    std::shared_ptr<WireHistory> history;
    Instant begun;
    std::uint64_t lost_before = 0;
    bool socket_is_gone = false;
    bool from_start = false;               ///< begun by a SYN
    bool answered = false;                 ///< the client has seen this host's SYN
    std::optional<std::uint64_t> owner{};  ///< the cookie
  };
  struct Entry {
    Kept current;
    std::optional<Kept> previous{};

    /// Nothing shows that the current one is more than a SYN that anybody can send.
    bool is_current_begun_only() const noexcept { return !current.answered && !current.owner; }
    /// Of a packet, or a message, that may be late for the connection before.
    template <typename Late>
    Kept& home_of(const Late& late) {
      const bool old = previous && is_current_begun_only() &&
                       previous->history->has_place_for(late) &&
                       !current.history->has_place_for(late);
      return old ? *previous : current;
    }
  };

  Kept begin(Instant at, bool opens) const;
  Entry* find(const Flow& flow);
  Entry& entry_of(const Packet& packet);
  Entry& establish(const Flow& flow, Entry entry);
  Entry& established(const Socket& socket);
  void begin_another(Entry& entry, Instant at);
  void note_forgotten();
  Kept* claim(const Socket& socket);
  static Kept* claim(Entry& entry, const Socket& socket);

  std::uint64_t lost_ = 0;
  std::uint64_t forgotten_ = 0;
  std::uint64_t forgotten_untold_ = 0;
  RecentMap<Flow, Entry> entries_;  ///< the client has answered this host, or a socket is known
  RecentMap<Flow, Entry> begun_;    ///< not yet
};

}  // namespace connfate::witness
