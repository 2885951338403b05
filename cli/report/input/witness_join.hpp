// SPDX-License-Identifier: Apache-2.0
#pragma once

// Provides WitnessJoin: the final verdicts of connfate-witness, to be found by the request they are
// about: by the socket's cookie and the end of the response, or by the request id. Used by
// RequestFeed. Surprising:
//  - Memory is bounded: beyond kMost verdicts the oldest are dropped, and counted.
//  - A cookie counts up from boot on every kernel, so it is unique on one host only, and streams of
//    one HTTP/2 connection can end at one position. Node, boot, range and time must agree
//    (log_hosts.hpp, line_marks.hpp), and of two verdicts that fit equally well none is taken: the
//    result is the same for any order of files and lines. docs/adr/0044.

#include <cstdint>
#include <deque>
#include <optional>
#include <set>
#include <string>
#include <unordered_map>
#include <vector>

#include "cli/report/input/line_marks.hpp"
#include "cli/report/input/log_hosts.hpp"
#include "cli/report/input/request.hpp"

namespace connfate::cli::report {

/// What a request and its verdict have in common; 0 when a line has neither key.
std::uint64_t join_key(const log::Record& record) noexcept;

class WitnessJoin {
 public:
  static constexpr std::size_t kMost = 400'000;
  /// Verdicts with one key that are told apart; beyond, none of them is taken.
  static constexpr std::size_t kMostAlike = 256;

  enum class Why : std::uint8_t {
    kNone,       ///< no verdict fits
    kJoined,     ///< the word is that of the only verdict that fits, or fits best
    kAmbiguous,  ///< several fit equally well
    kNoHost,     ///< one would, but nothing tells that it is of the same host
  };
  struct Found {
    const LastWord* word = nullptr;  ///< valid until the next learn()
    Why why = Why::kNone;
  };

  /// Of which host lines are: to be told of the files.
  LogHosts& hosts() noexcept { return hosts_; }
  /// Takes a line about a response. False when it has no key.
  bool learn(const log::Record& record);
  /// The verdict on that request.
  Found find(const log::Record& record);

  /// As the last word on a response, without a request line.
  LastWord last_word_of(const log::Record& record);

  std::size_t size() const noexcept { return order_.size(); }
  std::uint64_t joined() const noexcept { return joined_; }
  std::uint64_t dropped() const noexcept { return dropped_; }

 private:
  struct Verdict {
    LastWord last_word;
    LineMarks marks;
    std::string_view node;
    std::string_view source;
    std::uint8_t rank = 0;
    bool is_contested = false;  ///< two lines of the witness about it differ
    bool is_joined = false;
  };
  struct Alike {
    std::vector<Verdict> verdicts;
    bool too_many = false;
  };
  struct Fit {
    Verdict* verdict;
    std::uint32_t agreed;
  };

  using Words = std::set<std::string, std::less<>>;

  static std::string_view intern(Words& words, std::string_view word, std::size_t most);
  bool is_known(Alike& alike, const Verdict& verdict);
  void drop_oldest();
  Found choose(const std::vector<Fit>& fits);

  LogHosts hosts_;
  std::unordered_map<std::uint64_t, Alike> entries_;
  std::deque<std::uint64_t> order_;
  Words words_;  ///< rules and the like: few, and bounded
  Words names_;  ///< of nodes and files
  std::uint64_t joined_ = 0;
  std::uint64_t dropped_ = 0;
};

}  // namespace connfate::cli::report
