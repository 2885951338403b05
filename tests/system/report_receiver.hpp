// SPDX-License-Identifier: Apache-2.0
#pragma once

// Provides the socket that a witness would listen on, and what modules send to it. It reads only
// when asked, so that it can be full.
// Surprising: how many datagrams fit is what net.unix.max_dgram_qlen was when the socket was made:
// 10 by itself. Failure: std::system_error when the socket cannot be made.

#include <chrono>
#include <deque>
#include <filesystem>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include "connfate/report.hpp"

namespace connfate::harness {

/// A report together with the bytes that its texts point into.
class ReceivedReport {
 public:
  ReceivedReport(std::shared_ptr<const std::vector<std::byte>> datagram, const Report& report)
      : datagram_(std::move(datagram)), report_(report) {}

  const Report* operator->() const { return &report_; }

 private:
  std::shared_ptr<const std::vector<std::byte>> datagram_;
  Report report_;
};

class ReportReceiver {
 public:
  /// With `room` for that many datagrams; 0: the kernel's choice.
  explicit ReportReceiver(std::filesystem::path path, std::size_t room = 0);
  ~ReportReceiver();
  ReportReceiver(const ReportReceiver&) = delete;
  ReportReceiver& operator=(const ReportReceiver&) = delete;

  /// The next one; nullopt when none comes within `limit`. Throws std::runtime_error when what
  /// came is no report.
  std::optional<ReceivedReport> receive(std::chrono::milliseconds limit = std::chrono::seconds(5));
  /// Reads all that lies there; how many.
  std::size_t drain();
  /// Datagrams so far; one may hold several reports.
  std::size_t datagrams() const noexcept { return datagrams_; }

 private:
  void take_datagram();

  std::filesystem::path path_;
  int socket_;
  std::deque<ReceivedReport> waiting_;
  std::size_t datagrams_ = 0;
};

}  // namespace connfate::harness
