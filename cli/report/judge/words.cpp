// SPDX-License-Identifier: Apache-2.0
#include "cli/report/judge/words.hpp"

#include <fmt/format.h>

#include "cli/figures.hpp"
#include "cli/printable.hpp"
#include "cli/report/judge/now_words.hpp"

namespace connfate::cli::report {
namespace {

std::string window_words(const Finding& finding) {
  if (!finding.window) return "They are spread over the whole time of the log.";
  const FailureWindow& window = *finding.window;
  constexpr std::uint64_t kTellsSomething = 20;
  std::string words = fmt::format("{} of {} were logged {}", with_commas(window.inside),
                                  with_commas(window.of), span_text(window.from, window.to));
  if (finding.requests_before >= kTellsSomething) {
    words += fmt::format(", after {} requests of the same group without any trouble",
                         with_commas(finding.requests_before));
  }
  return words + '.';
}

/// Who ended them, and what that word does not say.
std::string by_words(const Finding& finding) {
  std::string words;
  for (std::size_t i = 0; i < kByCount; ++i) {
    if (finding.by[i] == 0) continue;
    const auto by = static_cast<By>(i);
    words += fmt::format(
        "{} by {}{}", words.empty() ? "Ended" : ",", to_token(by),
        by == By::kPeer && !finding.on_this_host ? " (client or path, not told apart)" : "");
  }
  return words.empty() ? words : words + '.';
}

std::string step_words(const SizeStep& step) {
  return fmt::format(
      "By size of the response: {} of {} not acknowledged from {} bytes on, {} of {} below. That "
      "is what a path that drops large packets looks like; what drops them the log does not say.",
      with_commas(step.failed_above), with_commas(step.requests_above), with_commas(step.edge),
      with_commas(step.failed_below), with_commas(step.requests_below));
}

std::string cliff_words(const Cliff& cliff, std::string_view what) {
  std::string words = fmt::format("{} of {} {} {} to {} s.", with_commas(cliff.inside),
                                  with_commas(cliff.failures), what, cliff.from, cliff.from + 2);
  if (!cliff.timer.empty()) {
    words +=
        fmt::format(" That fits a timer of {} s ({}); whose timer it was the log does not say.",
                    cliff.seconds, cliff.timer);
  } else {
    words += " That fits a timer; whose it was the log does not say.";
  }
  return words;
}

std::string also_words(const Finding& finding) {
  std::string words;
  for (const Overlap& also : finding.also) {
    words += fmt::format("{}{} of {} of them were requests of {}", words.empty() ? "" : ", ",
                         with_commas(also.count), with_commas(also.of),
                         group_words(also.dimension, also.name));
  }
  return words.empty() ? words : words + '.';
}

/// What ends these is a timer of this server: their duration tells nothing else.
bool has_own_timer(Fate fate) noexcept {
  return fate == Fate::kAckStalled || fate == Fate::kClientStalled ||
         fate == Fate::kServerTimeout || fate == Fate::kRequestTimeout;
}

/// Also ack_stalled ends by the client's patience; the witness's rule says so.
std::string whose_timer(const Finding& finding) {
  if (finding.clients_patience == 0) return "by this server's own timer";
  if (finding.clients_patience >= finding.sampled) return "when the clients' patience ended";
  return fmt::format("by this server's own timer, or when the client's patience ended ({} of {})",
                     with_commas(finding.clients_patience), with_commas(finding.sampled));
}

void add_timers(std::vector<std::string>& details, const Finding& finding) {
  if (has_own_timer(finding.fate)) {
    if (!finding.duration) return;
    details.push_back(fmt::format("{} of {} ended after {} to {} s, {}.",
                                  with_commas(finding.duration->inside),
                                  with_commas(finding.duration->failures), finding.duration->from,
                                  finding.duration->from + 2, whose_timer(finding)));
    return;
  }
  if (finding.duration) details.push_back(cliff_words(*finding.duration, "ended after"));
  if (finding.silence) {
    details.push_back(cliff_words(*finding.silence, "ended when the peer had been silent for"));
  }
}

std::string overall(const Summary& summary) {
  const std::uint64_t total = summary.fates.total();
  const std::uint64_t trouble = summary.fates.trouble();
  if (total == 0 && summary.lines.without_fate > 0) {
    return fmt::format(
        "No request with a fate was counted: {} lines have none. `connfate doctor` names each site "
        "that logs none, and what mends it.",
        with_commas(summary.lines.without_fate));
  }
  if (total == 0) return "No request with a fate was counted.";
  if (has_no_shares(summary)) {
    return trouble == 0 ? "No response in the witness's log was in trouble."
                        : fmt::format("{} responses were in trouble.", with_commas(trouble));
  }
  const std::string_view what =
      summary.witness_only ? "responses in the witness's log" : "requests";
  if (trouble == 0) return fmt::format("None of {} {} was in trouble.", with_commas(total), what);
  return fmt::format("{} of {} {} were in trouble ({}).", with_commas(trouble), with_commas(total),
                     what, percent(trouble, total));
}

/// "client_abort 40, broken_pipe 3"
std::string left_words(const FateCounts& fates) {
  std::string words;
  for (int i = 0; i < kFateCount; ++i) {
    const auto fate = static_cast<Fate>(i);
    if (fates.left(fate) == 0) continue;
    words += fmt::format("{}{} {}", words.empty() ? "" : ", ", to_token(fate),
                         with_commas(fates.left(fate)));
  }
  return words;
}

std::vector<std::string> apart(const Summary& summary) {
  std::vector<std::string> words;
  const std::uint64_t total = summary.fates.total();
  if (const std::uint64_t left = summary.fates.left(); left > 0) {
    words.push_back(fmt::format("The client left: {} ({}), by its own end ({}).", with_commas(left),
                                percent(left, total), left_words(summary.fates)));
  }
  if (const std::uint64_t none = summary.fates[Fate::kNoRequest]; none > 0) {
    words.push_back(
        fmt::format("Without a request: {} ({}). Not one byte of it arrived, as with preconnects "
                    "and checks.",
                    with_commas(none), percent(none, total)));
  }
  return words;
}

/// What a line of the log would have to say for which finding.
void add_lacks(std::vector<std::string>& words, const Summary& summary) {
  if (!summary.has_hosts) {
    words.emplace_back(
        "By host nothing can be said: no line tells one (nginx host=$host, httpd host=%v).");
  }
  if (!summary.has_durations) {
    words.emplace_back(
        "Timers cannot be found: no line tells how long a request took (nginx "
        "request_time=$request_time, httpd duration_us=%D).");
  }
}

void add_limits(std::vector<std::string>& words, const Summary& summary) {
  const std::uint64_t pending = summary.fates[Fate::kPending];
  if (pending > 0) {
    words.push_back(fmt::format(
        "{} ({}) were pending: on their way when the line was written. Whether they arrived {}.",
        with_commas(pending), percent(pending, summary.fates.total()),
        summary.lines.witness > 0
            ? "the witness's lines given here do not say; by default it writes only of those that "
              "did not"
            : "only the log of connfate-witness says"));
  }
  if (summary.fates[Fate::kUnknown] > 0) {
    words.push_back(fmt::format("{} in trouble are unknown, and counted as nobody's fault.",
                                with_commas(summary.fates[Fate::kUnknown])));
  }
  if (has_no_shares(summary)) {
    words.emplace_back(
        "The witness wrote of responses that were not delivered only (log = \"trouble\"): which "
        "share of all requests that was, an access log with fates says, or log = \"all\".");
  }
  if (summary.fates.trouble() + summary.fates.left() > 0) add_lacks(words, summary);
}

bool is_plain(std::string_view name) noexcept {
  for (const char c : name) {
    if (c <= ' ' || c > '~' || c == '\'' || c == ',') return false;
  }
  return !name.empty();
}

bool needs_quotes(std::string_view name) noexcept {
  return name.find_first_not_of(
             "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789./:_-") != name.npos;
}

}  // namespace

std::string span_text(std::int64_t from, std::int64_t to) {
  if (from == to) return "at " + time_text(from);
  return fmt::format("from {} to {}", time_text(from), time_text(to));
}

std::string group_words(std::string_view dimension, std::string_view name) {
  if (dimension == "network") return "clients in " + printable(name);
  if (dimension == "host") return "host " + printable(name);
  return "path " + printable(name);
}

std::string headline_of(const Finding& finding) {
  const bool own_reset = finding.fate == Fate::kRstReceived && finding.client_left;
  if (finding.no_shares) {
    return fmt::format("{}{}: {} of {} such responses were requests of {}.", to_token(finding.fate),
                       own_reset ? " by the client" : "", with_commas(finding.count),
                       with_commas(finding.count + finding.count_elsewhere),
                       group_words(finding.dimension, finding.name));
  }
  return fmt::format("{}{}: {} of {} requests of {} ({}), against {} of {} elsewhere ({}).",
                     to_token(finding.fate), own_reset ? " by the client" : "",
                     with_commas(finding.count), with_commas(finding.requests),
                     group_words(finding.dimension, finding.name),
                     percent(finding.count, finding.requests), with_commas(finding.count_elsewhere),
                     with_commas(finding.requests_elsewhere),
                     percent(finding.count_elsewhere, finding.requests_elsewhere));
}

std::vector<std::string> details_of(const Finding& finding) {
  std::vector<std::string> details{by_words(finding), window_words(finding), also_words(finding)};
  if (finding.step && !finding.on_this_host) details.push_back(step_words(*finding.step));
  add_timers(details, finding);
  std::erase(details, "");
  return details;
}

std::string sentence_of(const Finding& finding) {
  std::string words = headline_of(finding);
  for (const std::string& detail : details_of(finding)) words += ' ' + detail;
  return words;
}

std::string show_options(const Finding& finding) {
  if (!is_plain(finding.name)) return {};
  const std::string condition = fmt::format("{}={}", finding.dimension, finding.name);
  std::string by;
  if (finding.fate == Fate::kRstReceived) {
    if (finding.client_left) by = " --where by=client";
    if (finding.has_own_resets) by = " --where by!=client";
  }
  return fmt::format("--where fate={}{} --where {} --show", to_token(finding.fate), by,
                     needs_quotes(finding.name) ? "'" + condition + "'" : condition);
}

Conclusion conclusion_of(const Summary& summary) {
  Conclusion conclusion{overall(summary), apart(summary), now_words(summary), {}};
  if (summary.findings.empty() && summary.fates.trouble() > 0) {
    conclusion.limits.emplace_back(
        summary.fates.trouble() + summary.fates.left() == summary.fates.total()
            ? "What stands out cannot be said: nothing here went well, to compare it with."
            : "No client network, host or path stands out: the trouble is spread, or too rare to "
              "tell.");
  }
  if (summary.step && summary.findings.empty()) {
    conclusion.limits.push_back("Over all requests: " + step_words(*summary.step));
  }
  add_limits(conclusion.limits, summary);
  return conclusion;
}

}  // namespace connfate::cli::report
