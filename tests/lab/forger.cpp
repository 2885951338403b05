// SPDX-License-Identifier: Apache-2.0
#include "lab/forger.hpp"

#include <chrono>

namespace connfate::lab {
namespace {

/// Some dozens in a story: more than the witness keeps of a connection.
constexpr std::chrono::milliseconds kPause{120};

}  // namespace

Forger::Forger(Player& player) : player_(player) {
  thread_ = std::thread([this] {
    while (!over_) {
      if (player_.network().lan().inject(player_.client_port(), next())) ++sent_;
      std::this_thread::sleep_for(kPause);
    }
  });
}

Forger::~Forger() {
  stop();
}

std::uint64_t Forger::stop() {
  over_ = true;
  if (thread_.joinable()) thread_.join();
  return sent_;
}

/// Numbers from anywhere but the connection's neighbourhood: he would have to send millions to meet
/// that.
Forgery Forger::next() {
  constexpr ForgedKind kKinds[] = {ForgedKind::kAck, ForgedKind::kRst, ForgedKind::kRstAck,
                                   ForgedKind::kFin, ForgedKind::kSyn, ForgedKind::kIcmp};
  std::uniform_int_distribution<std::int64_t> far(
      std::int64_t{1} << 26, (std::int64_t{1} << 32) - (std::int64_t{1} << 26));
  Forgery forgery{.kind = kKinds[turn_++ % std::size(kKinds)]};
  forgery.sequence_offset = far(random_);
  forgery.ack_offset = far(random_);
  forgery.ip_id_value = static_cast<std::uint16_t>(random_());
  forgery.window_value = 500;
  if (forgery.kind == ForgedKind::kAck) forgery.payload = "GET / HTTP/1.1\r\n\r\n";
  forgery.icmp_code = 13;
  forgery.icmp_from = player_.ipv6() ? kAddress6 : kAddress;
  return forgery;
}

}  // namespace connfate::lab
