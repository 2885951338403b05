// SPDX-License-Identifier: Apache-2.0
#include "cli/report/judge/now_words.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "cli/figures.hpp"
#include "cli/printable.hpp"
#include "cli/report/judge/words.hpp"

namespace connfate::cli::report {
namespace {

constexpr std::size_t kMostNetworks = 5;

std::int64_t to_seconds(log::LogTime time) noexcept {
  return std::chrono::floor<std::chrono::seconds>(time).time_since_epoch().count();
}

/// ", from ... to ...", where any line had a time.
std::string when_words(const std::optional<log::LogTime>& first,
                       const std::optional<log::LogTime>& last) {
  return first && last ? ", " + span_text(to_seconds(*first), to_seconds(*last)) : std::string();
}

void add_unanswered(std::vector<std::string>& words, const Summary& summary) {
  std::uint64_t all = 0;
  for (const UnansweredRow& row : summary.unanswered) all += row.count;
  if (all == 0) return;
  std::string networks;
  const std::size_t shown = std::min(summary.unanswered.size(), kMostNetworks);
  for (std::size_t i = 0; i < shown; ++i) {
    const UnansweredRow& row = summary.unanswered[i];
    if (row.network.empty()) continue;
    networks += fmt::format("{}{} of clients in {}", networks.empty() ? ": " : ", ",
                            with_commas(row.count), printable(row.network));
  }
  words.push_back(fmt::format(
      "Unanswered when the witness last wrote: {} responses whose data is sent again and not "
      "acknowledged{}. `connfate live` says how it stands now.",
      with_commas(all), networks));
}

void add_fallen(std::vector<std::string>& words, const Summary& summary) {
  const std::size_t shown = std::min(summary.fallen.size(), kMostNetworks);
  for (std::size_t i = 0; i < shown; ++i) {
    words.push_back(fmt::format(
        "{} (the witness's rule D4, in {} lines). For the network team: what do these clients "
        "share on their way to this server?",
        printable(summary.fallen[i].statement), with_commas(summary.fallen[i].lines)));
  }
}

void add_stopped(std::vector<std::string>& words, const Summary& summary) {
  for (const StoppedRow& row : summary.stopped) {
    words.push_back(fmt::format(
        "Requests of clients in {} have stopped: none since {}, while {} of others came; {} of {} "
        "had been theirs before ({}).",
        printable(row.network), time_text(row.last), with_commas(row.elsewhere),
        with_commas(row.requests), with_commas(row.all_before),
        percent(row.requests, row.all_before)));
  }
}

void add_errors(std::vector<std::string>& words, const Summary& summary) {
  const ErrorAnswers& errors = summary.answered_with_errors;
  if (errors.count == 0) return;
  std::string statuses;
  for (std::size_t i = 0; i < errors.of_status.size(); ++i) {
    if (errors.of_status[i] == 0) continue;
    statuses += fmt::format("{}{} {}", statuses.empty() ? "" : ", ", 500 + i,
                            with_commas(errors.of_status[i]));
  }
  words.push_back(fmt::format(
      "Answered with an error of this server or its backend: {} (status {}){}. Such an answer "
      "arrives like any other, so it is no trouble of its own here.",
      with_commas(errors.count), statuses, when_words(errors.first, errors.last)));
}

void add_closed(std::vector<std::string>& words, const Summary& summary) {
  const ClosedByServer& closed = summary.closed_by_server;
  if (closed.count == 0) return;
  words.push_back(fmt::format(
      "Closed by this server although the client had sent more: {} connections{}. Requests on "
      "keep-alive connections are lost so in a reload or restart, and at the keep-alive timeout.",
      with_commas(closed.count), when_words(closed.first, closed.last)));
}

}  // namespace

bool has_no_shares(const Summary& summary) noexcept {
  const LineCounts& lines = summary.lines;
  return summary.witness_only && !lines.witness_log_all.value_or(lines.witness_told_delivered);
}

std::vector<std::string> now_words(const Summary& summary) {
  std::vector<std::string> words;
  add_unanswered(words, summary);
  add_fallen(words, summary);
  add_stopped(words, summary);
  add_errors(words, summary);
  add_closed(words, summary);
  return words;
}

}  // namespace connfate::cli::report
