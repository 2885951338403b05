// SPDX-License-Identifier: Apache-2.0
#include "witness/daemon/quantity.hpp"

#include <charconv>
#include <cstdint>
#include <span>

namespace connfate::witness {
namespace {

struct Unit {
  std::string_view name;
  std::uint64_t factor;
};

constexpr Unit kDurations[] = {{"ms", 1}, {"s", 1000}, {"min", 60'000}};
constexpr Unit kSizes[] = {{"", 1}, {"kB", 1000}, {"MB", 1'000'000}, {"GB", 1'000'000'000}};

/// nullopt also when the product is above `most`.
std::optional<std::uint64_t> parse(std::string_view text, std::span<const Unit> units,
                                   std::uint64_t most) noexcept {
  std::uint64_t number = 0;
  const char* const last = text.data() + text.size();
  const auto [end, error] = std::from_chars(text.data(), last, number);
  if (error != std::errc()) return std::nullopt;
  const std::string_view suffix(end, static_cast<std::size_t>(last - end));
  for (const Unit& unit : units) {
    if (unit.name == suffix && number <= most / unit.factor) return number * unit.factor;
  }
  return std::nullopt;
}

}  // namespace

std::optional<std::chrono::milliseconds> parse_duration(std::string_view text) noexcept {
  constexpr std::uint64_t kDay = 86'400'000;
  const auto count = parse(text, kDurations, kDay);
  if (!count) return std::nullopt;
  return std::chrono::milliseconds(static_cast<std::int64_t>(*count));
}

std::optional<std::size_t> parse_size(std::string_view text) noexcept {
  return parse(text, kSizes, SIZE_MAX);
}

}  // namespace connfate::witness
