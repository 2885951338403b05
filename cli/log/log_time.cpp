// SPDX-License-Identifier: Apache-2.0
#include "cli/log/log_time.hpp"

#include <array>
#include <ctime>
#include <string>

#include "cli/log/number.hpp"

namespace connfate::cli::log {
namespace {

/// Takes the parts of a time off the front of a text; after the first mismatch it says no.
class TimeText {
 public:
  explicit TimeText(std::string_view text) noexcept : rest_(text) {}

  bool ok() const noexcept { return ok_; }
  std::string_view rest() const noexcept { return rest_; }
  char front() const noexcept { return rest_.empty() ? '\0' : rest_.front(); }

  void expect(char wanted) noexcept {
    ok_ = ok_ && front() == wanted;
    if (ok_) rest_.remove_prefix(1);
  }

  int digits(std::size_t count) noexcept {
    ok_ = ok_ && rest_.size() >= count;
    if (!ok_) return 0;
    int value = 0;
    for (const char c : rest_.substr(0, count)) {
      ok_ = ok_ && c >= '0' && c <= '9';
      value = value * 10 + (c - '0');
    }
    rest_.remove_prefix(count);
    return value;
  }

  unsigned month_name() noexcept {
    constexpr std::string_view kNames = "JanFebMarAprMayJunJulAugSepOctNovDec";
    const auto at = kNames.find(rest_.substr(0, 3));
    ok_ = ok_ && rest_.size() >= 3 && at != kNames.npos && at % 3 == 0;
    if (!ok_) return 0;
    rest_.remove_prefix(3);
    return static_cast<unsigned>(at / 3 + 1);
  }

  std::chrono::microseconds decimals() noexcept {
    if (front() != '.') return {};
    rest_.remove_prefix(1);
    std::int64_t value = 0;
    std::int64_t unit = 1'000'000;
    while (front() >= '0' && front() <= '9') {
      if (unit > 1) value += (unit /= 10) * (front() - '0');
      rest_.remove_prefix(1);
    }
    return std::chrono::microseconds(value);
  }

  /// Z, +hhmm or +hh:mm.
  std::chrono::minutes zone() noexcept {
    if (front() == 'Z') {
      rest_.remove_prefix(1);
      return {};
    }
    const bool west = front() == '-';
    expect(west ? '-' : '+');
    const int hours = digits(2);
    if (front() == ':') rest_.remove_prefix(1);
    const std::chrono::minutes offset{hours * 60 + digits(2)};
    return west ? -offset : offset;
  }

  std::chrono::seconds clock() noexcept {
    const int hour = digits(2);
    expect(':');
    const int minute = digits(2);
    expect(':');
    const int second = digits(2);
    ok_ = ok_ && hour < 24 && minute < 60 && second <= 60;
    return std::chrono::seconds(hour * 3600 + minute * 60 + second);
  }

 private:
  std::string_view rest_;
  bool ok_ = true;
};

std::optional<std::chrono::sys_days> to_day(int year, unsigned month, int day) noexcept {
  const std::chrono::year_month_day date{std::chrono::year{year}, std::chrono::month{month},
                                         std::chrono::day{static_cast<unsigned>(day)}};
  if (!date.ok()) return std::nullopt;
  return std::chrono::sys_days(date);
}

std::optional<LogTime> take_clf(TimeText& text) noexcept {
  const int day = text.digits(2);
  text.expect('/');
  const unsigned month = text.month_name();
  text.expect('/');
  const int year = text.digits(4);
  text.expect(':');
  const auto clock = text.clock();
  text.expect(' ');
  const auto zone = text.zone();
  const auto date = to_day(year, month, day);
  if (!text.ok() || !date) return std::nullopt;
  return LogTime(*date) + clock - zone;
}

std::optional<LogTime> take_iso(TimeText& text) noexcept {
  const int year = text.digits(4);
  text.expect('-');
  const int month = text.digits(2);
  text.expect('-');
  const int day = text.digits(2);
  text.expect(text.front() == ' ' ? ' ' : 'T');
  const auto clock = text.clock();
  const auto decimals = text.decimals();
  const auto zone = text.zone();
  const auto date = to_day(year, static_cast<unsigned>(month), day);
  if (!text.ok() || !date) return std::nullopt;
  return LogTime(*date) + clock + decimals - zone;
}

/// "20:27" or "20:27:03", and nothing behind it.
bool take_clock(const char* text, std::tm& time) {
  for (const char* format : {"%H:%M:%S", "%H:%M"}) {
    std::tm read = time;
    const char* const rest = ::strptime(text, format, &read);
    if (rest == nullptr || *rest != '\0') continue;
    time = read;
    return true;
  }
  return false;
}

/// Without a date the last time that the clock said so. Days that do not exist are none.
std::optional<LogTime> local_time(const std::tm& wanted, LogTime now, bool has_date) {
  using std::chrono::system_clock;
  std::tm time = wanted;
  auto found = system_clock::from_time_t(std::mktime(&time));
  if (time.tm_mday != wanted.tm_mday) return std::nullopt;
  if (!has_date && found > now) {
    time = wanted;
    --time.tm_mday;
    found = system_clock::from_time_t(std::mktime(&time));
  }
  return std::chrono::floor<std::chrono::microseconds>(found);
}

}  // namespace

std::optional<LogTime> parse_clf_time(std::string_view text) noexcept {
  TimeText parts(text);
  return take_clf(parts);
}

std::optional<LogTime> parse_iso_time(std::string_view text) noexcept {
  TimeText parts(text);
  return take_iso(parts);
}

std::optional<LogTime> parse_epoch_time(std::string_view text) noexcept {
  constexpr std::size_t kDigits = 10;
  const auto value = parse_seconds(text);
  const auto point = text.find('.');
  if (!value || (point == text.npos ? text.size() : point) != kDigits) return std::nullopt;
  return LogTime(*value);
}

std::optional<LogTime> parse_log_time(std::string_view text) noexcept {
  TimeText clf(text);
  if (const auto time = take_clf(clf); time && clf.rest().empty()) return time;
  TimeText iso(text);
  if (const auto time = take_iso(iso); time && iso.rest().empty()) return time;
  return parse_epoch_time(text);
}

std::optional<LogTime> parse_local_time(std::string_view text, LogTime now) {
  const std::time_t today = std::chrono::system_clock::to_time_t(now);
  std::tm time{};
  ::localtime_r(&today, &time);
  time.tm_hour = time.tm_min = time.tm_sec = 0;
  time.tm_isdst = -1;
  const std::string copy(text);
  std::tm dated = time;  // what does not match leaves its beginning behind
  const char* rest = ::strptime(copy.c_str(), "%Y-%m-%d", &dated);
  const bool has_date = rest != nullptr;
  if (has_date) time = dated;
  if (!has_date) rest = copy.c_str();
  if (has_date && (*rest == 'T' || *rest == ' ')) ++rest;
  if (*rest == '\0' && (!has_date || copy.back() == ' ' || copy.back() == 'T')) return std::nullopt;
  if (*rest != '\0' && !take_clock(rest, time)) return std::nullopt;
  return local_time(time, now, has_date);
}

}  // namespace connfate::cli::log
