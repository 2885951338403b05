// SPDX-License-Identifier: Apache-2.0
#pragma once

// Provides small_report(): a report with every section, made of few lines: trouble of one network,
// the witness, bad lines, and texts that a hostile client wrote. For the tests of the renderers.

#include "cli/report/lines.hpp"

namespace connfate::cli::report {

/// A path that would run a script, were it written into a page as it is.
inline constexpr const char* kHostilePath =
    "/</script><script>hacked=1</script><img onerror=hacked=2>";

inline Summary small_report() {
  Counted counted({}, Selector::find("status"));
  counted.learn(witness_line("rst_received", "path"));
  counted.take(line_of({}));
  for (int i = 0; i < 400; ++i) {
    LineOf line;
    line.client = fmt::format("203.0.{}.5", i % 7);
    line.path = fmt::format("/item/{}", i);
    line.time = fmt::format("24/Nov/2026:08:{:02}:{:02}", i / 60, i % 60);
    line.more =
        fmt::format("written={} end={} cookie={:016x}", 300 + i * 10, 300 + i * 10, i + 100);
    if (i % 20 == 0 && i > 100) {
      line.client = "198.51.100.7";
      line.fate = "ack_timeout";
      line.by = "peer";
      line.seconds = "350.500";
      line.more += " silence_ms=350400";
    }
    counted.take(line_of(line));
  }
  counted.take("\x1b]0;gotcha\x07 no log line at all");
  counted.take(line_of({.fate = "delivered", .path = "/\x1b[2J<script>", .more = "written=5"}));
  counted.take(
      line_of({.fate = "client_abort", .by = "client", .path = kHostilePath, .more = "written=5"}));
  return counted.report();
}

}  // namespace connfate::cli::report
