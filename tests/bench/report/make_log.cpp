// SPDX-License-Identifier: Apache-2.0
// Writes an access log of nginx with the bundle to standard output, always the same one:
//
//   connfate_make_log <lines> [seed]
//
// 20,000 clients in 1,500 networks, 2,000 paths, four hosts, one request every 10 ms, one failure
// in fifty.
#include <fmt/chrono.h>
#include <fmt/format.h>

#include <cstdio>
#include <cstdlib>
#include <random>

namespace {

constexpr std::string_view kHosts[] = {"www.example.org", "api.example.org", "static.example.org",
                                       "example.net"};
constexpr std::string_view kAgents[] = {
    "Mozilla/5.0 (X11; Linux x86_64; rv:109.0) Gecko/20100101 Firefox/119.0",
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) "
    "Chrome/119.0.0.0 Safari/537.36",
    "curl/8.4.0"};
constexpr std::string_view kFailures[] = {
    "fate=rst_received by=peer phase=sending close=rst err=ECONNRESET err_on=write tcp_state=CLOSE",
    "fate=client_abort by=client phase=waiting close=fin tcp_state=CLOSE_WAIT",
    "fate=ack_stalled by=peer phase=sending close=open tcp_state=ESTABLISHED"};

std::string bundle(std::mt19937_64& random, unsigned size) {
  const bool fails = random() % 50 == 0;
  const std::string_view start =
      fails ? kFailures[random() % 3]
            : "fate=pending by=- phase=drained close=open tcp_state=ESTABLISHED";
  const std::string_view rule = fails ? "some-rule" : "in-flight";
  return fmt::format(
      "{} written={} acked={} unacked={} notsent=0 start=0 end={} retrans=0 backoff=0 "
      "silence_ms={} "
      "rtt_us={} rttvar_us={} min_rtt_us={} snd_wnd=64256 cwnd=10 rwnd_limited_ms=0 "
      "sndbuf_limited_ms=0 busy_ms=0 ttl=52 cookie={:016x} rule={} v=1",
      start, size, 0, size, size, random() % 100, 20000 + random() % 9000, 9000 + random() % 999,
      19000 + random() % 900, random() % 0xffffff, rule);
}

}  // namespace

int main(int argc, char** argv) {
  const auto lines = argc > 1 ? std::strtoull(argv[1], nullptr, 10) : 1000;
  std::mt19937_64 random(argc > 2 ? std::strtoull(argv[2], nullptr, 10) : 1);
  constexpr std::time_t kStart = 1'795'507'200;
  for (unsigned long long i = 0; i < lines; ++i) {
    const auto network = random() % 1500;
    const auto path = random() % 2000;
    const auto size = static_cast<unsigned>(300 + random() % 40000);
    const std::string line = fmt::format(
        "203.{}.{}.{} - - [{:%d/%b/%Y:%H:%M:%S} +0000] \"GET /app/{}/item-{}.html HTTP/1.1\" 200 "
        "{} "
        "\"https://{}/start\" \"{}\" {}\n",
        network / 250, network % 250, random() % 14,
        fmt::gmtime(kStart + static_cast<std::time_t>(i / 100)), path % 17, path, size - 200,
        kHosts[random() % 4], kAgents[random() % 3], bundle(random, size));
    if (std::fwrite(line.data(), 1, line.size(), stdout) != line.size()) return 1;
  }
  return 0;
}
