// SPDX-License-Identifier: Apache-2.0
#include "cli/live/trouble.hpp"

#include <cerrno>

#include "connfate/rules.hpp"

namespace connfate::cli {
namespace {

using std::chrono::milliseconds;
using witness::SocketRecord;

/// Our FIN counts as a byte of the queue while it is not acknowledged.
bool has_fin_under_way(TcpState state) noexcept {
  return state == TcpState::kFinWait1 || state == TcpState::kClosing || state == TcpState::kLastAck;
}

Bytes unacked_data(const SocketRecord& record) noexcept {
  return record.unacked - Bytes{has_fin_under_way(record.state) ? 1U : 0U};
}

/// The client's data came after what was last sent: a request that has had no answer yet. Ages in
/// jiffies; where they are equal nobody knows.
bool has_open_request(const SocketRecord& record) noexcept {
  const TcpSnapshot& s = *record.snapshot;
  if (s.bytes_received.value_or(Bytes{}) <= Bytes{1}) return false;
  return s.last_data_recv < s.last_data_sent || s.bytes_sent == Bytes{};
}

Evidence evidence_of(const SocketRecord& record) noexcept {
  Evidence e;
  e.snapshot = record.snapshot;
  e.snapshot->state = record.state;
  e.output_queue = record.unacked;
  if (record.snapshot->bytes_acked) {
    e.end = *record.snapshot->bytes_acked + unacked_data(record);
  }
  e.view.response_started = true;
  return e;
}

bool is_stuck(const Findings& f) noexcept {
  return f.window_closed || f.retransmitting || f.probing_unanswered || f.held_back_here;
}

Provisional verdict_on(const Evidence& evidence) noexcept {
  const Verdict verdict = classify(evidence);
  return {verdict.fate, verdict.by, verdict.rule->id};
}

std::optional<Provisional> suppose_end(const LiveSocket& socket, const Findings& findings) {
  const SocketRecord& record = socket.record;
  Evidence e = evidence_of(record);
  const bool is_finished_by_kernel = !socket.has_owner || has_sent_fin(record.state);
  if (is_stuck(findings)) {
    e.view.complete = is_finished_by_kernel;
    e.view.timed_out = !is_finished_by_kernel;
    if (is_finished_by_kernel) e.error = SocketError{ETIMEDOUT, Operation::kWrite};
    return verdict_on(e);
  }
  if (unacked_data(record) > Bytes{}) {
    e.view.complete = true;
    return verdict_on(e);
  }
  if (record.state != TcpState::kCloseWait || !has_open_request(record)) return std::nullopt;
  e.view.peer_closed = true;
  return verdict_on(e);
}

std::vector<TroubleKind> kinds_of(const LiveSocket& socket, const Findings& f, bool is_old) {
  const bool waits = unacked_data(socket.record) > Bytes{};
  std::vector<TroubleKind> kinds;
  if (waits && f.retransmitting) kinds.push_back(TroubleKind::kRetransmitting);
  if (waits && f.probing_unanswered) {
    kinds.push_back(TroubleKind::kProbingUnanswered);
  } else if (f.window_closed) {
    kinds.push_back(TroubleKind::kZeroWindow);
  }
  if (f.held_back_here && is_old) kinds.push_back(TroubleKind::kHeldBack);
  if (kinds.empty() && waits && is_old) kinds.push_back(TroubleKind::kUnacked);
  if (socket.record.state == TcpState::kCloseWait && is_old) {
    kinds.push_back(TroubleKind::kHalfClosed);
  }
  if (!socket.has_owner && waits && !kinds.empty()) kinds.push_back(TroubleKind::kOrphaned);
  return kinds;
}

}  // namespace

std::string_view to_token(TroubleKind kind) noexcept {
  switch (kind) {
    case TroubleKind::kRetransmitting: return "retransmitting";
    case TroubleKind::kProbingUnanswered: return "probing_unanswered";
    case TroubleKind::kZeroWindow: return "zero_window";
    case TroubleKind::kHeldBack: return "held_back_here";
    case TroubleKind::kUnacked: return "unacked";
    case TroubleKind::kHalfClosed: return "half_closed";
    case TroubleKind::kOrphaned: return "orphaned";
  }
  return "-";
}

std::optional<Trouble> assess(const LiveSocket& socket, milliseconds older) {
  const SocketRecord& record = socket.record;
  if (!record.snapshot) return std::nullopt;
  const TcpSnapshot& s = *record.snapshot;
  const Findings findings = derive(evidence_of(record));
  const bool is_old = s.silence() >= older && s.last_data_sent >= older;
  std::vector<TroubleKind> kinds = kinds_of(socket, findings, is_old);
  if (kinds.empty()) return std::nullopt;
  return Trouble{std::move(kinds), suppose_end(socket, findings), unacked_data(record)};
}

}  // namespace connfate::cli
