// SPDX-License-Identifier: Apache-2.0
#include "cli/report/input/filter.hpp"

#include <algorithm>
#include <charconv>
#include <stdexcept>

#include "cli/log/fate_word.hpp"
#include "cli/log/number.hpp"

namespace connfate::cli::report {
namespace {

std::optional<double> to_number(std::string_view text) noexcept {
  double value = 0;
  const char* const last = text.data() + text.size();
  const auto [end, error] = std::from_chars(text.data(), last, value);
  if (text.empty() || error != std::errc() || end != last) return std::nullopt;
  return value;
}

std::vector<std::string> split(std::string_view list) {
  std::vector<std::string> parts;
  for (;;) {
    const auto comma = list.find(',');
    parts.emplace_back(list.substr(0, comma));
    if (comma == list.npos) return parts;
    list.remove_prefix(comma + 1);
  }
}

bool matches(std::string_view pattern, std::string_view value) noexcept {
  if (pattern.ends_with('*')) return value.starts_with(pattern.substr(0, pattern.size() - 1));
  return pattern == value;
}

[[noreturn]] void refuse(std::string_view text, std::string_view what_to_do) {
  throw std::invalid_argument(std::string(text).append(": ").append(what_to_do));
}

/// 0: no such unit.
std::int64_t seconds_of_unit(char unit) noexcept {
  switch (unit) {
    case 's': return 1;
    case 'm': return 60;
    case 'h': return 3600;
    case 'd': return 86400;
    default: return 0;
  }
}

std::optional<std::chrono::seconds> parse_ago(std::string_view text) noexcept {
  constexpr std::int64_t kLongest = 100'000'000'000;  // 3000 years: a time in microseconds holds it
  if (text.empty()) return std::nullopt;
  const auto count = log::parse_number(text.substr(0, text.size() - 1));
  const std::int64_t unit = seconds_of_unit(text.back());
  if (!count || unit == 0 || *count > static_cast<std::uint64_t>(kLongest / unit)) {
    return std::nullopt;
  }
  return std::chrono::seconds(static_cast<std::int64_t>(*count) * unit);
}

}  // namespace

Condition Condition::parse(std::string_view text) {
  const auto at = text.find_first_of("!=<>");
  if (at == text.npos || at == 0) refuse(text, "write NAME=VALUE, for example fate=rst_received");
  const auto selector = Selector::find(text.substr(0, at));
  if (!selector) refuse(text.substr(0, at), "no such field; `connfate report --help` lists them");
  Condition condition(*selector);
  const bool with_equals = at + 1 < text.size() && text[at + 1] == '=';
  if (text[at] == '!' && !with_equals) refuse(text, "write != for not equal");
  const std::string_view value = text.substr(at + (with_equals && text[at] != '=' ? 2 : 1));
  if (text[at] == '=' || text[at] == '!') {
    condition.compare_ = text[at] == '=' ? Compare::kEqual : Compare::kNotEqual;
    condition.values_ = split(value);
    for (const std::string& one : condition.values_) {
      const bool is_fate =
          condition.selector_.name() == "fate" || condition.selector_.name() == "first";
      if (is_fate && !one.ends_with('*') && !log::to_fate(one)) {
        refuse(one, "no such fate; docs/fates.md lists them");
      }
      const auto prefix = parse_prefix(one);
      if (condition.selector_.name() == "client" && prefix) condition.prefixes_.push_back(*prefix);
    }
    return condition;
  }
  const auto number = to_number(value);
  if (!number) refuse(text, "< and > compare numbers");
  condition.number_ = *number;
  const bool less = text[at] == '<';
  condition.compare_ = with_equals ? (less ? Compare::kLessOrEqual : Compare::kGreaterOrEqual)
                                   : (less ? Compare::kLess : Compare::kGreater);
  return condition;
}

bool Condition::in_any_prefix(std::string_view value) const {
  const auto client = prefixes_.empty() ? std::nullopt : parse_address(value);
  return client && std::ranges::any_of(prefixes_, [&client](const AddressPrefix& prefix) {
           return prefix.contains(*client);
         });
}

bool Condition::equals_any(std::string_view value) const {
  return std::ranges::any_of(values_, [&](const auto& one) { return matches(one, value); }) ||
         in_any_prefix(value);
}

bool Condition::compares(std::string_view value) const {
  const auto number = to_number(value);
  if (!number) return false;
  switch (compare_) {
    case Compare::kLess: return *number < number_;
    case Compare::kLessOrEqual: return *number <= number_;
    case Compare::kGreater: return *number > number_;
    case Compare::kGreaterOrEqual: return *number >= number_;
    case Compare::kEqual:
    case Compare::kNotEqual: break;
  }
  return false;
}

bool Condition::holds(const Request& request, std::string& scratch) const {
  const std::string_view value = selector_.value(request, scratch);
  if (value.empty()) return false;
  if (compare_ == Compare::kEqual) return equals_any(value);
  if (compare_ == Compare::kNotEqual) return !equals_any(value);
  return compares(value);
}

bool Filter::matches_conditions(const Request& request, std::string& scratch) const {
  return std::ranges::all_of(conditions,
                             [&](const Condition& one) { return one.holds(request, scratch); });
}

bool Filter::matches_period(const log::Record& record) const noexcept {
  if (!since && !until) return true;
  if (!record.time) return false;
  return (!since || *record.time >= *since) && (!until || *record.time < *until);
}

log::LogTime parse_when(std::string_view text, log::LogTime now) {
  if (const auto ago = parse_ago(text)) return now - *ago;
  if (const auto time = log::parse_log_time(text)) return *time;
  if (const auto time = log::parse_local_time(text, now)) return *time;
  refuse(text, "write 30m, 2h, 7d, 20:27, 2026-11-24 20:27, or 2026-11-24T08:00:00Z");
}

}  // namespace connfate::cli::report
