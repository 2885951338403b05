// SPDX-License-Identifier: Apache-2.0
#pragma once

// Provides LogHosts: of which host a line is. A line names its node, but the short form of a
// healthy response does not, and a format may leave it out: then the other lines of its file tell,
// if they name one node and no other. Where nothing tells, lines are joined only inside one pair of
// files, one of a server and one of a witness, in which no two hosts were seen. Used by
// WitnessJoin. Surprising: whoever can read the files twice notes all of them first, so that the
// answer does not depend on their order.

#include <array>
#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <string_view>

#include "cli/log/record.hpp"

namespace connfate::cli::report {

class LogHosts {
 public:
  enum class Side : std::uint8_t { kServer, kWitness };

  /// The file holds such lines; `path` is where it is, without links and relative parts.
  void note_file(Side side, std::string_view file, std::string_view path);
  /// This line stands in its file.
  void note(const log::Record& record);
  /// `own` is what the line itself says. Empty when nothing tells.
  std::string_view node_of(Side side, std::string_view file, std::string_view own) const noexcept;
  /// Lines without a node can be of one host only.
  bool are_one_pair() const noexcept;

  /// Files with one name here are of one host. That is the file before it was rotated and packed
  /// (`access.log` of `access.log.2.gz`, `access_log` of `access_log-20261124`), and one for all
  /// files in the folders that the servers of this host log to.
  static std::string_view host_of_path(std::string_view path) noexcept;

 private:
  using Names = std::set<std::string, std::less<>>;
  struct Seen {
    Names noted;
    Names hosts;  ///< one is all that is asked for: no more than two are kept, here and below
    Names nodes;
    std::map<std::string, Names, std::less<>> nodes_of_file;
  };

  Seen& seen(Side side) noexcept { return seen_[static_cast<std::size_t>(side)]; }
  const Seen& seen(Side side) const noexcept { return seen_[static_cast<std::size_t>(side)]; }

  std::array<Seen, 2> seen_;
};

}  // namespace connfate::cli::report
