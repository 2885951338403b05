// SPDX-License-Identifier: Apache-2.0
#pragma once

// Provides the ways in which logs write a time, as text to instant; figures.hpp has the way back.
// Used by the readers of lines and by the filter (--since, --until). Surprising: a time without a
// zone is refused. It would be a guess.

#include <chrono>
#include <optional>
#include <string_view>

namespace connfate::cli::log {

using LogTime = std::chrono::sys_time<std::chrono::microseconds>;

/// "24/Nov/2026:07:59:18 +0000" at the start of `text`: nginx's $time_local, httpd's %t.
std::optional<LogTime> parse_clf_time(std::string_view text) noexcept;

/// "2026-11-24T07:59:18+00:00" at the start of `text`; also with a space for the T, with decimals,
/// with Z or +0000.
std::optional<LogTime> parse_iso_time(std::string_view text) noexcept;

/// "1795507158" or "1795507158.123": nginx's $msec. Years 2001 to 2286, so that no other figure
/// passes for a time.
std::optional<LogTime> parse_epoch_time(std::string_view text) noexcept;

/// Any of the three, and nothing behind it.
std::optional<LogTime> parse_log_time(std::string_view text) noexcept;

/// A time without a zone is that of this host (TZ, /etc/localtime), as the clock on the wall says
/// it. "2026-11-24", "2026-11-24 20:27", "2026-11-24T20:27:03"; "20:27" is the last time it was so.
std::optional<LogTime> parse_local_time(std::string_view text, LogTime now);

}  // namespace connfate::cli::log
