// SPDX-License-Identifier: Apache-2.0
#pragma once

// Provides Assessment: what a living connection suffers from, and what it would be called if it
// ended now. Pure. Used by `connfate live`.
// Surprising: "if it ended now" is a supposition, and it is always the same one: the timer that is
// running gives up at this moment. That is the server's own timer while a process holds the socket,
// the kernel's when none does. A RST or a FIN that comes next would be called otherwise.

#include <chrono>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "cli/sockets/socket_dump.hpp"
#include "connfate/fate.hpp"

namespace connfate::cli {

enum class Symptom : std::uint8_t {
  kRetransmitting,     ///< data goes out again and again, unanswered
  kProbingUnanswered,  ///< the window is closed, and the probes go unanswered as well
  kZeroWindow,         ///< the client takes nothing more, and answers
  kHeldBack,           ///< data waits here although the client's window is open
  kUnacked,            ///< data is out and nothing has come back for a while
  kHalfClosed,         ///< the client's FIN came, and this host has not closed
  kOrphaned,           ///< no process holds it; what is unacknowledged is the kernel's alone
};
inline constexpr int kSymptomCount = static_cast<int>(Symptom::kOrphaned) + 1;

std::string_view to_token(Symptom symptom) noexcept;

struct Provisional {
  Fate fate = Fate::kUnknown;
  By by = By::kUnknown;
  std::string_view rule;  ///< of core's table
};

struct Assessment {
  std::vector<Symptom> symptoms;           ///< not empty
  std::optional<Provisional> provisional;  ///< nullopt: no response is at stake
  Bytes unacked;                           ///< accepted by the kernel and not acknowledged
};

/// `older`: for how long nothing must have been heard of the client before a half-closed, orphaned
/// or merely unacknowledged connection counts. nullopt: not in trouble, or the kernel told nothing.
std::optional<Assessment> assess(const LiveSocket& socket, std::chrono::milliseconds older);

}  // namespace connfate::cli
