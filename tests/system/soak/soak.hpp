// SPDX-License-Identifier: Apache-2.0
#pragma once

// Provides Soak: one server with the module and a witness under everything at once - good traffic
// (wrk, h2load), hostile clients, reloads, binary upgrades, a witness that is stopped, killed,
// frozen, loses its socket's directory and has a full disk - and what is to be said of it
// afterwards. Used by soak_test.cpp: one Soak per server, both in the same lab.
// Failure: the constructor throws when something does not start; what goes wrong later is noted.

#include <atomic>
#include <chrono>
#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "harness/lab.hpp"
#include "harness/process_gauge.hpp"
#include "harness/server.hpp"
#include "harness/witness.hpp"
#include "peers/backend.hpp"
#include "system/soak/hostile_clients.hpp"
#include "system/soak/marks.hpp"
#include "system/soak/small_disk.hpp"

namespace connfate::harness {

struct SoakCounts {
  std::atomic<std::uint64_t> wrk_answered{0};  ///< by the tool's own count
  std::atomic<std::uint64_t> silent_runs{0};   ///< of wrk, without any answer
  std::atomic<std::uint64_t> h2_asked{0};      ///< of h2load; at most so many lines
  std::atomic<std::uint64_t> h2_answered{0};
  std::atomic<std::uint64_t> reloads{0};
  std::atomic<std::uint64_t> upgrades{0};
  std::atomic<std::uint64_t> witness_faults{0};
};

class Soak {
 public:
  Soak(const Lab& lab, const peers::Address& backend, ServerKind kind, unsigned seed);
  ~Soak();

  /// Returns after that time, with all traffic ended and the witness running.
  void run(std::chrono::seconds duration);

  /// One sentence per thing that must not be; empty is good. Stops server and witness.
  std::vector<std::string> judge();
  /// A row of figures, to be printed.
  std::string summary() const;

 private:
  using Stop = std::stop_token;

  void good_http1(const Stop& stop);
  void good_http2(const Stop& stop);
  void restarts(const Stop& stop);
  void upgrade_binary();
  void witness_faults(const Stop& stop);
  void measure();
  void note(const std::string& problem);

  void judge_log();
  void judge_processes();
  void judge_witness();

  const Lab& lab_;
  ServerKind kind_;
  unsigned seed_;
  SmallDisk disk_;
  Witness witness_;
  std::unique_ptr<Server> server_;
  TemporaryDirectory scripts_;
  Marks marks_;
  std::unique_ptr<HostileClients> hostile_;

  SoakCounts counts_;
  std::mutex successor_;  ///< held while the server's process is replaced
  Marks::Comparison log_;
  Gauge master_memory_, worker_memory_, witness_memory_, master_descriptors_;
  std::uint64_t witness_lines_ = 0;
  std::mutex mutex_;
  std::vector<std::string> problems_;
};

}  // namespace connfate::harness
