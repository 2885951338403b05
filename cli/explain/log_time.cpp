// SPDX-License-Identifier: Apache-2.0
#include "cli/explain/log_time.hpp"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <cstring>
#include <ctime>

namespace connfate::cli {
namespace {

using std::chrono::microseconds;
using std::chrono::seconds;

/// ".123456", as many digits as there are; moves `rest` behind it.
microseconds take_fraction(const char*& rest) {
  microseconds fraction{0};
  if (*rest != '.') return fraction;
  ++rest;
  for (microseconds unit{100'000}; *rest >= '0' && *rest <= '9'; ++rest) {
    fraction += (*rest - '0') * unit;
    unit = microseconds(unit.count() / 10);
  }
  return fraction;
}

std::optional<LogTime> parse_with(const std::string& text, const char* format) {
  std::tm parts{};
  const char* rest = ::strptime(text.c_str(), format, &parts);
  if (rest == nullptr) return std::nullopt;
  const microseconds fraction = take_fraction(rest);
  while (*rest == ' ') ++rest;
  std::tm zone{};
  if (::strptime(rest, "%z", &zone) == nullptr && *rest != 'Z' && *rest != '\0')
    return std::nullopt;
  const seconds local(::timegm(&parts));
  return LogTime(local - seconds(zone.tm_gmtoff) + fraction);
}

}  // namespace

std::optional<LogTime> parse_log_time(std::string_view text) {
  constexpr std::size_t kLongest = 64;
  const std::string copy(text.substr(0, kLongest));
  if (const auto time = parse_with(copy, "%Y-%m-%dT%H:%M:%S")) return time;
  return parse_with(copy, "%d/%b/%Y:%H:%M:%S");
}

std::string to_text(LogTime time) {
  const auto whole = std::chrono::floor<seconds>(time);
  const auto fraction = (time - whole).count();
  const std::string text =
      fmt::format("{:%Y-%m-%dT%H:%M:%S}", fmt::gmtime(std::chrono::system_clock::to_time_t(whole)));
  return fraction == 0 ? text + 'Z' : fmt::format("{}.{:06}Z", text, fraction);
}

}  // namespace connfate::cli
