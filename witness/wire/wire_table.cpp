// SPDX-License-Identifier: Apache-2.0
#include "witness/wire/wire_table.hpp"

namespace connfate::witness {
namespace {

/// How much later than another source a packet's own time may seem: it is converted from the wall
/// clock.
constexpr Duration kSourceSkew{std::chrono::milliseconds(20)};

}  // namespace

WireTable::Kept WireTable::begin(Instant at, bool opens) const {
  return {.history = std::make_shared<WireHistory>(),
          .begun = at,
          .lost_before = lost_,
          .from_start = opens};
}

/// A connection that lives and is forgotten has lost packets, as if the capture had.
void WireTable::note_forgotten() {
  const Entry* gone = entries_.next_to_go();
  if (gone == nullptr || gone->current.socket_is_gone) return;
  const std::size_t packets = gone->current.history->packets().size();
  forgotten_ += packets;
  forgotten_untold_ += packets;
}

WireTable::Entry* WireTable::find(const Flow& flow) {
  Entry* entry = entries_.find(flow);
  return entry != nullptr ? entry : begun_.find(flow);
}

WireTable::Entry& WireTable::entry_of(const Packet& packet) {
  const auto make = [&] { return Entry{.current = begin(packet.at, packet.syn)}; };
  return entries_.find(packet.flow) != nullptr ? entries_.use(packet.flow, make)
                                               : begun_.use(packet.flow, make);
}

WireTable::Entry& WireTable::establish(const Flow& flow, Entry entry) {
  begun_.forget(flow);
  return entries_.use(flow, [&] {
    note_forgotten();
    return std::move(entry);
  });
}

/// There is a socket, whatever its packets say.
WireTable::Entry& WireTable::established(const Socket& socket) {
  if (entries_.find(socket.flow) != nullptr) return establish(socket.flow, Entry{});
  Entry* entry = begun_.find(socket.flow);
  return establish(socket.flow, entry != nullptr ? std::move(*entry)
                                                 : Entry{.current = begin(socket.alive, false)});
}

/// What has only begun does not drive out a connection whose verdict may still be due.
void WireTable::begin_another(Entry& entry, Instant at) {
  if (!entry.previous || !entry.is_current_begun_only()) entry.previous = std::move(entry.current);
  entry.current = begin(at, true);
}

void WireTable::add(const Packet& packet) {
  Entry& entry = entry_of(packet);
  const Kept& current = entry.current;
  if (current.history->starts_new_connection(packet, current.socket_is_gone)) {
    begin_another(entry, packet.at);
  }
  Kept& home = packet.syn ? entry.current : entry.home_of(packet);
  home.history->add(packet);
  home.answered = home.answered || home.history->answers_this_host(packet);
  if (home.answered && entries_.find(packet.flow) == nullptr) {
    establish(packet.flow, std::move(entry));
  }
}

void WireTable::add(const IcmpError& error) {
  if (Entry* entry = find(error.flow)) entry->home_of(error).history->add(error);
}

/// The history of that socket; nullptr when there is none yet.
WireTable::Kept* WireTable::claim(const Socket& socket) {
  Entry* entry = find(socket.flow);
  return entry == nullptr ? nullptr : claim(*entry, socket);
}

WireTable::Kept* WireTable::claim(Entry& entry, const Socket& socket) {
  if (entry.current.owner == socket.cookie) return &entry.current;
  if (entry.previous && entry.previous->owner == socket.cookie) return &*entry.previous;
  const Instant begun = entry.current.begun;
  const bool was_before = begun - kSourceSkew > socket.alive;
  // At the same time, as far as the clocks tell: those that are over ask in their order.
  const bool may_be_older = !socket.is_live && begun > socket.alive - kSourceSkew &&
                            entry.previous && !entry.previous->owner;
  const bool is_older = entry.previous && (was_before || may_be_older);
  Kept& kept = is_older ? *entry.previous : entry.current;
  if (kept.owner) return nullptr;
  kept.owner = socket.cookie;
  return &kept;
}

void WireTable::mark_gone(const Socket& socket) {
  if (Kept* kept = claim(socket)) kept->socket_is_gone = true;
}

WireView WireTable::view(const Socket& socket) {
  const Kept* kept = claim(established(socket), socket);
  if (kept == nullptr) return {std::make_shared<WireHistory>(), 0};
  // What began in the middle may be the rest of what was forgotten.
  const std::uint64_t forgotten = kept->from_start ? 0 : forgotten_;
  return {kept->history, lost_ - kept->lost_before + forgotten};
}

std::optional<std::uint64_t> WireTable::other_owner(const Socket& socket) {
  Entry* entry = find(socket.flow);
  if (entry == nullptr || claim(*entry, socket) != nullptr) return std::nullopt;
  const Kept& current = entry->current;
  return current.socket_is_gone ? std::nullopt : current.owner;
}

void WireTable::hand_over(const Socket& socket, std::uint64_t cookie) {
  if (Kept* kept = claim(socket)) kept->owner = cookie;
}

void WireTable::forget(const Flow& flow, std::uint64_t cookie) {
  Entry* entry = find(flow);
  if (entry == nullptr) return;
  if (entry->previous && entry->previous->owner == cookie) entry->previous.reset();
  if (entry->current.owner != cookie) return;
  entries_.forget(flow);
  begun_.forget(flow);
}

}  // namespace connfate::witness
