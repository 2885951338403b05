// SPDX-License-Identifier: Apache-2.0
#pragma once

// Provides HeardServers: which kinds of server ("nginx", "httpd") have reported since the log was
// opened, so that the log says it once for each: `connfate doctor` reads there that the way from a
// server to the witness works. Used by the intake.
// Surprising: names come from the reports, so there is room for a few short ones only.

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace connfate::witness {

class HeardServers {
 public:
  static constexpr std::size_t kMost = 4;
  static constexpr std::size_t kLongest = 32;

  void note(std::string_view server);

  /// Those that were heard for the first time since the last call.
  std::vector<std::string> take_new() { return std::exchange(new_, {}); }

  /// Another file: there each is new again.
  void begin_again() noexcept { heard_.clear(); }

 private:
  std::vector<std::string> heard_;
  std::vector<std::string> new_;
};

}  // namespace connfate::witness
