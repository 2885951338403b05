// SPDX-License-Identifier: Apache-2.0
#include "witness/tracking/line_evidence.hpp"

#include <fmt/format.h>

namespace connfate::witness {

bool lost_nothing(const FinalLine& line, const SocketRecord* socket) noexcept {
  if (line.fate == Fate::kDelivered || line.fate == Fate::kNoRequest) return true;
  if (line.about == FinalLine::About::kResponse || line.fate == Fate::kRequestTimeout) return false;
  if (line.rule == "conn-data-after-fin" || socket == nullptr || !socket->snapshot) return false;
  return socket->snapshot->bytes_received.value_or(Bytes{}) <= Bytes{1};  // 1: a bare FIN
}

void add_wait_evidence(FinalLine& line, const SocketRecord* socket) {
  const bool knows = socket != nullptr && !socket->is_wiped() && socket->snapshot;
  if (!knows || !client_left(line.fate, line.by)) return;
  const TcpSnapshot& s = *socket->snapshot;
  if (s.total_retrans == Segments{}) return;
  std::string text = fmt::format("{} segments of the connection had been sent again before",
                                 s.total_retrans.value);
  if (s.total_rto_time && s.total_rto_time->count() > 0) {
    text += fmt::format(", which took {} ms", s.total_rto_time->count());
  }
  line.evidence.push_back(std::move(text));
}

}  // namespace connfate::witness
