// SPDX-License-Identifier: Apache-2.0
#include "lab/net/cable_works.hpp"

#include <fcntl.h>
#include <pthread.h>

#include <boost/asio/post.hpp>
#include <csignal>

namespace connfate::lab {
namespace {

using std::chrono::steady_clock;

constexpr std::size_t kLongestFrame = 65536 + 14;
/// Frames read at one go before timers and the other end get their turn.
constexpr int kBurst = 32;

std::string_view remove_stale_then(std::string_view prefix) {
  harness::remove_stale_namespaces(prefix);
  return prefix;
}

/// Signals are for the threads of the test.
void block_signals() {
  sigset_t all;
  sigfillset(&all);
  pthread_sigmask(SIG_BLOCK, &all, nullptr);
}

std::filesystem::path with_end(std::filesystem::path stem, std::string_view end) {
  stem += end;
  return stem;
}

}  // namespace

Cable::Works::Works(std::string_view prefix, DeviceAt device)
    : home_(remove_stale_then(prefix)),
      near_(device == DeviceAt::kClientEnd ? Direction::kToClient : Direction::kToServer),
      open_(boost::asio::make_work_guard(context_)) {
  home_.sysctl("net/ipv6/conf/all/disable_ipv6", "1");
  home_.sysctl("net/ipv6/conf/default/disable_ipv6", "1");
}

Cable::Works::~Works() {
  context_.stop();
  if (thread_.joinable()) thread_.join();
}

void Cable::Works::start() {
  thread_ = std::thread([this] {
    block_signals();
    context_.run();
  });
}

void Cable::Works::plug(Direction where, std::unique_ptr<WireEnd> end) {
  Side& here = side(where);
  here.end = std::move(end);
  here.readable.emplace(context_, fcntl(here.end->fd(), F_DUPFD_CLOEXEC, 0));
  wait_for_frames(where);
}

void Cable::Works::wait_for_frames(Direction from) {
  side(from).readable->async_wait(boost::asio::posix::stream_descriptor::wait_read,
                                  [this, from](const boost::system::error_code& error) {
                                    if (!error) receive_some(from);
                                  });
}

void Cable::Works::receive_some(Direction from) {
  static thread_local std::array<std::uint8_t, kLongestFrame> buffer;
  const Direction way = opposite(from);
  Side& here = side(from);
  for (int i = 0; i < kBurst; ++i) {
    const auto frame = here.end->receive(buffer);
    if (!frame) return wait_for_frames(from);
    ++side(way).counters.received;
    if (here.capture) here.capture->write(*frame);
    Frame copy(frame->begin(), frame->end());
    if (device_comes_first(way)) {
      enter_device(way, std::move(copy));
    } else {
      const auto segment = parse_segment(copy, way);
      enter_line(way, segment ? segment->client.port : std::uint16_t{0}, std::move(copy));
    }
  }
  boost::asio::post(context_, [this, from] { receive_some(from); });
}

void Cable::Works::enter_device(Direction way, Frame frame) {
  const auto segment = parse_segment(frame, way);
  if (!segment) return leave_device(way, segment, std::move(frame));
  const auto now = steady_clock::now();
  ConnectionFacts& connection = memory_.connection_of(*segment, now);
  const Treatment treatment = rules_.apply(*segment, connection);
  ConnectionMemory::note(connection, *segment, now);
  Cause cause;
  if (!treatment.forgeries.empty()) cause = std::make_shared<Trigger>(*segment, frame);
  if (treatment.drop) {
    ++side(way).counters.dropped;
  } else if (treatment.hold.count() == 0) {
    leave_device(way, segment, std::move(frame));
  } else {
    agenda_.at(now + treatment.hold, [this, way, segment, held = std::move(frame)]() mutable {
      leave_device(way, segment, std::move(held));
    });
  }
  for (const Forgery& forgery : treatment.forgeries) forge_all(forgery, *segment, cause);
}

void Cable::Works::leave_device(Direction way, const std::optional<Segment>& segment, Frame frame) {
  if (segment) memory_.note_passed(*segment);
  if (!device_comes_first(way)) return transmit(way, frame);
  enter_line(way, segment ? segment->client.port : std::uint16_t{0}, std::move(frame));
}

void Cable::Works::enter_line(Direction way, std::uint16_t client_port, Frame frame) {
  const auto now = steady_clock::now();
  const Line::Arrivals arrivals = line(way).carry(client_port, now);
  if (arrivals.size() == 1 && arrivals[0] <= now && side(way).in_order == 0) {
    return leave_line(way, std::move(frame));
  }
  for (const auto arrival : arrivals) {
    ++side(way).in_order;
    agenda_.at(arrival, [this, way, copy = frame]() mutable {
      --side(way).in_order;
      leave_line(way, std::move(copy));
    });
  }
}

void Cable::Works::leave_line(Direction way, Frame frame) {
  if (device_comes_first(way)) {
    transmit(way, frame);
  } else {
    enter_device(way, std::move(frame));
  }
}

void Cable::Works::transmit(Direction way, FrameView frame) {
  Side& there = side(way);
  if (there.end == nullptr || !there.end->send(frame)) {
    ++there.counters.refused;
    return;
  }
  ++there.counters.sent;
  if (there.capture) there.capture->write(frame);
}

void Cable::Works::forge_all(const Forgery& forgery, const Segment& ends, const Cause& cause) {
  for (int nth = 0; nth < forgery.count; ++nth) {
    const auto later = forgery.delay + nth * forgery.spacing;
    if (later.count() == 0) {
      emit(forgery, ends, cause, nth);
    } else {
      agenda_.at(steady_clock::now() + later,
                 [this, forgery, ends, cause, nth] { emit(forgery, ends, cause, nth); });
    }
  }
}

void Cable::Works::emit(const Forgery& forgery, const Segment& ends, const Cause& cause, int nth) {
  const ConnectionFacts* connection = memory_.find(ends);
  if (connection == nullptr) return;
  auto forged = forge(forgery, *connection, cause.get(), nth);
  if (!forged) return;
  ++side(forged->toward).counters.forged;
  if (device_comes_first(forged->toward)) {
    enter_line(forged->toward, 0, std::move(forged->frame));
  } else {
    transmit(forged->toward, forged->frame);
  }
}

void Cable::Works::capture_to(const std::filesystem::path& stem) {
  side(Direction::kToClient).capture.emplace(with_end(stem, ".client.pcap"));
  side(Direction::kToServer).capture.emplace(with_end(stem, ".server.pcap"));
}

void Cable::Works::stop_capture() {
  for (Side& one : sides_) one.capture.reset();
}

Cable::Counters Cable::Works::counters(Direction way) {
  Counters& kept = side(way).counters;
  if (side(opposite(way)).end) kept.overrun += side(opposite(way)).end->take_overruns();
  const Line::Counts& lost = line(way).counts();
  kept.lost = lost.lost;
  kept.duplicated = lost.duplicated;
  kept.reordered = lost.reordered;
  return kept;
}

}  // namespace connfate::lab
