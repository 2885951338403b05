// SPDX-License-Identifier: Apache-2.0
#pragma once

// Provides WitnessSocket: how a server process tells the witness. It never waits and never tries
// again: what cannot be sent at once is counted and forgotten. One lives in each server process, as
// long as its configuration; safe to use from several threads, without a lock.
// Surprising: the socket stays connected to the witness that it found, since looking the path up
// again costs as much as the datagram. When that witness is gone, the same report looks for another
// one at the path; while there is none, one report in kLookPause does, and the others are lost
// without a system call.

#include <array>
#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include "connfate/report.hpp"

namespace connfate {

class WitnessSocket {
 public:
  using Clock = std::chrono::steady_clock;

  /// What the server's error log should say.
  struct Loss {
    int code;            ///< errno of the report that was lost just now
    std::uint64_t lost;  ///< reports, this one included, over the life of the process
  };

  /// How long a witness that was not found is not looked for.
  static constexpr Clock::duration kLookPause = std::chrono::milliseconds(10);

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

  /// Fills in Report::lost.
  void stamp(Report& report) const noexcept;

  /// Fills it in and sends: at most one system call while the witness is there, a send(). Returns
  /// something at most once a minute, and nothing while reports arrive.
  std::optional<Loss> send(Report& report) noexcept;

  /// The same for a datagram of so many of them.
  std::optional<Loss> send(std::span<const std::byte> datagram, std::uint64_t reports) noexcept;

  const char* path() const noexcept { return path_.data(); }

 private:
  int descriptor() noexcept;
  int open() noexcept;
  int send_now(std::span<const std::byte> datagram) noexcept;
  int find_witness(int fd) noexcept;
  bool is_pausing() const noexcept;
  int pause(int code, Clock::duration length) noexcept;
  std::optional<Loss> count_loss(std::uint64_t reports, int code) noexcept;

  std::array<char, kPathSize + 1> path_{};
  Clock::time_point (*now_)() noexcept;
  std::atomic<int> descriptor_{-1};
  std::atomic<bool> is_connected_{false};
  std::atomic<int> error_{0};  ///< errno of the last attempt to open or to find that failed
  std::atomic<std::uint64_t> lost_{0};
  std::atomic<Clock::rep> next_try_;   ///< after a failure the next attempt is not made before
  std::atomic<Clock::rep> next_line_;  ///< the same for the error log
};

}  // namespace connfate
