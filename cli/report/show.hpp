// SPDX-License-Identifier: Apache-2.0
#pragma once

// Provides LineShower: the raw lines behind a number (--show), with --offset and --limit. Used by
// the command. Surprising: on a terminal every byte that is not printable is written as \xhh,
// because clients write parts of these lines. Into a pipe or file the lines go as they are, unless
// they are escaped by wish.

#include <cstdint>
#include <ostream>

#include "cli/report/input/request.hpp"

namespace connfate::cli::report {

struct ShowOptions {
  std::uint64_t offset = 0;
  std::uint64_t limit = 100;
  bool escape = true;
  bool with_place = false;  ///< "file:line: " in front
};

class LineShower {
 public:
  LineShower(const ShowOptions& options, std::ostream& out) : options_(options), out_(out) {}

  void show(const Request& request);
  /// False when the limit is reached: no need to read on.
  bool wants_more() const noexcept { return seen_ < options_.offset + options_.limit; }
  std::uint64_t shown() const noexcept { return shown_; }

 private:
  ShowOptions options_;
  std::ostream& out_;
  std::uint64_t seen_ = 0;
  std::uint64_t shown_ = 0;
};

}  // namespace connfate::cli::report
