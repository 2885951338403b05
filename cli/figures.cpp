// SPDX-License-Identifier: Apache-2.0
#include "cli/figures.hpp"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <ctime>
#include <optional>

namespace connfate::cli {
namespace {

using SystemTime = std::chrono::sys_time<std::chrono::microseconds>;

constexpr const char* kBeyond = "beyond the calendar";

/// Other years are nobody's log, and ISO 8601 has no four digits for them.
std::optional<std::string> date_and_time(std::int64_t seconds) {
  constexpr std::int64_t kFirst = -62'135'596'800;
  constexpr std::int64_t kLast = 253'402'300'799;
  if (seconds < kFirst || seconds > kLast) return std::nullopt;
  return fmt::format("{:%Y-%m-%dT%H:%M:%S}", fmt::gmtime(static_cast<std::time_t>(seconds)));
}

}  // namespace

std::string with_commas(std::uint64_t count) {
  std::string text = std::to_string(count);
  for (auto at = static_cast<std::ptrdiff_t>(text.size()) - 3; at > 0; at -= 3) {
    text.insert(static_cast<std::size_t>(at), 1, ',');
  }
  return text;
}

std::string percent(std::uint64_t count, std::uint64_t of) {
  if (of == 0) return "-";
  const double value = 100.0 * static_cast<double>(count) / static_cast<double>(of);
  if (count == 0 || value >= 1) return fmt::format("{:.1f} %", value);
  return fmt::format("{:.2g} %", value);
}

std::string time_text(std::int64_t seconds) {
  const auto text = date_and_time(seconds);
  return text ? *text + 'Z' : kBeyond;
}

std::string time_text(SystemTime time) {
  return time_text(std::chrono::floor<std::chrono::seconds>(time).time_since_epoch().count());
}

std::string exact_time_text(SystemTime time) {
  const auto whole = std::chrono::floor<std::chrono::seconds>(time);
  const auto text = date_and_time(whole.time_since_epoch().count());
  if (!text) return kBeyond;
  const auto fraction = (time - whole).count();
  return fraction == 0 ? *text + 'Z' : fmt::format("{}.{:06}Z", *text, fraction);
}

}  // namespace connfate::cli
