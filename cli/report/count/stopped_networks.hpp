// SPDX-License-Identifier: Apache-2.0
#pragma once

// Provides StoppedNetworks: client networks whose requests have stopped although they had come
// steadily, and others still come. Where nothing passes any more nothing is logged, so what is
// missing is the sign. Filled with every request, read by make_summary().
// Surprising: it accuses nobody, and is silent rather than eager: one client that is done has
// stopped, too, so a network needs several clients, a steady stream, and a silence that is long
// beside every pause before. Lines have to be in the order of time within a minute.

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "cli/report/input/request.hpp"

namespace connfate::cli::report {

struct StoppedRow {
  std::string network;
  std::uint64_t requests = 0;    ///< before
  std::int64_t last = 0;         ///< seconds since 1970
  std::uint64_t elsewhere = 0;   ///< requests of other networks since
  std::uint64_t all_before = 0;  ///< requests of all networks until `last`
};

class StoppedNetworks {
 public:
  static constexpr std::size_t kMost = 20'000;

  /// `network`: the hash of its name, 0 when it has none.
  void add(const Request& request, std::uint64_t network);

  /// Those of the most requests first; few.
  std::vector<StoppedRow> rows() const;

 private:
  static constexpr std::size_t kClients = 3;

  struct Network {
    std::string name;
    std::uint64_t requests = 0;
    std::uint64_t all_until = 0;  ///< requests of everybody, when its last one came
    std::int64_t first = 0, last = 0;
    std::int64_t longest_pause = 0;
    std::array<std::size_t, kClients> clients{};  ///< hashes of the first few
  };

  std::unordered_map<std::uint64_t, Network> networks_;  ///< by the hash of the name
  std::uint64_t all_ = 0;
  std::int64_t latest_ = 0;
  std::string scratch_;
};

}  // namespace connfate::cli::report
