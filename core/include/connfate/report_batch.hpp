// SPDX-License-Identifier: Apache-2.0
#pragma once

// Provides ReportBatch: reports that are kept until the end of the event loop's turn and then go to
// the witness in one datagram. What a report costs a busy server is mostly the system call, and
// that is shared then. For a process that serves in one thread (nginx); one that has no such turns
// sends each report by itself.
// Surprising: a report that is kept is lost with the process. Who cannot promise to flush() within
// moments must not add().

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>

#include "connfate/witness_socket.hpp"

namespace connfate {

class ReportBatch {
 public:
  /// The socket must outlive the batch.
  explicit ReportBatch(WitnessSocket& socket) noexcept : socket_(&socket) {}

  /// Stamps the report and keeps it; sends what is kept already when there is no more room.
  std::optional<WitnessSocket::Loss> add(Report& report) noexcept;

  /// Sends what is kept, if there is anything.
  std::optional<WitnessSocket::Loss> flush() noexcept;

 private:
  WitnessSocket* socket_;
  std::size_t used_ = 0;
  std::uint64_t reports_ = 0;
  std::array<std::byte, kDatagramSize> datagram_;
};

}  // namespace connfate
