// SPDX-License-Identifier: Apache-2.0
#pragma once

// Provides Skipped: why a captured frame is neither a packet nor an ICMP error for the tracker, and
// SkippedFrames, which counts them. Used by packet.cpp, by the capture and by the service.
// Surprising: a frame that is not ours was understood. The others were not, and a connection whose
// packets are among them is judged without them: the numbers are for whoever wonders why.

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <utility>

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

  /// The reasons for which a frame was not understood, and the names of their counters.
  static constexpr std::array kNotUnderstood{
      std::pair{Skipped::kNotIp, std::string_view("frames_not_ip")},
      std::pair{Skipped::kCutShort, std::string_view("frames_cut_short")},
      std::pair{Skipped::kFragment, std::string_view("frames_fragment")},
      std::pair{Skipped::kMalformed, std::string_view("frames_malformed")},
      std::pair{Skipped::kOtherProtocol, std::string_view("frames_other_protocol")}};

 private:
  std::array<std::uint64_t, 6> counts_{};
};

}  // namespace connfate::witness
