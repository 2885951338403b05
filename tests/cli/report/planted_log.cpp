// SPDX-License-Identifier: Apache-2.0
#include "cli/report/planted_log.hpp"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <cmath>
#include <fstream>
#include <random>

namespace connfate::cli::report {
namespace {

constexpr std::time_t kStart = 1'795'507'200;  // 2026-11-24T08:00:00Z
constexpr int kSeconds = 10'000;               // the log ends at 10:46:40
constexpr int kResetsFrom = 5400;              // 09:30:00
constexpr int kOfEach = 100;

constexpr std::string_view kPending =
    "fate=pending by=- phase=drained close=open tcp_state=ESTABLISHED";

struct Line {
  std::string host = "www.example.org";
  std::string client;
  std::string method = "GET";
  std::string path;
  int status = 200;
  unsigned size = 0;
  double seconds = 0.05;
  std::string fate{kPending};
  std::string rule = "in-flight";
};

class Random {
 public:
  unsigned below(unsigned limit) { return static_cast<unsigned>(engine_() >> 4U) % limit; }
  bool one_in(unsigned many) { return below(many) == 0; }
  /// Few are called often, and many are called rarely.
  unsigned skewed(unsigned limit) {
    const double part = static_cast<double>(below(10'000)) / 10'000;
    return static_cast<unsigned>(part * part * part * limit);
  }

 private:
  std::minstd_rand engine_{7};
};

/// What every site looks like on a good day: bots, a few refused and failed requests, people who
/// leave, mobile phones that reset.
void add_normal_noise(Line& line, Random& random) {
  if (random.one_in(9)) {
    line.fate = "fate=delivered by=- phase=drained close=open tcp_state=ESTABLISHED";
    line.rule = "all-acked";
  }
  if (random.one_in(30)) line.status = 404;
  if (random.one_in(20)) line.method = "POST";
  if (random.one_in(60)) line.status = 304;
  if (random.one_in(250)) {
    line.fate = "fate=client_abort by=client phase=waiting close=fin tcp_state=CLOSE_WAIT";
    line.rule = "client-closed";
    line.status = 499;
    line.seconds = 0.2 + random.below(9'000) / 1000.0;
  } else if (random.one_in(2'000)) {
    line.fate =
        "fate=broken_pipe by=client phase=sending close=rst err=EPIPE err_on=write tcp_state=CLOSE";
    line.rule = "fin-then-rst";
  } else if (random.one_in(1'500)) {
    line.fate =
        "fate=rst_received by=peer phase=sending close=rst err=ECONNRESET err_on=write "
        "tcp_state=CLOSE";
    line.rule = "rst-before-ack";
  } else if (random.one_in(10'000)) {
    line.fate = "fate=ack_stalled by=peer phase=sending close=open tcp_state=ESTABLISHED";
    line.rule = "retransmitting";
    line.seconds = 60.0;
  } else if (random.one_in(10'000)) {
    line.fate = "fate=unknown by=unknown phase=waiting close=- tcp_state=-";
    line.rule = "no-rule";
  }
}

/// Something resets the sessions of one customer's network, for eleven minutes.
bool plant_reset(Line& line, int second, int& planted) {
  line.client = fmt::format("198.51.100.{}", 1 + second % 200);
  if (second < kResetsFrom || planted == kOfEach) return false;
  ++planted;
  line.fate =
      "fate=rst_received by=peer phase=sending close=rst err=ECONNRESET err_on=write "
      "tcp_state=CLOSE";
  line.rule = "rst-before-ack";
  return true;
}

/// Large packets do not pass on the way to one host's clients.
bool plant_stall(Line& line, Random& random, int& planted) {
  line.host = "files.example.org";
  line.size = 200 + random.below(2'000);
  if (line.size <= 1400 || planted == kOfEach) return false;
  ++planted;
  line.seconds = 60.0 + random.below(900) / 1000.0;
  line.fate = "fate=ack_stalled by=peer phase=sending close=open tcp_state=ESTABLISHED";
  line.rule = "retransmitting";
  return true;
}

/// A caller with a timeout of 60 s asks for a report that takes longer.
bool plant_abort(Line& line, Random& random, int& planted) {
  line.path = "/export/report";
  line.seconds = 20.0 + random.below(30'000) / 1000.0;
  if (random.below(3) != 0 || planted == kOfEach) return false;
  ++planted;
  line.seconds = 60.0 + random.below(20) / 1000.0;
  line.status = 499;
  line.fate = "fate=client_abort by=client phase=waiting close=fin tcp_state=CLOSE_WAIT";
  line.rule = "client-closed";
  return true;
}

std::string text_of(const Line& line, int second, unsigned cookie, Random& random) {
  const bool is_dead = line.fate.find("tcp_state=CLOSE ") != std::string::npos;
  const bool is_stalled = line.fate.find("ack_stalled") != std::string::npos;
  return fmt::format(
      "{}:443 {} - - [{:%d/%b/%Y:%H:%M:%S} +0000] \"{} {} HTTP/1.1\" {} {} \"-\" \"Mozilla/5.0\" "
      "{:.3f} {} written={} acked={} start=0 end={} retrans={} silence_ms={} rtt_us={} ttl={} "
      "cookie={:016x} rule={} v=1\n",
      line.host, line.client, fmt::gmtime(kStart + second), line.method, line.path, line.status,
      line.size, line.seconds, line.fate, line.size, is_dead ? line.size / 3 : 0, line.size,
      is_stalled ? 6 + random.below(4) : 0, is_stalled ? 59'000 : random.below(90),
      9'000 + random.below(80'000), 40 + random.below(20), cookie, line.rule);
}

}  // namespace

void write_planted_log(const std::filesystem::path& file) {
  std::ofstream out(file);
  Random random;
  int resets = 0;
  int stalls = 0;
  int aborts = 0;
  for (int i = 0; i < kPlantedRequests; ++i) {
    const int second = static_cast<int>(std::int64_t{i} * kSeconds / kPlantedRequests);
    Line line;
    line.client = fmt::format("203.0.{}.{}", random.skewed(200), random.below(250));
    line.path = fmt::format("/shop/item/{}", random.skewed(100'000));
    if (random.one_in(12)) line.path = fmt::format("/static/css/theme-{}.css", random.below(40));
    if (random.one_in(5)) line.path = "/api/cart?session=" + std::to_string(random.below(100'000));
    line.size = 300 + random.skewed(90'000);
    bool is_planted = false;
    if (i % 151 == 0) {
      is_planted = plant_reset(line, second, resets);
    } else if (i % 401 == 0) {
      is_planted = plant_stall(line, random, stalls);
    } else if (i % 499 == 0) {
      is_planted = plant_abort(line, random, aborts);
    }
    if (!is_planted) add_normal_noise(line, random);
    out << text_of(line, second, static_cast<unsigned>(i), random);
  }
}

}  // namespace connfate::cli::report
