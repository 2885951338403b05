// SPDX-License-Identifier: Apache-2.0
// What one response costs. The goal: the verdict and its bundle in 500 ns on top of the system
// call, and a report in as much; the counter `goal_ns` stands beside the figure.
#include <benchmark/benchmark.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <array>
#include <filesystem>
#include <string>

#include "component/loopback.hpp"
#include "connfate/bundle.hpp"
#include "connfate/witness_socket.hpp"
#include "unit/fake_kernel.hpp"
#include "unit/one_report.hpp"
#include "unit/sample_evidence.hpp"
#include "unit/sample_observation.hpp"
#include "unit/sample_report.hpp"

namespace connfate {
namespace {

using fixture::FakeKernel;
using fixture::Loopback;
namespace tcpi = fixture::tcpi;

constexpr double kGoalNs = 500;

ServerView complete_view() {
  ServerView view;
  view.response_started = view.complete = true;
  view.bytes_taken = Bytes{100};
  return view;
}

/// A response on its way, with the figures that a connection of some age has.
void play_busy_connection(FakeKernel& kernel) {
  kernel->info->set(tcpi::kBytesSent, 734'136).set(tcpi::kBytesAcked, 730'000);
  kernel->info->set(tcpi::kUnacked, 3).set(tcpi::kBytesReceived, 100).set(tcpi::kRttvar, 700);
  kernel->info->set(tcpi::kMinRtt, 900).set(tcpi::kDeliveryRate, 4'711'000);
  kernel->info->set(tcpi::kBusyTime, 80'000).set(tcpi::kRwndLimited, 20'000);
}

Connection identified_connection() {
  Connection connection;
  connection.cookie = 0xabcdef;
  connection.ttl = 52;
  return connection;
}

// NOLINTBEGIN(readability-identifier-naming,clang-analyzer-deadcode.DeadStores): the library's
// names, and its loop variable that nobody reads
void BM_Classify(benchmark::State& state) {
  Evidence evidence = fixture::in_flight();
  for (auto _ : state) {
    benchmark::DoNotOptimize(evidence);
    benchmark::DoNotOptimize(classify(evidence));
  }
}
BENCHMARK(BM_Classify);

void BM_Observe(benchmark::State& state) {
  FakeKernel kernel;
  play_busy_connection(kernel);
  Connection connection = identified_connection();
  const ServerView view = complete_view();
  for (auto _ : state) {
    benchmark::DoNotOptimize(observe(7, view, connection, kernel.calls()));
  }
}
BENCHMARK(BM_Observe);

Observation busy_observation() {
  FakeKernel kernel;
  play_busy_connection(kernel);
  Connection connection = identified_connection();
  return observe(7, complete_view(), connection, kernel.calls());
}

void write_bundles(benchmark::State& state, const Observation& observation) {
  std::array<char, kBundleSize> buffer;
  std::size_t size = 0;
  for (auto _ : state) {
    size = write_bundle(observation, Detail::kFull, buffer.data(), buffer.size()).size();
    benchmark::DoNotOptimize(buffer);
    benchmark::ClobberMemory();
  }
  state.counters["bytes"] = static_cast<double>(size);
}

void BM_WriteBundle(benchmark::State& state) {
  write_bundles(state, busy_observation());
}
BENCHMARK(BM_WriteBundle);

void BM_WriteFullestBundle(benchmark::State& state) {
  write_bundles(state, fixture::fullest_observation());
}
BENCHMARK(BM_WriteFullestBundle);

void BM_ObserveAndBundle(benchmark::State& state) {
  FakeKernel kernel;
  play_busy_connection(kernel);
  Connection connection = identified_connection();
  const ServerView view = complete_view();
  std::array<char, kBundleSize> buffer;
  for (auto _ : state) {
    const Observation observation = observe(7, view, connection, kernel.calls());
    benchmark::DoNotOptimize(
        write_bundle(observation, Detail::kFull, buffer.data(), buffer.size()));
    benchmark::ClobberMemory();
  }
  state.counters["goal_ns"] = kGoalNs;
}
BENCHMARK(BM_ObserveAndBundle);

/// The module's share of a report, next to its sendto.
void BM_EncodeReport(benchmark::State& state) {
  const Report report = fixture::full_report();
  std::array<std::byte, kReportSize> buffer;
  std::size_t size = 0;
  for (auto _ : state) {
    size = encode_report(report, buffer).size();
    benchmark::DoNotOptimize(buffer);
    benchmark::ClobberMemory();
  }
  state.counters["bytes"] = static_cast<double>(size);
  state.counters["goal_ns"] = kGoalNs;
}
BENCHMARK(BM_EncodeReport);

/// A reader's socket, at a path of the depth of /run/connfate/witness.sock.
class Mailbox {
 public:
  Mailbox() {
    std::filesystem::create_directory(directory_);
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    path().copy(address.sun_path, sizeof address.sun_path - 1);
    (void)::bind(fd_, reinterpret_cast<const sockaddr*>(&address), sizeof address);
  }
  ~Mailbox() {
    ::close(fd_);
    std::filesystem::remove_all(directory_);
  }
  Mailbox(const Mailbox&) = delete;
  Mailbox& operator=(const Mailbox&) = delete;

  std::string path() const { return directory_ / "witness.sock"; }
  void take() {
    benchmark::DoNotOptimize(::recv(fd_, buffer_.data(), buffer_.size(), MSG_DONTWAIT));
  }

 private:
  std::filesystem::path directory_ =
      std::filesystem::temp_directory_path() / ("connfate-bench-" + std::to_string(::getpid()));
  int fd_ = ::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  std::array<std::byte, kReportSize> buffer_{};
};

/// A report through the kernel, with the recv() that takes it out again.
void BM_SendAndTakeReport(benchmark::State& state) {
  Mailbox mailbox;
  WitnessSocket socket(mailbox.path());
  Report report = fixture::full_report();
  for (auto _ : state) {
    benchmark::DoNotOptimize(socket.send(report));
    mailbox.take();
  }
}
BENCHMARK(BM_SendAndTakeReport);

void BM_DecodeReport(benchmark::State& state) {
  std::array<std::byte, kReportSize> buffer;
  const auto datagram = encode_report(fixture::full_report(), buffer);
  for (auto _ : state) benchmark::DoNotOptimize(fixture::decode_report(datagram));
}
BENCHMARK(BM_DecodeReport);

void BM_FindBundle(benchmark::State& state) {
  std::array<char, kBundleSize> buffer;
  const auto bundle = write_bundle(busy_observation(), Detail::kFull, buffer.data(), buffer.size());
  const std::string line =
      R"(192.0.2.1 - - [01/Jan/2026:00:00:00 +0000] "GET / HTTP/1.1" 200 4711 "-" "curl" )" +
      std::string(bundle);
  for (auto _ : state) benchmark::DoNotOptimize(find_bundle(line));
  state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(line.size()));
}
BENCHMARK(BM_FindBundle);

void BM_ReadTcpInfo(benchmark::State& state) {
  const Loopback loopback;
  loopback.server_sends(1000);
  for (auto _ : state) benchmark::DoNotOptimize(read_tcp_snapshot(loopback.server()));
}
BENCHMARK(BM_ReadTcpInfo);

void BM_ReadOutputQueue(benchmark::State& state) {
  const Loopback loopback;
  for (auto _ : state) benchmark::DoNotOptimize(read_output_queue(loopback.server()));
}
BENCHMARK(BM_ReadOutputQueue);

/// All that a module adds to a request that logs the bundle.
void BM_WholeResponse(benchmark::State& state) {
  const Loopback loopback;
  loopback.server_sends(1000);
  Connection connection;
  std::array<char, kBundleSize> buffer;
  for (auto _ : state) {
    connection.read_identity(loopback.server(), true, true);
    const Observation observation = observe(loopback.server(), complete_view(), connection);
    benchmark::DoNotOptimize(
        write_bundle(observation, Detail::kFull, buffer.data(), buffer.size()));
    benchmark::ClobberMemory();
  }
}
BENCHMARK(BM_WholeResponse);
// NOLINTEND(readability-identifier-naming,clang-analyzer-deadcode.DeadStores)

}  // namespace
}  // namespace connfate

BENCHMARK_MAIN();
