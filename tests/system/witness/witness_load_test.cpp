// SPDX-License-Identifier: Apache-2.0
// Every end of a connection is accounted for: what the witness processed and what it counted as
// lost is what was made, however fast. And its memory holds what docs/witness.md promises.
#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <signal.h>
#include <sys/socket.h>
#include <unistd.h>

#include <chrono>
#include <cstdio>
#include <nlohmann/json.hpp>
#include <stdexcept>
#include <thread>

#include "connfate/report.hpp"
#include "connfate/rules.hpp"
#include "harness/deadline.hpp"
#include "harness/lab.hpp"
#include "harness/witness.hpp"
#include "witness/tracking/tracker.hpp"

namespace connfate::harness {
namespace {

using Clock = std::chrono::steady_clock;

sockaddr_in loopback(std::uint16_t port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  address.sin_port = htons(port);
  return address;
}

const sockaddr* as_sockaddr(const sockaddr_in& address) {
  return static_cast<const sockaddr*>(static_cast<const void*>(&address));
}

/// A listener that accepts and closes, on the loopback of the namespace it is made in.
class Listener {
 public:
  Listener() : fd_(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    const sockaddr_in any = loopback(0);
    if (bind(fd_, as_sockaddr(any), sizeof(any)) != 0 || listen(fd_, 4096) != 0) {
      throw std::runtime_error("cannot listen");
    }
    sockaddr_in bound{};
    socklen_t length = sizeof(bound);
    getsockname(fd_, static_cast<sockaddr*>(static_cast<void*>(&bound)), &length);
    port_ = ntohs(bound.sin_port);
  }
  ~Listener() { ::close(fd_); }
  std::uint16_t port() const { return port_; }

  /// One connection, made and ended by both sides. The client resets, so that no port is used up.
  void serve_one() const {
    const int client = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    const linger reset{1, 0};
    setsockopt(client, SOL_SOCKET, SO_LINGER, &reset, sizeof(reset));
    const sockaddr_in address = loopback(port_);
    if (connect(client, as_sockaddr(address), sizeof(address)) != 0) {
      throw std::runtime_error("cannot connect");
    }
    const int server = accept(fd_, nullptr, nullptr);
    ::close(client);
    ::close(server);
  }

 private:
  int fd_;
  std::uint16_t port_ = 0;
};

/// Of the line that the witness writes when it stops.
nlohmann::json counters_at_stop(Witness& witness) {
  EXPECT_EQ(witness.stop(), 0);
  for (const auto& line : witness.all_lines()) {
    if (line["event"] == "witness_stopped") return line;
  }
  throw std::runtime_error("the witness did not say what it counted");
}

/// The kernel tells of an end a moment after it. Where some were lost, all that is left is to wait.
void await_counted(Witness& witness, std::uint64_t ends) {
  const std::string all = "socket_ends=" + std::to_string(ends) + " ";
  eventually(
      [&] {
        witness.process().signal(SIGUSR1);
        return witness.messages().find(all) != std::string::npos;
      },
      std::chrono::seconds(3));
}

TEST(WitnessLoad, EveryEndOfAConnectionIsProcessedOrCountedAsLost) {
  if (const auto reason = Lab::missing_privilege()) GTEST_SKIP() << *reason;
  Lab lab;
  const InNamespace here = lab.enter_server();
  const Listener listener;
  Witness witness(lab.hosts(),
                  {.log_all = false, .more = {"--port", std::to_string(listener.port())}});
  constexpr std::uint64_t kConnections = 30'000;
  const auto begin = Clock::now();
  for (std::uint64_t i = 0; i < kConnections; ++i) listener.serve_one();
  const double seconds = std::chrono::duration<double>(Clock::now() - begin).count();
  await_counted(witness, 2 * kConnections);
  const auto counted = counters_at_stop(witness);
  std::printf("%.0f connections/s; %s\n", static_cast<double>(kConnections) / seconds,
              counted.dump().c_str());
  const std::uint64_t ends = counted["socket_ends"];
  const std::uint64_t lost = counted["lost_socket_ends"];
  EXPECT_EQ(ends + lost, 2 * kConnections) << "both sockets of every connection";
}

/// Resident memory of this process.
std::size_t resident_bytes() {
  std::size_t pages = 0;
  std::size_t resident = 0;
  std::FILE* file = std::fopen("/proc/self/statm", "r");
  if (file == nullptr || std::fscanf(file, "%zu %zu", &pages, &resident) != 2) return 0;
  std::fclose(file);
  return resident * static_cast<std::size_t>(sysconf(_SC_PAGESIZE));
}

Report pending_report(std::uint64_t cookie) {
  Report r;
  r.logged_at_us = 1'800'000'000'000'000;
  r.flow.local.port = 443;
  r.flow.remote.port = static_cast<std::uint16_t>(cookie);
  r.status = 200;
  r.server = "nginx";
  r.method = "GET";
  r.uri = "/shop/article/12345";
  r.host = "www.example.com";
  r.observation.cookie = cookie;
  r.observation.evidence.start = Bytes{0};
  r.observation.evidence.end = Bytes{5000};
  r.observation.verdict = {Fate::kPending, By::kNobody, Phase::kDrained, Close::kOpen, &rules()[0]};
  return r;
}

TEST(WitnessLoad, AMillionResponsesWaitInAtMost264BytesEach) {
  constexpr std::uint64_t kResponses = 1'000'000;
  std::uint64_t lines = 0;
  std::uint64_t evicted = 0;
  witness::Tracker tracker({.memory = 264 * kResponses}, [&](const witness::FinalLine& line) {
    ++lines;
    evicted += line.reason == "evicted" ? 1 : 0;
  });
  const witness::Instant now{};
  const std::size_t before = resident_bytes();
  const auto begin = Clock::now();
  for (std::uint64_t i = 1; i <= kResponses; ++i) tracker.on_report(pending_report(i), now);
  const auto spent = std::chrono::duration<double, std::nano>(Clock::now() - begin).count();
  const std::size_t used = resident_bytes() - before;
  std::printf(
      "%zu waiting, each on a connection of its own: %.1f bytes resident, %.1f by its own "
      "accounting, %.0f ns\n",
      tracker.waiting(), static_cast<double>(used) / kResponses,
      static_cast<double>(tracker.memory_used()) / kResponses, spent / kResponses);
  EXPECT_EQ(tracker.waiting(), kResponses);
  EXPECT_EQ(lines, 0U);
  EXPECT_LE(used, 264 * kResponses);

  for (std::uint64_t i = 1; i <= kResponses; ++i) {
    tracker.on_report(pending_report(kResponses + i), now);
  }
  EXPECT_LE(tracker.memory_used(), 264 * kResponses);
  EXPECT_EQ(tracker.waiting() + evicted, 2 * kResponses) << "every response is accounted for";
  EXPECT_EQ(lines, evicted);
}

}  // namespace
}  // namespace connfate::harness
