// SPDX-License-Identifier: Apache-2.0
#pragma once

// Provides GroupTable: what became of the requests of each client network, host, path, ... in
// bounded memory. Exact until `capacity` names were seen; then the half with the least trouble and
// the fewest requests goes into `other`, and what is counted later is a lower bound.
// Surprising: a hash table of its own. It is asked three times for every line of the log, and most
// of the time of a node-based map went into waiting for memory.

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "cli/log/log_time.hpp"
#include "cli/report/count/size_bins.hpp"
#include "cli/report/input/fate_counts.hpp"

namespace connfate::cli::report {

/// What every request touches stands first.
struct Group {
  BasicFateCounts<std::uint32_t> fates;
  SizeBins sizes;
  std::uint32_t before_trouble = 0;  ///< in the period before (--since)
  std::uint32_t before_requests = 0;
  std::uint32_t requests_before_failure = 0;  ///< in the order of the log
  std::optional<log::LogTime> first_failure;  ///< first in trouble, or left by its client
};

class GroupTable {
 public:
  struct Entry {
    std::string name;
    Group group;
  };
  using Groups = std::vector<Entry>;

  explicit GroupTable(std::size_t capacity);

  static std::uint64_t hash_of(std::string_view name) noexcept {
    return std::hash<std::string_view>()(name);
  }

  /// The group of that name, made when it is new. Valid until the next call.
  Group& at(std::string_view name) { return at(name, hash_of(name)); }
  /// The same when the hash is known.
  Group& at(std::string_view name, std::uint64_t hash);
  const Group* find(std::string_view name) const noexcept;

  const Groups& groups() const noexcept { return groups_; }
  /// Requests of names that were given up; 0 says that every count is exact.
  const FateCounts& other() const noexcept { return other_; }
  std::uint64_t names_dropped() const noexcept { return names_dropped_; }

 private:
  /// Half of the hash, and the place of the entry plus one; 0 is free.
  struct Slot {
    std::uint32_t half = 0;
    std::uint32_t entry = 0;
  };

  /// Where that name is, or where it would be.
  std::size_t slot_of(std::string_view name, std::uint64_t hash) const noexcept;
  void make_slots();
  void drop_half();

  std::size_t capacity_;
  Groups groups_;
  std::vector<Slot> slots_;  ///< a power of two, never more than half full
  FateCounts other_;
  std::uint64_t names_dropped_ = 0;
};

}  // namespace connfate::cli::report
