// SPDX-License-Identifier: Apache-2.0
#pragma once

// Provides Capture: the packets of one interface, or of all, that tell how connections end
// (libpcap; needs CAP_NET_RAW to be opened, and nothing afterwards).
// Used by the service, which waits for fd() and reads in bounded turns.
// Surprising:
//  - The filter is replaced in one step, without the gap in which libpcap's own pcap_setfilter()
//    discards what arrives: a capture that is called complete must not have one.
//  - The kernel stamps packets with the wall clock. They are given an instant that lies between the
//    last time nothing waited and now, whatever the wall clock was set to meanwhile.

#include <pcap/pcap.h>

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>

#include "witness/wire/packet.hpp"

namespace connfate::witness {

class Capture {
 public:
  using OnFrame = std::function<void(const ParsedFrame&)>;

  /// Every interface of this network namespace, those that come later included.
  static constexpr const char* kAny = "any";

  /// Throws std::runtime_error, with what to do, when the interface does not exist or the privilege
  /// is missing.
  explicit Capture(std::string interface);

  int fd() const noexcept;
  const std::string& interface() const noexcept { return interface_; }

  /// Captures packets of these ports, ascending, from now on. Throws std::runtime_error and leaves
  /// the filter as it was.
  void set_ports(std::span<const std::uint16_t> ports);

  /// Hands out what waits and is about `ports` (or an ICMP error), at most `limit` frames; returns
  /// how many frames there were, fewer than `limit` when nothing waits any more. Throws
  /// std::runtime_error when the interface is gone.
  std::size_t read(std::size_t limit, const ServedPorts& ports, const OnFrame& on_frame);

  /// Frames that matched the filter and were not handed out, since the beginning.
  const SkippedFrames& skipped() const noexcept { return skipped_; }

  /// Packets that matched the filter and were dropped for want of room, since the last call.
  std::uint64_t take_lost() noexcept;

 private:
  struct Close {
    void operator()(pcap_t* capture) const noexcept { pcap_close(capture); }
  };

  std::string interface_;
  std::unique_ptr<pcap_t, Close> capture_;
  LinkLayer link_ = LinkLayer::kEthernet;
  std::uint32_t index_ = 0;  ///< of the interface; 0 for "any"
  bool loopback_ = false;
  std::uint32_t drops_ = 0;  ///< libpcap's counter at the last look
  SkippedFrames skipped_;
  Instant nothing_waited_at_;
};

/// The names of all interfaces, for messages: "lo eth0".
std::string interface_names();

}  // namespace connfate::witness
