// SPDX-License-Identifier: Apache-2.0
#pragma once

// Provides Options: what the command line of `connfate report` asks for, checked. Read by run().

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "cli/report/input/filter.hpp"
#include "cli/report/input/selector.hpp"

namespace connfate::cli::report {

struct Options {
  enum class Format { kText, kJson, kCsv };

  std::vector<std::string> files;
  std::vector<std::string> where;
  std::string since;
  std::string until;
  std::string by;
  std::string show_fate;  ///< --show FATE
  bool show = false;
  std::uint64_t limit = 100;
  std::uint64_t offset = 0;
  bool with_place = false;
  std::optional<std::size_t> top;  ///< rows of each table; each medium has its own default
  bool follow = false;
  double interval = 2;  ///< seconds between two reports, with --follow
  bool json = false;
  bool csv = false;
  /// What hangs on this host now; empty: nobody can be asked.
  std::function<std::vector<std::string>()> live;
  std::string html;  ///< file for the page with charts; beside what goes to standard output

  Format format() const noexcept {
    if (json) return Format::kJson;
    return csv ? Format::kCsv : Format::kText;
  }
};

/// The conditions and the period. Throws std::invalid_argument with what to write instead.
Filter filter_of(const Options& options, log::LogTime now);

/// --by; throws as above.
std::optional<Selector> chosen_of(const Options& options);

}  // namespace connfate::cli::report
