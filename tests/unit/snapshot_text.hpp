// SPDX-License-Identifier: Apache-2.0
#pragma once

// Provides text_of(TcpSnapshot): every member on a line of its own, "-" for what is not known.
// Used to write and to check the .txt files beside recorded answers.

#include <sstream>
#include <string>

#include "connfate/tcp_snapshot.hpp"

namespace connfate::fixture {

class SnapshotText {
 public:
  SnapshotText& line(std::string_view name, std::string_view value) {
    text_ << name << ' ' << value << '\n';
    return *this;
  }
  SnapshotText& line(std::string_view name, std::uint64_t value) {
    return line(name, std::to_string(value));
  }
  SnapshotText& line(std::string_view name, Bytes value) { return line(name, value.value); }
  SnapshotText& line(std::string_view name, Segments value) {
    return line(name, std::uint64_t{value.value});
  }
  template <typename Period>
  SnapshotText& line(std::string_view name, std::chrono::duration<std::int64_t, Period> value) {
    return line(name, std::to_string(value.count()) + (Period::den == 1000 ? " ms" : " us"));
  }
  template <typename T>
  SnapshotText& line(std::string_view name, const std::optional<T>& value) {
    return value ? line(name, *value) : line(name, "-");
  }
  std::string str() const { return text_.str(); }

 private:
  std::ostringstream text_;
};

inline std::string text_of(const TcpSnapshot& s) {
  SnapshotText out;
  out.line("state", to_token(s.state))
      .line("retransmits", std::uint64_t{s.retransmits})
      .line("probes", std::uint64_t{s.probes})
      .line("backoff", std::uint64_t{s.backoff})
      .line("rto", s.rto)
      .line("rtt", s.rtt)
      .line("rttvar", s.rttvar)
      .line("unacked", s.unacked)
      .line("total_retrans", s.total_retrans)
      .line("cwnd", s.cwnd)
      .line("snd_mss", s.snd_mss)
      .line("last_data_sent", s.last_data_sent)
      .line("last_data_recv", s.last_data_recv)
      .line("last_ack_recv", s.last_ack_recv)
      .line("bytes_acked", s.bytes_acked)
      .line("bytes_received", s.bytes_received)
      .line("segs_in", s.segs_in)
      .line("notsent", s.notsent)
      .line("min_rtt", s.min_rtt)
      .line("delivery_rate", s.delivery_rate)
      .line("busy_time", s.busy_time)
      .line("rwnd_limited", s.rwnd_limited)
      .line("sndbuf_limited", s.sndbuf_limited)
      .line("bytes_sent", s.bytes_sent)
      .line("bytes_retrans", s.bytes_retrans)
      .line("snd_wnd", s.snd_wnd)
      .line("total_rto_time", s.total_rto_time);
  return out.str();
}

}  // namespace connfate::fixture
