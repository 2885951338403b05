// SPDX-License-Identifier: Apache-2.0
// Theme: the path goes silent while the client listens with an open window. A client that vanished
// looks the same from here, so the most that can be said is "peer".
#include <thread>

#include "system/scenarios/scenarios.hpp"

namespace connfate::harness {
namespace {

/// Slower than the client reads, so that its window is open whenever the path breaks.
constexpr const char* kSteadyStream = "/backend-unbuffered/stream?bytes=50000000&step=16384&ms=5";
constexpr std::size_t kSomeOfIt = 100'000;

/// Reads whatever comes, in its own thread, as long as it lives. The client belongs to it
/// meanwhile.
class KeepsReading {
 public:
  explicit KeepsReading(peers::Client& client)
      : thread_([&client](const std::stop_token& stop) {
          while (!stop.stop_requested()) read_for_a_moment(client);
        }) {}

 private:
  static void read_for_a_moment(peers::Client& client) {
    constexpr std::chrono::milliseconds kMoment{20};
    const auto bytes = client.read_some_for(kMoment);
    if (bytes && bytes->empty()) std::this_thread::sleep_for(kMoment);
  }

  std::jthread thread_;
};

void break_the_path(Stage& stage, Block kind) {
  peers::Client client = stage.connect();
  client.get(kSteadyStream);
  client.read_exactly(kSomeOfIt);
  const KeepsReading reading(client);
  stage.block(kind);
  stage.await_line();
}

void reset_after_back_off_began(Stage& stage) {
  // Two retransmission timeouts, 0.2 s and 0.4 s.
  constexpr std::chrono::milliseconds kTwoTimeouts{700};
  peers::Client client = stage.connect();
  client.get(kSteadyStream);
  client.read_exactly(kSomeOfIt);
  {
    const KeepsReading reading(client);
    stage.block(Block::kDropBoth);
    std::this_thread::sleep_for(kTwoTimeouts);
  }
  stage.unblock();
  client.reset();
  stage.await_line();
}

void answer_into_the_black_hole(Stage& stage) {
  peers::Client client = stage.connect();
  client.get("/backend/hold");
  stage.wait_until_backend_holds();
  Stage::settle();
  stage.block(Block::kDropBoth);
  stage.let_backend_answer();
  stage.await_line();
}

Expectation lost(const char* fate, const char* close) {
  return {.fate = {fate},
          .phase = {"sending"},
          .close = {close},
          .status = {200},
          .where = {kAckedLessThanWritten}};
}

}  // namespace

Scenarios black_hole_scenarios() {
  return {
      {.name = "PathGoesSilent",
       .title = "When the server gives up while the kernel still retransmits, it is ack_stalled.",
       .protocols = kHttp1,
       .play = [](Stage& stage) { break_the_path(stage, Block::kDropBoth); },
       .lines = {lost("ack_stalled", "open")}},
      {.name = "PathStaysSilent",
       .title = "When the kernel gives up first, it is ack_timeout.",
       .protocols = kHttp1,
       .play = [](Stage& stage) { break_the_path(stage, Block::kDropBoth); },
       .lines = {lost("ack_timeout", "timeout")},
       .patience = Patience::kLong},
      {.name = "OnlyTheWayBackIsSilent",
       .title = "Acknowledgements that get lost on their way look like lost data: ack_timeout.",
       .protocols = kCleartextOnly,
       .play = [](Stage& stage) { break_the_path(stage, Block::kDropToServer); },
       .lines = {lost("ack_timeout", "timeout")},
       .patience = Patience::kLong},
      {.name = "HostUnreachable",
       .title = "When a router says that the host is unreachable, it is unreachable.",
       .protocols = kHttp1,
       .play = [](Stage& stage) { break_the_path(stage, Block::kRejectHostUnreachable); },
       .lines = {lost("unreachable", "icmp")},
       .patience = Patience::kLong},
      {.name = "AdministrativelyProhibited",
       .title = "A firewall that says so is unreachable where the errno is left, else ack_timeout.",
       .protocols = kCleartextOnly,
       .play = [](Stage& stage) { break_the_path(stage, Block::kRejectAdminProhibited); },
       // This ICMP code leaves no trace but the errno, which nginx consumes
       // (net/ipv4/tcp_ipv4.c, tcp_ld_RTO_revert, 6.1: only net and host unreachable undo
       // back-off).
       .lines = {{.fate = {"unreachable", "ack_timeout"},
                  .phase = {"sending"},
                  .close = {"icmp", "timeout"},
                  .status = {200},
                  .where = {kAckedLessThanWritten}}},
       .patience = Patience::kLong},
      {.name = "ResetDuringBackOff",
       .title = "A RST that comes while the kernel retransmits is still rst_received.",
       .protocols = kHttp1,
       .play = reset_after_back_off_began,
       .lines = {lost("rst_received", "rst")},
       .patience = Patience::kLong},
      {.name = "SmallResponseIntoABlackHole",
       .title = "A small response into a black hole is pending: its line is written too early.",
       .protocols = kCleartextOnly,
       .play = answer_into_the_black_hole,
       .lines = {{.fate = {"pending"},
                  .phase = {"drained"},
                  .close = {"open"},
                  .status = {200},
                  .where = {kNothingAcked, kSomeUnacked}}}},
  };
}

}  // namespace connfate::harness
