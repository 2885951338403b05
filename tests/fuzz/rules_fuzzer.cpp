// SPDX-License-Identifier: Apache-2.0
// Any evidence: also what no kernel and no server would say.
#include <array>
#include <cerrno>

#include "connfate/response_range.hpp"
#include "connfate/rules.hpp"
#include "fuzz/fuzz_target.hpp"

namespace connfate::fuzz {
namespace {

constexpr std::array kErrnos{0,           EAGAIN,       ECONNRESET,   EPIPE,
                             ETIMEDOUT,   EHOSTUNREACH, ECONNREFUSED, ECONNABORTED,
                             ENETUNREACH, 100000};

template <typename T>
std::optional<T> maybe(FuzzInput& in, T value) noexcept {
  return in.flag() ? std::optional<T>(value) : std::nullopt;
}

std::optional<Bytes> maybe_bytes(FuzzInput& in) noexcept {
  return maybe(in, Bytes{in.take<std::uint16_t>()});
}

template <typename Duration>
Duration duration(FuzzInput& in) noexcept {
  return Duration(in.take<std::uint32_t>());
}

TcpSnapshot snapshot_from(FuzzInput& in) noexcept {
  using Us = TcpSnapshot::Microseconds;
  using Ms = TcpSnapshot::Milliseconds;
  TcpSnapshot s;
  s.state = static_cast<TcpState>(in.take<std::uint8_t>() % 14);
  s.retransmits = in.take<std::uint8_t>() % 4;
  s.probes = in.take<std::uint8_t>() % 4;
  s.backoff = in.take<std::uint8_t>() % 4;
  s.rto = duration<Us>(in);
  s.unacked = {in.take<std::uint8_t>() % 4U};
  s.snd_mss = {1448};
  s.last_data_sent = duration<Ms>(in);
  s.bytes_acked = maybe_bytes(in);
  s.bytes_received = maybe_bytes(in);
  s.notsent = maybe_bytes(in);
  s.bytes_sent = maybe_bytes(in);
  s.bytes_retrans = maybe_bytes(in);
  s.snd_wnd = maybe_bytes(in);
  s.total_rto_time = maybe(in, duration<Ms>(in));
  return s;
}

ServerView view_from(FuzzInput& in) noexcept {
  ServerView v;
  v.transport = static_cast<Transport>(in.take<std::uint8_t>() % 3);
  for (bool* flag : {&v.ended, &v.request_received, &v.response_started, &v.complete,
                     &v.request_timed_out, &v.timed_out, &v.peer_closed, &v.fin_seen,
                     &v.write_shut_down, &v.tunnel, &v.shared_stream, &v.stream_reset}) {
    *flag = in.flag();
  }
  v.bytes_taken = maybe_bytes(in);
  return v;
}

Evidence evidence_from(FuzzInput& in) noexcept {
  Evidence e;
  e.view = view_from(in);
  e.snapshot = maybe(in, snapshot_from(in));
  const int code = kErrnos[in.take<std::uint8_t>() % kErrnos.size()];
  if (code != 0) e.error = SocketError{code, Operation::kWrite};
  e.output_queue = maybe_bytes(in);
  if (e.snapshot) e.end = write_offset(*e.snapshot, e.output_queue, e.view.write_shut_down);
  if (e.end && in.flag()) e.start = Bytes{e.end->value / 2};
  e.busy = duration<TcpSnapshot::Microseconds>(in);
  e.rwnd_limited = duration<TcpSnapshot::Microseconds>(in);
  e.view.reset_here = in.flag();
  e.view.goodbye_seen = in.flag();
  return e;
}

/// Without the last condition the counters may be those of a connection that a RST has emptied.
bool nothing_in_flight(const TcpSnapshot& s) noexcept {
  return s.unacked == Segments{} && s.notsent == Bytes{} && s.bytes_acked && s.bytes_sent &&
         s.bytes_retrans && *s.bytes_acked + *s.bytes_retrans >= *s.bytes_sent;
}

bool nothing_unacked(const Evidence& e) noexcept {
  const TcpSnapshot& s = *e.snapshot;
  if (s.bytes_acked && e.end) return *s.bytes_acked >= *e.end;
  return s.is_live() && (e.output_queue == Bytes{} || nothing_in_flight(s));
}

/// What docs and users rely on, whatever the evidence.
void require_invariants(const Evidence& e, const Verdict& v) noexcept {
  const bool dead = e.error && kind_of(e.error->code) != ErrorKind::kNone;
  require(v.rule != nullptr && v.rule->id != "no-rule", "every evidence has a rule");
  require(v.fate == v.rule->fate, "the rule's fate is the verdict's");
  require(v.by == usual_by(v.fate), "by is the one that the fate allows at log time");
  require(v.by != By::kPath, "no path at log time: that needs packets");
  if (e.view.transport != Transport::kTcp || !e.snapshot) {
    require(v.fate == Fate::kUnknown, "nothing to look at is unknown");
    return;
  }
  if (v.fate == Fate::kDelivered) {
    require(e.view.complete || e.view.tunnel, "delivered was handed over completely");
    require(nothing_unacked(e), "delivered has nothing unacknowledged");
  }
  if (v.fate == Fate::kPending) {
    require(e.view.complete && !dead && !nothing_unacked(e), "pending: alive, complete, unacked");
  }
  if (v.fate == Fate::kStreamReset) require(!dead, "a stream reset leaves the connection alive");
}

}  // namespace
}  // namespace connfate::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace connfate;
  fuzz::FuzzInput input(data, size);
  const Evidence evidence = fuzz::evidence_from(input);
  const Verdict verdict = classify(evidence);
  fuzz::require_invariants(evidence, verdict);
  fuzz::require(classify(evidence).rule == verdict.rule, "the same evidence, the same verdict");
  return 0;
}
