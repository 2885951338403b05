// SPDX-License-Identifier: Apache-2.0
#pragma once

// Provides Observations for the tests of text: the fullest one, and random ones from a fixed seed.

#include <cerrno>
#include <limits>
#include <random>
#include <string>

#include "connfate/host_identity.hpp"
#include "connfate/observation.hpp"

namespace connfate::fixture {

/// The longest rule id and errno, and every number at its maximum.
inline Observation fullest_observation() {
  static constexpr Rule kLongest{"backoff-reverted-then-timeout", Fate::kRequestTimeout, "",
                                 nullptr};
  constexpr Bytes kBytes{std::numeric_limits<std::uint64_t>::max()};
  constexpr Segments kSegments{std::numeric_limits<std::uint32_t>::max()};
  constexpr auto kTime = TcpSnapshot::Microseconds::max();
  constexpr auto kAge = TcpSnapshot::Milliseconds(std::numeric_limits<std::uint32_t>::max());
  TcpSnapshot s;
  s.state = TcpState::kEstablished;
  s.backoff = 255;
  s.rtt = s.rttvar = kTime;
  s.cwnd = kSegments;
  s.last_data_recv = s.last_ack_recv = kAge;
  s.min_rtt = kTime;
  s.delivery_rate = kBytes.value;
  s.snd_wnd = kBytes;
  Observation o;
  o.verdict = {Fate::kRequestTimeout, By::kUnknown, Phase::kRequest, Close::kTimeout, &kLongest};
  o.evidence.snapshot = s;
  o.evidence.view.reset_code = 0xc;  // the longest name
  o.evidence.error = SocketError{EPROTONOSUPPORT, Operation::kWrite};
  o.evidence.refused = o.evidence.start = o.evidence.end = o.written = o.acked = o.unacked =
      o.notsent = kBytes;
  o.retrans = kSegments;
  o.rwnd_limited = o.sndbuf_limited = o.busy = kTime;
  o.cookie = kBytes.value;
  o.ttl = 255;
  static const HostIdentity kHost = [] {
    HostIdentity host = HostIdentity::read();
    host.rename(std::string(kNodeSize, 'n'));
    return host;
  }();
  o.host = &kHost;
  return o;
}

/// A small response that has just been handed to the kernel.
inline Observation healthy_observation() {
  static constexpr Rule kInFlight{"in-flight", Fate::kPending, "", nullptr};
  TcpSnapshot s;
  s.state = TcpState::kEstablished;
  s.rtt = TcpSnapshot::Microseconds{25};
  Observation o;
  o.verdict = {Fate::kPending, By::kNobody, Phase::kDrained, Close::kOpen, &kInFlight};
  o.evidence.snapshot = s;
  o.written = o.evidence.end = Bytes{438};
  o.retrans = Segments{};
  o.cookie = 0xb06b;
  return o;
}

class RandomObservations {
 public:
  Observation next() {
    Observation o = fullest_observation();
    o.verdict.fate = static_cast<Fate>(random_() % kFateCount);
    o.verdict.close = static_cast<Close>(random_() % 7);
    o.verdict.phase = static_cast<Phase>(random_() % 5);
    if (coin()) o.evidence.snapshot.reset();
    if (coin()) o.evidence.error.reset();
    if (coin()) o.verdict.rule = nullptr;
    for (auto* bytes : {&o.evidence.start, &o.evidence.end, &o.written, &o.acked, &o.unacked}) {
      vary(*bytes);
    }
    if (coin()) o.retrans.reset();
    if (coin()) o.busy = TcpSnapshot::Microseconds(random_() >> 40);
    if (coin()) o.cookie = random_();
    return o;
  }

 private:
  bool coin() { return random_() % 2 == 0; }
  void vary(std::optional<Bytes>& bytes) {
    bytes = Bytes{random_() >> (random_() % 64)};
    if (coin()) bytes.reset();
  }

  std::mt19937_64 random_{20260101};  // the same every time
};

}  // namespace connfate::fixture
