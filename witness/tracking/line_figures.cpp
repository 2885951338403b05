// SPDX-License-Identifier: Apache-2.0
#include "witness/tracking/line_figures.hpp"

#include <fmt/format.h>

#include "connfate/response_range.hpp"

namespace connfate::witness {
namespace {

void add_bytes(FinalLine& line, const Subject& subject, std::optional<Bytes> acked) {
  line.start = subject.start;
  line.end = subject.end;
  if (!subject.end || !acked) return;
  const Bytes start = subject.start.value_or(Bytes{});
  line.written = *subject.end - start;
  line.acked = acknowledged_part(start, *subject.end, *acked);
  line.unacked = *line.written - *line.acked;
}

void add_socket(FinalLine& line, const Known& known) {
  if (known.socket == nullptr || !known.socket->snapshot || known.socket->is_wiped()) return;
  const TcpSnapshot& s = *known.socket->snapshot;
  line.silence = s.silence();
  if (s.rtt.count() > 0) line.rtt = s.rtt;
  line.min_rtt = s.min_rtt;
}

void add_bytes_evidence(FinalLine& line) {
  if (!line.written || !line.acked || line.written == Bytes{}) return;
  if (line.fate == Fate::kDelivered) {
    line.evidence.push_back(fmt::format("all {} bytes acknowledged", line.written->value));
  } else if (!is_silence(line.fate)) {  // its own statements have the figures
    line.evidence.push_back(
        fmt::format("{} of {} bytes acknowledged", line.acked->value, line.written->value));
  }
}

void add_socket_evidence(FinalLine& line, const Known& known) {
  if (known.socket == nullptr || !known.ended) return;
  if (known.socket->is_wiped()) {
    line.evidence.emplace_back("the server closed with SO_LINGER 0, the final counters are gone");
  }
  if (known.socket->has_unread_data()) {
    line.evidence.push_back(
        fmt::format("{} bytes of the client were never read (a FIN counts as one)",
                    known.socket->unread.value));
  }
}

}  // namespace

void add_figures(FinalLine& line, const Known& known, const Subject& subject,
                 std::optional<Bytes> acked) {
  add_bytes(line, subject, acked);
  add_socket(line, known);
  add_bytes_evidence(line);
  add_socket_evidence(line, known);
}

}  // namespace connfate::witness
