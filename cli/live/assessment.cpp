// SPDX-License-Identifier: Apache-2.0
#include "cli/live/assessment.hpp"

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

std::vector<Symptom> symptoms_of(const LiveSocket& socket, const Findings& f, bool is_old) {
  const bool waits = unacked_data(socket.record) > Bytes{};
  std::vector<Symptom> symptoms;
  if (waits && f.retransmitting) symptoms.push_back(Symptom::kRetransmitting);
  if (waits && f.probing_unanswered) {
    symptoms.push_back(Symptom::kProbingUnanswered);
  } else if (f.window_closed) {
    symptoms.push_back(Symptom::kZeroWindow);
  }
  if (f.held_back_here && is_old) symptoms.push_back(Symptom::kHeldBack);
  if (symptoms.empty() && waits && is_old) symptoms.push_back(Symptom::kUnacked);
  if (socket.record.state == TcpState::kCloseWait && is_old) {
    symptoms.push_back(Symptom::kHalfClosed);
  }
  if (!socket.has_owner && waits && !symptoms.empty()) symptoms.push_back(Symptom::kOrphaned);
  return symptoms;
}

}  // namespace

std::string_view to_token(Symptom symptom) noexcept {
  switch (symptom) {
    case Symptom::kRetransmitting: return "retransmitting";
    case Symptom::kProbingUnanswered: return "probing_unanswered";
    case Symptom::kZeroWindow: return "zero_window";
    case Symptom::kHeldBack: return "held_back_here";
    case Symptom::kUnacked: return "unacked";
    case Symptom::kHalfClosed: return "half_closed";
    case Symptom::kOrphaned: return "orphaned";
  }
  return "-";
}

std::optional<Assessment> assess(const LiveSocket& socket, milliseconds older) {
  const SocketRecord& record = socket.record;
  if (!record.snapshot) return std::nullopt;
  const TcpSnapshot& s = *record.snapshot;
  const Findings findings = derive(evidence_of(record));
  const bool is_old = s.silence() >= older && s.last_data_sent >= older;
  std::vector<Symptom> symptoms = symptoms_of(socket, findings, is_old);
  if (symptoms.empty()) return std::nullopt;
  return Assessment{std::move(symptoms), suppose_end(socket, findings), unacked_data(record)};
}

}  // namespace connfate::cli
