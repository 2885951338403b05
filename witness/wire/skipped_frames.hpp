// SPDX-License-Identifier: Apache-2.0
#pragma once

// Provides Skipped: why a captured frame is neither a packet nor an ICMP error for the tracker, and
// SkippedFrames, which counts them. Used by packet.cpp, by the capture and by the service.
// Surprising: a frame that is not ours was understood. The others were not, and a connection whose
// packets are among them is judged without them: the numbers are for whoever wonders why.

#include <array>
#include <cstddef>
#include <cstdint>

namespace connfate::witness {

enum class Skipped : std::uint8_t {
  kNotOurs,        ///< other ports, or an ICMP message that is no error about one of our packets
  kNotIp,          ///< the link layer announces, or brings, something else
  kCutShort,       ///< the capture ends before the headers do
  kFragment,       ///< a later fragment: no TCP header
  kMalformed,      ///< lengths or versions that contradict each other
  kOtherProtocol,  ///< neither TCP nor ICMP, or hidden behind a header that is not known
};

class SkippedFrames {
 public:
  void add(Skipped reason) noexcept { ++counts_[static_cast<std::size_t>(reason)]; }
  void add(const SkippedFrames& others) noexcept;
  std::uint64_t count(Skipped reason) const noexcept {
    return counts_[static_cast<std::size_t>(reason)];
  }

 private:
  std::array<std::uint64_t, 6> counts_{};
};

}  // namespace connfate::witness
