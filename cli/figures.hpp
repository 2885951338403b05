// SPDX-License-Identifier: Apache-2.0
#pragma once

// Provides how figures are written for people: counts, shares and times. Used by every subcommand,
// so that the same figure reads the same in all of them.

#include <chrono>
#include <cstdint>
#include <string>

namespace connfate::cli {

/// "1,234,567"
std::string with_commas(std::uint64_t count);

/// "12.3 %", and enough digits for what is rare.
std::string percent(std::uint64_t count, std::uint64_t of);

/// "2026-11-24T08:00:00Z"; "beyond the calendar" outside of the years 1 to 9999.
std::string time_text(std::int64_t seconds);
std::string time_text(std::chrono::sys_time<std::chrono::microseconds> time);

/// "2026-11-24T06:37:11.123456Z"; the fraction only where there is one.
std::string exact_time_text(std::chrono::sys_time<std::chrono::microseconds> time);

}  // namespace connfate::cli
