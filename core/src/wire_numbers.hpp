// SPDX-License-Identifier: Apache-2.0
#pragma once

// Provides number_of(): the number of each enumerator in a report, and what stands for one that a
// reader does not know. Used by report_items.hpp alone.
// Surprising: a number says nothing about the place of an enumerator in its enumeration. Modules
// and witness are updated one after the other, so numbers are part of the format: a new enumerator
// gets the next free one, none is ever changed or used again (tests/fixtures/reports/numbers.txt
// records them all). Readers of the first version refuse a whole report for a number that they do
// not know. For them each enumeration has an item that holds only what they know; what came later
// travels in an item of its own, which they skip.

#include <cstdint>

#include "connfate/fate.hpp"
#include "connfate/server_view.hpp"
#include "connfate/socket_error.hpp"

namespace connfate::wire {

constexpr std::uint8_t number_of(Fate fate) noexcept {
  switch (fate) {
    case Fate::kDelivered: return 0;
    case Fate::kPending: return 1;
    case Fate::kClientAbort: return 2;
    case Fate::kBrokenPipe: return 3;
    case Fate::kRstReceived: return 4;
    case Fate::kAckTimeout: return 5;
    case Fate::kUnreachable: return 6;
    case Fate::kClientStalled: return 7;
    case Fate::kAckStalled: return 8;
    case Fate::kServerTimeout: return 9;
    case Fate::kServerAbort: return 10;
    case Fate::kStreamReset: return 11;
    case Fate::kRequestTimeout: return 12;
    case Fate::kBlockedHere: return 14;
    case Fate::kNoRequest: return 15;
    case Fate::kUnknown: break;
  }
  return 13;
}

constexpr std::uint8_t number_of(By by) noexcept {
  switch (by) {
    case By::kNobody: return 0;
    case By::kClient: return 1;
    case By::kPath: return 2;
    case By::kPeer: return 3;
    case By::kServer: return 4;
    case By::kUnknown: break;
  }
  return 5;
}

constexpr std::uint8_t number_of(Phase phase) noexcept {
  switch (phase) {
    case Phase::kRequest: return 0;
    case Phase::kWaiting: return 1;
    case Phase::kSending: return 2;
    case Phase::kDrained: return 3;
    case Phase::kIdle: return 4;
    case Phase::kUnknown: break;
  }
  return 5;
}

constexpr std::uint8_t number_of(Close close) noexcept {
  switch (close) {
    case Close::kOpen: return 1;
    case Close::kFin: return 2;
    case Close::kRst: return 3;
    case Close::kTimeout: return 4;
    case Close::kIcmp: return 5;
    case Close::kLocal: return 6;
    case Close::kUnknown: break;
  }
  return 0;
}

constexpr std::uint8_t number_of(Transport transport) noexcept {
  switch (transport) {
    case Transport::kTcp: return 0;
    case Transport::kQuic: return 1;
    case Transport::kOther: break;
  }
  return 2;
}

constexpr std::uint8_t number_of(Operation operation) noexcept {
  switch (operation) {
    case Operation::kRead: return 0;
    case Operation::kWrite: return 1;
    case Operation::kUnknown: break;
  }
  return 2;
}

/// An enumeration whose numbers are ours. TcpState is not: its numbers are the kernel's.
template <typename E>
concept Numbered = requires(E value) {
  number_of(value);
};

/// What a number that this version does not know becomes.
template <Numbered E>
inline constexpr E kUnknownOf = E::kUnknown;
template <>
inline constexpr Transport kUnknownOf<Transport> = Transport::kOther;

/// What readers of the first version accept: numbers up to `last`. They are told `instead` of a
/// later one.
template <Numbered E>
struct FirstVersion;
template <>
struct FirstVersion<Fate> {
  static constexpr std::uint8_t kLast = 13;
  static constexpr Fate kInstead = Fate::kUnknown;
};
template <>
struct FirstVersion<By> {
  static constexpr std::uint8_t kLast = 5;
  static constexpr By kInstead = By::kUnknown;
};
template <>
struct FirstVersion<Phase> {  // it had no word for "not known"; this is what it takes for granted
  static constexpr std::uint8_t kLast = 4;
  static constexpr Phase kInstead = Phase::kWaiting;
};
template <>
struct FirstVersion<Close> {
  static constexpr std::uint8_t kLast = 6;
  static constexpr Close kInstead = Close::kUnknown;
};
template <>
struct FirstVersion<Transport> {
  static constexpr std::uint8_t kLast = 2;
  static constexpr Transport kInstead = Transport::kOther;
};
template <>
struct FirstVersion<Operation> {  // nor for this
  static constexpr std::uint8_t kLast = 1;
  static constexpr Operation kInstead = Operation::kRead;
};

template <Numbered E>
constexpr bool is_of_first_version(E value) noexcept {
  return number_of(value) <= FirstVersion<E>::kLast;
}

}  // namespace connfate::wire
