// SPDX-License-Identifier: Apache-2.0
#pragma once

// Provides WitnessJoin: the final verdicts of connfate-witness, to be found by the request they are
// about: by the socket's cookie and the end of the response, or by the request id. Used by
// RequestFeed. Surprising:
//  - Memory is bounded: beyond kMost verdicts the oldest are dropped, and counted.
//  - A cookie is unique on one host only. Logs of several hosts may be mixed, so the times of the
//    two lines must agree within two seconds and the duration of the request, where known.

#include <cstdint>
#include <deque>
#include <optional>
#include <set>
#include <string>
#include <unordered_map>

#include "cli/report/input/request.hpp"

namespace connfate::cli::report {

/// What a request and its verdict have in common; 0 when a line has neither key.
std::uint64_t join_key(const log::Record& record) noexcept;

class WitnessJoin {
 public:
  static constexpr std::size_t kMost = 400'000;

  /// Takes a line about a response. False when it has no key.
  bool learn(const log::Record& record);
  /// The verdict on that request; valid until the next learn().
  const LastWord* find(const log::Record& record);

  /// As the last word on a response, without a request line.
  LastWord last_word_of(const log::Record& record);

  std::size_t size() const noexcept { return entries_.size(); }
  std::uint64_t joined() const noexcept { return joined_; }
  std::uint64_t dropped() const noexcept { return dropped_; }

 private:
  struct Entry {
    LastWord last_word;
    std::optional<log::Record::Time> time;
    bool is_joined = false;
  };

  std::string_view intern(std::string_view word);

  std::unordered_map<std::uint64_t, Entry> entries_;
  std::deque<std::uint64_t> order_;
  std::set<std::string, std::less<>> words_;  ///< rules and the like: few, and bounded
  std::uint64_t joined_ = 0;
  std::uint64_t dropped_ = 0;
};

}  // namespace connfate::cli::report
