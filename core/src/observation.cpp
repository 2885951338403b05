// SPDX-License-Identifier: Apache-2.0
#include "connfate/observation.hpp"

#include <algorithm>

#include "connfate/refused.hpp"
#include "connfate/response_range.hpp"

namespace connfate {
namespace {

using Microseconds = TcpSnapshot::Microseconds;

std::optional<Microseconds> since(std::optional<Microseconds> now, Microseconds before) noexcept {
  if (!now) return std::nullopt;
  return std::max(*now - before, Microseconds{});
}

bool has_retransmitted(const Connection& connection) noexcept {
  return connection.baseline && connection.baseline->total_retrans > Segments{};
}

/// The queue is read before the snapshot: an acknowledgement that comes between the two then makes
/// the write offset too large, which the snapshot's own counters correct, and never too small.
/// Where only the snapshot tells that the queue is needed, it is taken again; from then on the
/// baseline knows.
void read_socket(int fd, const Connection& connection, const Syscalls& calls,
                 Evidence& e) noexcept {
  if (has_retransmitted(connection)) e.output_queue = read_output_queue(fd, calls);
  e.snapshot = read_tcp_snapshot(fd, calls);
  if (!e.snapshot || e.output_queue || !needs_output_queue(*e.snapshot)) return;
  e.output_queue = read_output_queue(fd, calls);
  if (e.output_queue && e.snapshot->is_live()) e.snapshot = read_tcp_snapshot(fd, calls);
}

/// What this host refused to send during the response. The queue was read before the snapshot;
/// where the two say that something was refused, and nowhere else, it is read once more: a write in
/// between looks like a refusal, and shows itself by another length. An acknowledgement in between
/// hides one. Returns what was refused in the connection's life, for the next response's baseline:
/// rather too much than charge that one with it.
Bytes count_refused(int fd, const Connection& connection, const Syscalls& calls,
                    Evidence& e) noexcept {
  const Bytes before{connection.baseline ? connection.baseline->refused : 0U};
  const auto refused =
      e.snapshot && e.output_queue ? refused_bytes(*e.snapshot, *e.output_queue) : std::nullopt;
  if (!refused || *refused == Bytes{}) return before;
  if (read_output_queue(fd, calls) != e.output_queue) return *refused;
  if (e.view.shared_stream) {
    e.refused = refused;
  } else if (connection.baseline) {
    e.refused = Bytes{static_cast<std::uint32_t>(refused->value - before.value)};
  }
  return *refused;
}

void look(int fd, const Connection& connection, const Syscalls& calls, Evidence& e) noexcept {
  if (e.view.transport != Transport::kTcp) return;
  read_socket(fd, connection, calls, e);
  if (!e.snapshot) return;
  e.written_to = write_offset(*e.snapshot, e.output_queue, e.view.write_shut_down);
  const Bytes due = e.view.end_handed_down.value_or(Bytes{});
  if (e.written_to && *e.written_to < due) e.view.complete = false;
  e.end = e.written_to;
  if (e.view.end_ahead) e.end.reset();
  if (e.end && e.view.end_limit) e.end = std::min(*e.end, *e.view.end_limit);
  if (!e.view.shared_stream && connection.baseline) e.start = connection.baseline->end;
}

/// What belongs to this response alone. On a shared stream only its end is known.
void fill_deltas(const Connection& connection, Observation& o) noexcept {
  if (o.evidence.view.shared_stream || !connection.baseline) return;
  const TcpSnapshot& now = *o.evidence.snapshot;
  const Baseline& before = *connection.baseline;
  o.retrans = now.total_retrans - before.total_retrans;
  o.busy = since(now.busy_time, before.busy_time);
  o.rwnd_limited = since(now.rwnd_limited, before.rwnd_limited);
  o.sndbuf_limited = since(now.sndbuf_limited, before.sndbuf_limited);
  o.evidence.busy = o.busy.value_or(Microseconds{});
  if (before.total_retrans == Segments{}) o.evidence.rto_time = now.total_rto_time;
  o.evidence.rwnd_limited = o.rwnd_limited.value_or(Microseconds{});
}

void fill_bytes(Observation& o) noexcept {
  const Evidence& e = o.evidence;
  if (!e.end || (!e.start && !e.view.shared_stream)) return;
  const Bytes start = e.start.value_or(Bytes{});
  o.written = *e.end - start;
  o.acked = acknowledged_part(start, *e.end, *e.snapshot->bytes_acked);
  o.unacked = *o.written - *o.acked;
  const auto unsent = unsent_data(*e.snapshot, e.view.write_shut_down);
  const Bytes beyond = *e.written_to - *e.end;
  if (unsent) o.notsent = std::min(*unsent - beyond, *o.unacked);
}

}  // namespace

Observation observe(int fd, const ServerView& view, Connection& connection,
                    const Syscalls& calls) noexcept {
  Observation o;
  o.evidence.view = view;
  o.evidence.error = connection.first_error.get();
  look(fd, connection, calls, o.evidence);
  const Bytes refused = count_refused(fd, connection, calls, o.evidence);
  if (o.evidence.snapshot) {
    fill_deltas(connection, o);
    fill_bytes(o);
  }
  o.verdict = classify(o.evidence);
  o.cookie = connection.cookie;
  o.ttl = connection.ttl;
  if (o.evidence.snapshot && o.evidence.end) {
    connection.baseline = Baseline::from(*o.evidence.snapshot, *o.evidence.end, refused);
  } else {
    connection.skip_response();
  }
  return o;
}

}  // namespace connfate
