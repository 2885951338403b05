// SPDX-License-Identifier: Apache-2.0
#pragma once

// Provides two counts of what this server did that is no trouble of a response: ErrorAnswers, the
// requests that were answered with a 5xx status (the answer may well have arrived: what failed is
// behind), and ClosedByServer, the connections that this server closed on data of the client, as a
// reload does to a keep-alive connection. Filled by the aggregate, read by make_summary().

#include <array>
#include <cstdint>
#include <optional>

#include "cli/log/log_time.hpp"
#include "cli/report/input/request.hpp"

namespace connfate::cli::report {

struct ErrorAnswers {
  std::uint64_t count = 0;
  std::array<std::uint64_t, 100> of_status{};  ///< 500 to 599
  std::optional<log::LogTime> first, last;

  void add(const Request& request);
};

struct ClosedByServer {
  std::uint64_t count = 0;
  std::optional<log::LogTime> first, last;

  /// A line of the witness.
  void learn(const log::Record& record);
};

}  // namespace connfate::cli::report
