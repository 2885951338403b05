// SPDX-License-Identifier: Apache-2.0
#pragma once

// Provides Cable: an Ethernet cable in a namespace of its own that carries frames unchanged between
// two veth ends, as badly as it is told to (Impairment), and has a device in it that follows TCP
// connections, drops segments and forges packets by rules (Rule). A thread of this process does it.
//
//   client side [client] ---- device ========= delay, loss ... ========= [server]    kClientEnd
//   client side [client] ========= delay, loss ... ========= device ---- [server]    kServerEnd
//
// Every function may be called from any thread. Failure: std::runtime_error, std::system_error.

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "harness/network_namespace.hpp"
#include "lab/net/impairment.hpp"
#include "lab/net/rule.hpp"

namespace connfate::lab {

/// Where in the cable the device sits: what it sends to its own end arrives at once.
enum class DeviceAt : std::uint8_t { kClientEnd, kServerEnd };

class Cable {
 public:
  /// The namespace is called <prefix><pid>.
  Cable(std::string_view prefix, DeviceAt device);
  ~Cable();
  Cable(const Cable&) = delete;
  Cable& operator=(const Cable&) = delete;

  /// Makes a veth pair from this cable's end on the side of `side` to `interface` of `host`, up and
  /// without offloads. Frames flow as soon as both ends are plugged in.
  void plug(Direction side, const harness::NetworkNamespace& host, const std::string& interface);

  void set(Direction way, const Impairment& impairment);
  void set(const Impairment& both_ways);

  RuleId add(Rule rule);
  void remove(RuleId rule);
  void clear();  ///< removes every rule
  /// How many segments it matched so far. Stays readable after remove() and clear().
  std::uint64_t matched(RuleId rule) const;
  bool wait_until_matched(RuleId rule, std::chrono::milliseconds limit,
                          std::uint64_t times = 1) const;

  /// Now, on the newest connection of that port. False when there is none, or too little is known.
  bool inject(std::uint16_t client_port, const Forgery& forgery);
  /// What the device knows of the newest connection of that port.
  std::optional<ConnectionFacts> connection(std::uint16_t client_port) const;

  /// Writes every frame at both ends from now on: <stem>.client.pcap and <stem>.server.pcap, with
  /// nanoseconds. What the device dropped is at one end only; what it forged likewise.
  void capture_to(const std::filesystem::path& stem);
  void stop_capture();  ///< the files are complete afterwards

  struct Counters {
    std::uint64_t received = 0, sent = 0;
    std::uint64_t lost = 0, duplicated = 0, reordered = 0;  ///< by impairment
    std::uint64_t dropped = 0, forged = 0;                  ///< by rules
    std::uint64_t refused = 0;                              ///< the kernel would not send it
    std::uint64_t overrun = 0;  ///< arrived faster than they were read: the lab was too slow
  };
  Counters counters(Direction way) const;

  const std::string& namespace_name() const;

 private:
  class Works;
  std::unique_ptr<Works> works_;
};

}  // namespace connfate::lab
