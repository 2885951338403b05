// SPDX-License-Identifier: Apache-2.0
#pragma once

// Provides the time of a log line: ISO 8601 as in JSON and the witness's lines, or the form of the
// common log format. Used by the story of a connection, to bring lines of several files into order.

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace connfate::cli {

using LogTime = std::chrono::sys_time<std::chrono::microseconds>;

/// "2026-11-24T06:37:11.123456Z", "2026-11-24T06:37:11+01:00", "24/Nov/2026:06:37:11 +0100".
std::optional<LogTime> parse_log_time(std::string_view text);

/// "2026-11-24T06:37:11.123456Z"; the fraction only where there is one.
std::string to_text(LogTime time);

}  // namespace connfate::cli
