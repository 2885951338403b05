// SPDX-License-Identifier: Apache-2.0
#pragma once

// Provides LossOf: which events were lost on their way to the witness. Used by the tracker, which
// doubts what it concludes from then on, and by the service, which says so in the log.

#include <cstdint>

namespace connfate::witness {

enum class LossOf : std::uint8_t { kSocketEnds, kPackets, kReports };

}  // namespace connfate::witness
