// SPDX-License-Identifier: Apache-2.0
// A kernel's answer to TCP_INFO: any bytes of any length.
#include <array>

#include "connfate/bundle.hpp"
#include "fuzz/fuzz_target.hpp"
#include "unit/fake_kernel.hpp"

namespace connfate::fuzz {
namespace {

template <typename T>
bool only_adds(const std::optional<T>& shorter, const std::optional<T>& longer) noexcept {
  return !shorter || shorter == longer;
}

/// A newer kernel adds fields and changes none.
void require_prefix_monotonic(const TcpSnapshot& shorter, const TcpSnapshot& longer) noexcept {
  require(shorter.state == longer.state && shorter.retransmits == longer.retransmits &&
              shorter.probes == longer.probes && shorter.backoff == longer.backoff &&
              shorter.rto == longer.rto && shorter.rtt == longer.rtt &&
              shorter.rttvar == longer.rttvar && shorter.unacked == longer.unacked &&
              shorter.total_retrans == longer.total_retrans && shorter.cwnd == longer.cwnd &&
              shorter.snd_mss == longer.snd_mss && shorter.silence() == longer.silence() &&
              shorter.last_data_sent == longer.last_data_sent,
          "a longer answer changes no field of the oldest kernel");
  require(only_adds(shorter.bytes_acked, longer.bytes_acked) &&
              only_adds(shorter.bytes_received, longer.bytes_received) &&
              only_adds(shorter.segs_in, longer.segs_in) &&
              only_adds(shorter.notsent, longer.notsent) &&
              only_adds(shorter.min_rtt, longer.min_rtt) &&
              only_adds(shorter.delivery_rate, longer.delivery_rate) &&
              only_adds(shorter.busy_time, longer.busy_time) &&
              only_adds(shorter.rwnd_limited, longer.rwnd_limited) &&
              only_adds(shorter.sndbuf_limited, longer.sndbuf_limited) &&
              only_adds(shorter.bytes_sent, longer.bytes_sent) &&
              only_adds(shorter.bytes_retrans, longer.bytes_retrans) &&
              only_adds(shorter.snd_wnd, longer.snd_wnd) &&
              only_adds(shorter.total_rto_time, longer.total_rto_time),
          "a longer answer only adds to the younger fields");
}

void require_round_trip(const Observation& observation) noexcept {
  std::array<char, kBundleSize> buffer;
  const auto text = write_bundle(observation, Detail::kFull, buffer.data(), buffer.size());
  const auto bundle = find_bundle(text);
  require(bundle && bundle->text() == text, "a written bundle is found whole");
  require(bundle->get("fate") == to_token(observation.verdict.fate), "the fate survives");
  require(bundle->get("rule") == observation.verdict.rule->id, "the rule survives");
}

}  // namespace
}  // namespace connfate::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace connfate;
  fuzz::FuzzInput input(data, size);
  const auto cut = input.take<std::uint16_t>();
  const auto queue = input.take<std::uint16_t>();
  const auto answer = input.rest().first(std::min<std::size_t>(input.rest().size(), 512));

  const auto whole = decode_tcp_info(answer);
  const auto prefix = decode_tcp_info(answer.first(cut % (answer.size() + 1)));
  fuzz::require(whole.has_value() == (answer.size() >= 104), "104 bytes are enough, fewer not");
  if (prefix) fuzz::require_prefix_monotonic(*prefix, *whole);

  fixture::FakeKernel kernel;
  kernel->info.emplace(answer);
  kernel->output_queue = queue;
  ServerView view;
  view.response_started = view.complete = (cut & 1U) != 0;
  Connection connection;
  for (int i = 0; i < 2; ++i) {
    const Observation o = observe(7, view, connection, kernel.calls());
    fuzz::require_round_trip(o);
    fuzz::require(!o.written || *o.acked + *o.unacked == *o.written, "acked + unacked == written");
    fuzz::require(!o.notsent || *o.notsent <= *o.unacked, "notsent <= unacked");
  }
  return 0;
}
