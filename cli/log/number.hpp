// SPDX-License-Identifier: Apache-2.0
#pragma once

// Provides parse_number() and parse_seconds(): figures of a log line. Used by the readers of lines
// and by the filters. The whole text must be the figure.

#include <charconv>
#include <chrono>
#include <cstdint>
#include <optional>
#include <string_view>

namespace connfate::cli::log {

inline std::optional<std::uint64_t> parse_number(std::string_view text) noexcept {
  std::uint64_t value = 0;
  const char* const last = text.data() + text.size();
  const auto [end, error] = std::from_chars(text.data(), last, value);
  if (text.empty() || error != std::errc() || end != last) return std::nullopt;
  return value;
}

/// "1.234" (nginx's $request_time): seconds, up to six digits behind the point; at most ten digits
/// before it.
inline std::optional<std::chrono::microseconds> parse_seconds(std::string_view text) noexcept {
  constexpr std::uint64_t kMost = 9'999'999'999;
  constexpr std::size_t kDigits = 6;
  const auto point = text.find('.');
  const auto whole = parse_number(text.substr(0, point));
  if (!whole || *whole > kMost) return std::nullopt;
  std::uint64_t micros = 0;
  if (point != text.npos) {
    const std::string_view decimals = text.substr(point + 1, kDigits);
    const auto part = parse_number(decimals);
    if (!part || point + 1 + decimals.size() != text.size()) return std::nullopt;
    micros = *part;
    for (std::size_t i = decimals.size(); i < kDigits; ++i) micros *= 10;
  }
  return std::chrono::microseconds(*whole * 1'000'000 + micros);
}

}  // namespace connfate::cli::log
