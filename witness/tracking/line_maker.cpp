// SPDX-License-Identifier: Apache-2.0
#include "witness/tracking/line_maker.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "connfate/response_range.hpp"
#include "witness/silence/silence.hpp"
#include "witness/silence/waiting_client.hpp"
#include "witness/tracking/host_facts.hpp"
#include "witness/tracking/line_evidence.hpp"
#include "witness/tracking/line_figures.hpp"
#include "witness/tracking/own_host_line.hpp"
#include "witness/verdict/connection_verdict.hpp"
#include "witness/verdict/final_verdict.hpp"

namespace connfate::witness {
namespace {

Standing standing_of(const Known& known) noexcept {
  if (!known.ended) return Standing::kLive;
  return known.socket->is_wiped() ? Standing::kWiped : Standing::kEnded;
}

CaptureHealth health_of(const Known& known, const WireFacts& wire) noexcept {
  if (!known.capture_runs) return CaptureHealth::kOff;
  const bool complete = wire.complete_from_start && known.wire.lost == 0;
  return complete ? CaptureHealth::kComplete : CaptureHealth::kPartial;
}

FinalEvidence evidence_of(const Known& known, const Subject& subject, const WireFacts& wire) {
  FinalEvidence e;
  e.subject = subject;
  e.standing = standing_of(known);
  e.socket = known.socket;
  e.wire = wire;
  e.capture_runs = known.capture_runs;
  e.capture_complete = health_of(known, wire) == CaptureHealth::kComplete;
  e.destroyed_at = known.ended_at;
  e.own = own_host_of(known, subject, host_facts(known));
  return e;
}

Attribution attribute(const FinalLine& line, const Known& known, const Subject& subject,
                      std::optional<Bytes> acked, Aggregates& aggregates) {
  const HostFacts host = host_facts(known);
  const bool has_counters = known.socket != nullptr && known.socket->snapshot && subject.end;
  Silence silence;
  if (has_counters) {
    silence = {.start = subject.start.value_or(Bytes{}),
               .end = *subject.end,
               .acked = acked.value_or(Bytes{}),
               .snapshot = *known.socket->snapshot,
               .ended_at = known.ended_at,
               .taken_at = known.taken_at,
               .output_excluded = is_output_excluded(*known.socket, subject)};
  }
  const bool dropped = has_counters && may_have_dropped(aggregates.queues, silence);
  if (dropped) silence.output_excluded = false;
  if (is_silence(line.fate) && has_counters) {
    Attribution result = attribute_silence(*known.wire.history, host, silence, known.capture_runs);
    if (dropped && !result.refused_on_path) add_queue_drops(result);
    if (known.ended_at) {
      add_shared_silence(aggregates.silences, line.flow.remote, *known.ended_at, result);
    }
    return result;
  }
  if (!known.capture_runs) return {};
  Attribution result = attribute_rst(*known.wire.history, host, &aggregates.resets);
  if (!has_counters) return result;
  const Confidence of_the_reset = result.confidence;
  add_wait_in_vain(result, *known.wire.history, host, silence);
  if (dropped && result.path_proven_alive) {
    add_queue_drops(result);
    result.confidence = of_the_reset;
  }
  return result;
}

/// What this host knows by itself: the order of events at its own boundary.
bool is_own_fact(const FinalLine& line) noexcept {
  switch (line.fate) {
    case Fate::kDelivered:
    case Fate::kClientAbort:
    case Fate::kBrokenPipe:
    case Fate::kClientStalled:
    case Fate::kStreamReset:
    case Fate::kNoRequest: return true;
    case Fate::kBlockedHere:
      return line.first == Fate::kBlockedHere;  // by this host's own counters
    case Fate::kUnreachable: return false;      // who is to blame has its own weight
    case Fate::kPending:
    case Fate::kRstReceived:
    case Fate::kAckTimeout:
    case Fate::kAckStalled:
    case Fate::kServerTimeout:
    case Fate::kServerAbort:
    case Fate::kRequestTimeout:
    case Fate::kUnknown: return line.by == By::kServer;
  }
  return false;
}

void add_strangers(FinalLine& line, const Known& known) {
  const std::size_t strangers = known.wire.history->strangers();
  if (strangers == 0) return;
  line.evidence.push_back(fmt::format(
      "{} packets with this connection's addresses are left out: their numbers are not its own",
      strangers));
}

void add_attribution(FinalLine& line, Attribution attribution) {
  line.rst_from = attribution.rst_from;
  line.by = attributed_by(line.fate, line.by, attribution);
  line.confidence = attribution.confidence;
  const bool own_fact = is_own_fact(line) && !attribution.path_proven_alive;
  if (own_fact && line.final && !line.rst_from) line.confidence = Confidence::kProven;
  std::move(attribution.evidence.begin(), attribution.evidence.end(),
            std::back_inserter(line.evidence));
  line.evidence_rules.assign(attribution.rules.begin(), attribution.rules.end());
}

/// `rule`: of a verdict that none of the final rules made, or that only lets the first one stand.
void set_verdict(FinalLine& line, const FinalVerdict& verdict, std::string_view rule) {
  line.fate = verdict.fate;
  line.by = verdict.by;
  line.close = verdict.close;
  line.rule = verdict.rule != nullptr && verdict.rule->fate ? verdict.rule->id : rule;
}

/// `as_logged`: the rule of the log-time fate, where that stands.
void add_judgement(FinalLine& line, const Known& known, const FinalEvidence& evidence,
                   std::string_view as_logged, Aggregates& aggregates) {
  const FinalVerdict verdict = judge(evidence);
  const auto acked = derive(evidence).acked;
  set_verdict(line, verdict, as_logged);
  if (evidence.own.refused != Bytes{}) line.refused = evidence.own.refused;
  if (names_this_host(verdict) || is_blamed_here(line)) {
    add_figures(line, known, evidence.subject, acked);
    add_attribution(line, attribution_of(evidence.own));
    return;
  }
  Attribution attribution = attribute(line, known, evidence.subject, acked, aggregates);
  add_own_host(attribution, evidence.own, line.fate);
  const FinalVerdict redressed = redress(verdict, evidence, attribution);
  const bool by_reset = redressed.fate == Fate::kDelivered && verdict.fate != Fate::kDelivered;
  if (by_reset) line.fate = Fate::kDelivered;
  add_figures(line, known, evidence.subject, by_reset ? evidence.wire.rst_acked : acked);
  set_verdict(line, redressed, as_logged);
  add_attribution(line, std::move(attribution));
  add_wait_evidence(line, known.socket);
}

FinalLine begin_line(const TrackedConnection& connection, const Known& known,
                     const WireFacts& wire) {
  FinalLine line;
  line.flow = connection.flow;
  line.cookie = connection.cookie;
  line.ttl = known.ttl;
  line.final = known.reason.empty();
  line.reason = known.reason;
  line.capture = health_of(known, wire);
  line.capture_lost = known.wire.lost;
  return line;
}

void add_request(FinalLine& line, const WaitingResponse& response) {
  using R = WaitingResponse;
  line.time = std::chrono::sys_time<std::chrono::microseconds>(
      std::chrono::microseconds(response.logged_at_us));
  line.server = response.text(R::kServer);
  line.method = response.text(R::kMethod);
  line.uri = response.text(R::kUri);
  line.host = response.text(R::kHost);
  line.request_id = response.text(R::kRequestId);
  line.status = response.status;
  if (response.has_duration) line.duration = std::chrono::milliseconds(response.duration_ms);
  line.first = response.fate;
  if (response.phase != Phase::kUnknown) line.phase = response.phase;
  line.retrans = Segments{response.retrans};
}

Subject subject_of(const WaitingResponse& r) {
  Subject s;
  s.first = r.fate;
  s.first_by = r.by;
  s.first_close = r.close;
  s.complete = r.phase == Phase::kDrained;
  s.stream_window_closed = r.rests_on_stream_window();
  s.fin_seen = r.fin_seen;
  if (r.has_start) s.start = r.start;
  if (r.has_end) s.end = r.end;
  s.acked = r.acked;
  if (r.has_taken) s.bytes_taken = r.bytes_taken;
  s.refused_before = Bytes{r.refused_before};
  return s;
}

/// Whoever may write to the witness's socket can report of a socket that never was: of what it said
/// the line has the request, to be found by, and no fact about a connection.
void set_claim(FinalLine& line, const Subject& subject) {
  FinalEvidence evidence;
  evidence.subject = subject;
  evidence.standing = Standing::kNotFound;
  FinalVerdict verdict = judge(evidence);
  verdict.close = Close::kUnknown;
  set_verdict(line, verdict, "");
  line.is_claim = true;
  line.start = subject.start;
  line.end = subject.end;
  line.ttl.reset();
  line.phase.reset();
  line.retrans.reset();
}

/// All that the connection sent, for one of which no response is known.
Subject whole_connection(const Known& known) {
  Subject s;
  if (known.socket == nullptr || !known.socket->snapshot || known.socket->is_wiped()) return s;
  s.start = Bytes{};
  s.acked = known.socket->snapshot->bytes_acked;
  s.end = write_offset(*known.socket->snapshot, known.socket->unacked, false);
  return s;
}

}  // namespace

FinalLine response_line(const TrackedConnection& connection, const WaitingResponse& response,
                        const Known& all, Aggregates& aggregates) {
  const Known known = admissible(all);
  const WireFacts wire = known.wire.history->facts(host_facts(known));
  const Subject subject = subject_of(response);
  FinalLine line = begin_line(connection, known, wire);
  add_request(line, response);
  if (known.reason == "no_such_socket") {
    set_claim(line, subject);
    return line;
  }
  if (known.socket == nullptr) {  // nothing more became known
    set_verdict(line, {response.fate, response.by, response.close}, response.rule_id());
    add_figures(line, known, subject, subject.acked);
  } else {
    const FinalEvidence evidence = evidence_of(known, subject, wire);
    add_judgement(line, known, evidence, response.rule_id(), aggregates);
  }
  add_strangers(line, known);
  line.benign = line.final && lost_nothing(line, known.socket);
  return line;
}

FinalLine connection_line(const TrackedConnection& connection, const Known& all, bool has_module,
                          Aggregates& aggregates) {
  const Known known = admissible(all);
  const WireFacts wire = known.wire.history->facts(host_facts(known));
  const Subject subject = whole_connection(known);
  const FinalEvidence evidence = evidence_of(known, subject, wire);
  FinalLine line = begin_line(connection, known, wire);
  line.about = FinalLine::About::kConnection;
  line.ended_at = known.ended_at.value_or(Instant{});
  const bool without_request = has_module || subject.end.value_or(Bytes{}) == Bytes{};
  if (without_request) {
    const ConnectionVerdict verdict = judge_connection(evidence);
    set_verdict(line, {verdict.fate, verdict.by, verdict.close}, verdict.rule->id);
    line.phase = Phase::kRequest;
    const auto acked = derive(evidence).acked;
    add_figures(line, known, subject, acked);
    const bool own = verdict.fate == Fate::kBlockedHere;
    add_attribution(line, own ? attribution_of(evidence.own)
                              : attribute(line, known, subject, acked, aggregates));
  } else {
    add_judgement(line, known, evidence, "", aggregates);
  }
  add_strangers(line, known);
  line.benign = lost_nothing(line, known.socket);
  return line;
}

}  // namespace connfate::witness
