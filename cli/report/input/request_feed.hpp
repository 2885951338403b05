// SPDX-License-Identifier: Apache-2.0
#pragma once

// Provides RequestFeed: records in, requests out, each with the last word on its fate. It counts
// every line, joins the witness's lines, and applies the filters. Used by the command; pure.
// Surprising: when lines of the witness follow the requests they are about (--follow, standard
// input), requests wait for them in a room of fixed size; one that is pushed out keeps the fate of
// its line.

#include <deque>
#include <functional>
#include <string>
#include <vector>

#include "cli/log/line_parser.hpp"
#include "cli/report/input/filter.hpp"
#include "cli/report/input/line_counts.hpp"
#include "cli/report/input/witness_join.hpp"

namespace connfate::cli::report {

class RequestFeed {
 public:
  using OnRequest = std::function<void(const Request&)>;
  using OnRecord = std::function<void(const log::Record&)>;

  static constexpr std::size_t kMostWaiting = 20'000;
  static constexpr std::size_t kMostUndecided = 40'000;

  struct Options {
    Filter filter{};
    /// No access log in the input: the witness's lines are the requests.
    bool witness_only = false;
    /// Requests wait for the witness's lines behind them.
    bool wait = false;
    /// Every line of the witness of the period that is asked for.
    OnRecord on_witness{};
  };

  RequestFeed(Options options, OnRequest on_request, OnRequest on_request_before = {});

  /// Before the requests are read, of files that can be read twice: a line of the witness is
  /// learned, and any other that names its node tells whose lines its file has.
  void learn(const log::Record& record);
  /// The file will be read, and has such lines.
  void expect(LogHosts::Side side, std::string_view file, std::string_view path) {
    join_.hosts().note_file(side, file, path);
  }
  void take(const log::Record& record);
  /// The requests that still wait, as they stand; they go on waiting.
  void give_waiting(const OnRequest& on_request);
  /// At the end: nothing more will be learned.
  void finish();

  /// Without the witness's lines of a file that was read before, by learn().
  void take_requests_only(const log::Record& record);

  /// The witness's lines were taken for the requests: there was no access log.
  bool is_witness_only() const noexcept { return options_.witness_only; }
  const LineCounts& counts() const noexcept { return counts_; }
  const WitnessJoin& join() const noexcept { return join_; }

 private:
  struct Waiting {
    std::uint64_t key;
    std::string source;
    std::uint64_t line;
    std::string raw;
  };

  void count_line(const log::Record& record);
  void take_request(const log::Record& record);
  void take_witness(const log::Record& record);
  void take_last_word(const log::Record& record);
  void keep_undecided(const log::Record& record);
  void decide_for_witness_only();
  void take_bad_line(const log::Record& record);
  void give(const log::Record& record, const OnRequest& on_request);
  void give(const Request& request, const OnRequest& on_request);
  void give(const Waiting& waiting, const OnRequest& on_request);
  /// The requests that waited for this verdict: one that two logs have is in both.
  void release(std::uint64_t key);
  bool is_settled(const Waiting& waiting);
  void parse(const Waiting& waiting);
  void push(const log::Record& record, std::uint64_t key);

  Options options_;
  OnRequest on_request_;
  OnRequest on_before_;
  LineCounts counts_;
  WitnessJoin join_;
  std::deque<Waiting> waiting_;
  /// Lines of the witness from a stream that has shown no request yet: it may be all there is.
  std::vector<Waiting> undecided_;
  bool has_requests_ = false;
  log::LineParser parser_;
  log::Record record_;
  std::string scratch_;
};

}  // namespace connfate::cli::report
