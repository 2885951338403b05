// SPDX-License-Identifier: Apache-2.0
#include "witness/wire/wire_table.hpp"

namespace connfate::witness {
namespace {

/// How much later than another source a packet's own time may seem: it is converted from the wall
/// clock.
constexpr Duration kSourceSkew{std::chrono::milliseconds(20)};

}  // namespace

WireTable::Kept WireTable::begin(Instant at) const {
  return {std::make_shared<WireHistory>(), at, lost_};
}

WireTable::Entry& WireTable::entry_of(const Flow& flow, Instant at) {
  return entries_.use(flow, [this, at] { return Entry{.current = begin(at)}; });
}

void WireTable::add(const Packet& packet) {
  Entry& entry = entry_of(packet.flow, packet.at);
  if (entry.current.history->starts_new_connection(packet, entry.current.socket_is_gone)) {
    entry.previous = std::move(entry.current);
    entry.current = begin(packet.at);
  }
  entry.current.history->add(packet);
}

void WireTable::add(const IcmpError& error) {
  if (Entry* entry = entries_.find(error.flow)) entry->current.history->add(error);
}

/// The history of that socket; nullptr when there is none yet.
WireTable::Kept* WireTable::claim(const Socket& socket) {
  Entry* entry = entries_.find(socket.flow);
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
  const Kept* kept = claim(entry_of(socket.flow, socket.alive), socket);
  if (kept == nullptr) return {std::make_shared<WireHistory>(), 0};
  return {kept->history, lost_ - kept->lost_before};
}

std::optional<std::uint64_t> WireTable::other_owner(const Socket& socket) {
  Entry* entry = entries_.find(socket.flow);
  if (entry == nullptr || claim(*entry, socket) != nullptr) return std::nullopt;
  const Kept& current = entry->current;
  return current.socket_is_gone ? std::nullopt : current.owner;
}

void WireTable::hand_over(const Socket& socket, std::uint64_t cookie) {
  if (Kept* kept = claim(socket)) kept->owner = cookie;
}

void WireTable::forget(const Flow& flow, std::uint64_t cookie) {
  Entry* entry = entries_.find(flow);
  if (entry == nullptr) return;
  if (entry->previous && entry->previous->owner == cookie) entry->previous.reset();
  if (entry->current.owner == cookie) entries_.forget(flow);
}

}  // namespace connfate::witness
