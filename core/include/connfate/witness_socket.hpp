// SPDX-License-Identifier: Apache-2.0
#pragma once

// Provides WitnessSocket: how a server process tells the witness. One datagram per report, never
// waiting and never trying again: what cannot be sent at once is counted and forgotten. One lives
// in each server process, as long as its configuration; safe to use from several threads, without a
// lock.
// Surprising: the socket stays connected to the witness that it found, since looking the path up
// again costs as much as the datagram. When that witness is gone, the same report looks for another
// one at the path, and every later one does until there is one.

#include <array>
#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

#include "connfate/report.hpp"

namespace connfate {

class WitnessSocket {
 public:
  using Clock = std::chrono::steady_clock;

  /// What the server's error log should say.
  struct Trouble {
    int code;            ///< errno of the report that was lost just now
    std::uint64_t lost;  ///< reports, this one included, over the life of the process
  };

  /// The longest path that a unix-domain socket's address holds.
  static constexpr std::size_t kPathSize = 107;

  /// Why `path` cannot be that of a witness, and what to change; empty when it can.
  static std::string_view complaint_about(std::string_view path) noexcept;

  /// `path` must be without complaint. No system call before the first report; `now` is for tests.
  explicit WitnessSocket(std::string_view path,
                         Clock::time_point (*now)() noexcept = Clock::now) noexcept;
  ~WitnessSocket();
  WitnessSocket(const WitnessSocket&) = delete;
  WitnessSocket& operator=(const WitnessSocket&) = delete;

  /// Fills in Report::logged_at_us and Report::lost, and sends: one system call, a send() while the
  /// witness is there, a connect() while it is not. Returns something at most once a minute, and
  /// nothing while reports arrive.
  std::optional<Trouble> send(Report& report) noexcept;

  const char* path() const noexcept { return path_.data(); }

 private:
  int descriptor() noexcept;
  int open() noexcept;
  int send_now(const Report& report) noexcept;
  int find_witness(int fd) noexcept;
  std::optional<Trouble> count_loss(int code) noexcept;

  std::array<char, kPathSize + 1> path_{};
  Clock::time_point (*now_)() noexcept;
  std::atomic<int> descriptor_{-1};
  std::atomic<bool> is_connected_{false};
  std::atomic<int> open_error_{0};  ///< errno of the last attempt that failed
  std::atomic<std::uint64_t> lost_{0};
  std::atomic<Clock::rep> next_open_;  ///< after a failure the next attempt is not made before
  std::atomic<Clock::rep> next_line_;  ///< the same for the error log
};

}  // namespace connfate
