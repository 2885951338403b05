// SPDX-License-Identifier: Apache-2.0
#pragma once

// Provides Cable::Works: what a cable does in its own thread. Frame by frame: received at one end,
// through the device and the line in the order of the direction, sent at the other end.
// Surprising: no lock. Whoever wants something of it has it done in the thread (in_thread()), and
// waits; a rule's own predicate runs there already.

#include <array>
#include <boost/asio/dispatch.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <future>
#include <memory>
#include <optional>
#include <thread>

#include "lab/net/agenda.hpp"
#include "lab/net/cable.hpp"
#include "lab/net/connection_memory.hpp"
#include "lab/net/line.hpp"
#include "lab/net/pcap_file.hpp"
#include "lab/net/rule_book.hpp"
#include "lab/net/wire_end.hpp"

namespace connfate::lab {

class Cable::Works {
 public:
  Works(std::string_view prefix, DeviceAt device);
  ~Works();

  /// Does it in the cable's thread and returns what it returned.
  template <typename Act>
  auto in_thread(Act act) const {
    // Shared: the thread may still be inside it when its result is here.
    const auto task = std::make_shared<std::packaged_task<decltype(act())()>>(std::move(act));
    auto result = task->get_future();
    boost::asio::dispatch(context_, [task] { (*task)(); });
    return result.get();
  }

  // From any thread.
  const harness::NetworkNamespace& home() const { return home_; }
  void start();

  // In the cable's thread only.
  void plug(Direction side, std::unique_ptr<WireEnd> end);
  void set(Direction way, const Impairment& impairment) { line(way).set(impairment); }
  RuleBook& rules() { return rules_; }
  const ConnectionMemory& memory() const { return memory_; }
  using Cause = std::shared_ptr<const Trigger>;
  /// `ends`: any segment of the connection. `cause` may be null.
  void forge_all(const Forgery& forgery, const Segment& ends, const Cause& cause);
  void capture_to(const std::filesystem::path& stem);
  void stop_capture();
  Counters counters(Direction way);

 private:
  /// What is where frames leave that go that way.
  struct Side {
    std::unique_ptr<WireEnd> end;
    std::optional<boost::asio::posix::stream_descriptor> readable;
    std::optional<PcapFile> capture;
    Line line;                   ///< the way to this side
    std::uint64_t in_order = 0;  ///< frames on the line
    Counters counters;
  };

  Side& side(Direction way) { return sides_[index_of(way)]; }
  Line& line(Direction way) { return side(way).line; }
  bool device_comes_first(Direction way) const { return way != near_; }
  void wait_for_frames(Direction from);
  void receive_some(Direction from);
  void enter_device(Direction way, Frame frame);
  void leave_device(Direction way, const std::optional<Segment>& segment, Frame frame);
  void enter_line(Direction way, std::uint16_t client_port, Frame frame);
  void leave_line(Direction way, Frame frame);
  void transmit(Direction way, FrameView frame);
  void emit(const Forgery& forgery, const Segment& ends, const Cause& cause, int nth);

  harness::NetworkNamespace home_;
  Direction near_;  ///< the way to the side next to which the device sits
  mutable boost::asio::io_context context_{1};
  boost::asio::executor_work_guard<boost::asio::io_context::executor_type> open_;
  Agenda agenda_{context_};
  RuleBook rules_;
  ConnectionMemory memory_;
  std::array<Side, 2> sides_;
  std::thread thread_;
};

}  // namespace connfate::lab
