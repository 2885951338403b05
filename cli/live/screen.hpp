// SPDX-License-Identifier: Apache-2.0
#pragma once

// Provides Screen: a page on the terminal that is drawn again and again until somebody has had
// enough (SIGINT, SIGTERM, SIGHUP). Used by `connfate live`. The terminal's own modes are not
// touched; the cursor is hidden meanwhile and comes back however the loop ends.

#include <chrono>
#include <cstddef>
#include <functional>
#include <string>

namespace connfate::cli {

class Screen {
 public:
  /// Throws std::system_error.
  Screen();
  ~Screen();
  Screen(const Screen&) = delete;
  Screen& operator=(const Screen&) = delete;

  /// Draws what `page` makes of the number of rows, every `interval` and when the window changes.
  void run(std::chrono::milliseconds interval, const std::function<std::string(std::size_t)>& page);

 private:
  bool waits(std::chrono::milliseconds interval) const;  ///< false: it is to end

  int signals_;
};

/// Whether standard output is a terminal.
bool is_terminal();

}  // namespace connfate::cli
