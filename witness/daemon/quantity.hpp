// SPDX-License-Identifier: Apache-2.0
#pragma once

// Provides the two kinds of quantity that options are written in: "2s" and "256MB". Pure.

#include <chrono>
#include <cstddef>
#include <optional>
#include <string_view>

namespace connfate::witness {

/// A whole number with ms, s or min, up to a day; nullopt for anything else.
std::optional<std::chrono::milliseconds> parse_duration(std::string_view text) noexcept;

/// A whole number of bytes, or with kB, MB or GB (powers of 1000); nullopt for anything else.
std::optional<std::size_t> parse_size(std::string_view text) noexcept;

}  // namespace connfate::witness
