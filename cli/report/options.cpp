// SPDX-License-Identifier: Apache-2.0
#include "cli/report/options.hpp"

#include <stdexcept>

namespace connfate::cli::report {

Filter filter_of(const Options& options, log::LogTime now) {
  Filter filter;
  for (const std::string& text : options.where) filter.conditions.push_back(Condition::parse(text));
  if (!options.show_fate.empty()) {
    filter.conditions.push_back(Condition::parse("fate=" + options.show_fate));
  }
  if (!options.since.empty()) filter.since = parse_when(options.since, now);
  if (!options.until.empty()) filter.until = parse_when(options.until, now);
  const auto end = filter.until.value_or(now);
  if (filter.since && filter.until && *filter.since >= *filter.until) {
    throw std::invalid_argument("--since must be before --until");
  }
  if (filter.since && end > *filter.since)
    filter.before_from = *filter.since - (end - *filter.since);
  return filter;
}

std::optional<Selector> chosen_of(const Options& options) {
  if (options.by.empty()) return std::nullopt;
  const auto selector = Selector::find(options.by);
  if (!selector) {
    throw std::invalid_argument(options.by +
                                ": no such field; `connfate report --help` lists them");
  }
  return selector;
}

}  // namespace connfate::cli::report
