// SPDX-License-Identifier: Apache-2.0
#pragma once

// Provides Screen: a page on the terminal that is drawn again and again until somebody has had
// enough (q, SIGINT, SIGTERM, SIGHUP); the arrow keys scroll it. Used by `connfate live`.
// Surprising: meanwhile the cursor is hidden and keys are not echoed; both come back however the
// loop ends. Where standard input is no terminal there are no keys.

#include <termios.h>

#include <chrono>
#include <cstddef>
#include <functional>
#include <optional>
#include <string>

namespace connfate::cli {

class Screen {
 public:
  struct Room {
    std::size_t rows;
    std::size_t columns;
    std::size_t first;  ///< of what is scrolled
  };

  /// Throws std::system_error.
  Screen();
  ~Screen();
  Screen(const Screen&) = delete;
  Screen& operator=(const Screen&) = delete;

  /// Draws what `page` makes of the room, every `interval` and when window or room change. The last
  /// line of the window is the screen's own.
  void run(std::chrono::milliseconds interval, const std::function<std::string(const Room&)>& page);

 private:
  bool waits(std::chrono::milliseconds interval);  ///< false: it is to end
  bool takes_keys();                               ///< false: one of them was q
  bool takes_signal() const;

  int signals_;
  std::optional<termios> modes_;  ///< as they were
  std::size_t first_ = 0;
};

}  // namespace connfate::cli
