// SPDX-License-Identifier: Apache-2.0
#include "cli/report/run.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <csignal>
#include <filesystem>
#include <iostream>
#include <stdexcept>

#include "cli/figures.hpp"
#include "cli/log/input_kind.hpp"
#include "cli/log/reader.hpp"
#include "cli/printable.hpp"
#include "cli/report/judge/make_summary.hpp"
#include "cli/report/progress.hpp"
#include "cli/report/render/page_file.hpp"
#include "cli/report/render/render.hpp"
#include "cli/report/show.hpp"
#include "cli/terminal.hpp"

namespace connfate::cli::report {
namespace {

std::sig_atomic_t volatile was_interrupted = 0;

TextOptions text_options(const Options& options) {
  TextOptions text;
  text.most_rows = options.top.value_or(text.most_rows);
  text.colours = terminal::takes_colours();
  text.columns = terminal::text_columns();
  if (terminal::is_one() && !options.follow) text.rows = terminal::rows();
  return text;
}

log::LogTime now() {
  return std::chrono::floor<std::chrono::microseconds>(std::chrono::system_clock::now());
}

/// Some log of the input is one of this host: what hangs here now belongs into the report. A log of
/// the witness may not have grown for hours.
bool is_of_this_host(const std::vector<std::string>& files) {
  namespace fs = std::filesystem;
  constexpr std::chrono::seconds kJustNow{60};
  return std::ranges::any_of(files, [&](const std::string& file) {
    std::error_code error;
    if (!fs::is_regular_file(file, error)) return false;
    if (fs::canonical(file, error).native().starts_with("/var/log/")) return true;
    const auto written = fs::last_write_time(file, error);
    return !error && fs::file_time_type::clock::now() - written < kJustNow;
  });
}

/// Which files hold the witness's lines, so that these are read first.
struct Inputs {
  std::vector<std::string> witness;
  std::vector<std::string> servers;
  bool witness_only = false;
  bool has_streams = false;  ///< pipes, which can be read only once
};

Inputs look_at(const Options& options) {
  Inputs inputs;
  for (const std::string& file : options.files) {
    const bool is_stream = !log::is_rereadable(file);
    inputs.has_streams = inputs.has_streams || is_stream;
    const log::InputKind kind = is_stream ? log::InputKind{false, true} : log::input_kind_of(file);
    if (kind.has_witness_lines) inputs.witness.push_back(file);
    if (kind.has_requests) inputs.servers.push_back(file);
  }
  inputs.witness_only = inputs.servers.empty() && !inputs.witness.empty();
  return inputs;
}

class Run {
 public:
  explicit Run(const Options& options)
      : options_(options),
        filter_(filter_of(options, now())),
        aggregate_(chosen_of(options)),
        inputs_(look_at(options)),
        shower_({options.offset, options.limit, ::isatty(STDOUT_FILENO) == 1, options.with_place},
                std::cout) {}

  ExitCode run() {
    Progress progress(options_.files);
    RequestFeed feed = make_feed();
    const bool learn_first = !inputs_.witness_only && !options_.follow;
    expect_files(feed);
    if (learn_first && !inputs_.witness.empty()) learn(feed);
    read(feed, progress);
    feed.finish();
    if (!is_showing() && !options_.follow) print(aggregate_, feed);
    if (is_showing()) tell_shown();
    for (const auto& failure : failures_) {
      std::cerr << fmt::format("connfate report: {}: {}\n", printable(failure.file), failure.why);
    }
    return exit_code();
  }

 private:
  bool is_showing() const noexcept { return options_.show || !options_.show_fate.empty(); }

  RequestFeed make_feed() {
    // Followed lines are shown at once, unless the witness will have its word on them.
    const bool is_watched = options_.follow && (!is_showing() || !inputs_.witness.empty());
    const bool wait = is_watched || inputs_.has_streams;
    const auto on_request = [this](const Request& request) {
      if (is_showing()) {
        shower_.show(request);
      } else {
        aggregate_.add(request);
      }
    };
    const auto on_before = [this](const Request& request) { aggregate_.add_before(request); };
    const bool compares = filter_.before_from && !is_showing();
    const auto on_witness = [this](const log::Record& record) { aggregate_.add_witness(record); };
    return RequestFeed({filter_, inputs_.witness_only, wait, on_witness}, on_request,
                       compares ? RequestFeed::OnRequest(on_before) : RequestFeed::OnRequest());
  }

  void expect_files(RequestFeed& feed) const {
    const auto expect = [&feed](LogHosts::Side side, const std::string& file) {
      std::error_code error;
      const auto path = std::filesystem::canonical(file, error);
      feed.expect(side, file, error ? file : path.native());
    };
    for (const auto& file : inputs_.servers) expect(LogHosts::Side::kServer, file);
    for (const auto& file : inputs_.witness) expect(LogHosts::Side::kWitness, file);
  }

  void learn(RequestFeed& feed) {
    log::ReadOptions reading;
    reading.hosts_only = true;
    // Verdicts of a file that is not one of the witness's are taken in its own turn.
    const auto learn_line = [&](const log::Record& record) {
      if (record.kind != log::Kind::kWitness || was_learned(record.source)) feed.learn(record);
      return true;
    };
    std::vector<std::string> files;
    std::ranges::copy_if(options_.files, std::back_inserter(files), log::is_rereadable);
    log::read_logs(files, learn_line, reading);  // what fails, fails once more below
  }

  bool was_learned(std::string_view source) const {
    for (const std::string& file : inputs_.witness) {
      if (file == source) return !inputs_.witness_only && !options_.follow;
    }
    return false;
  }

  void read(RequestFeed& feed, Progress& progress) {
    log::ReadOptions reading;
    reading.progress = [&progress](std::uint64_t bytes) { progress.show(bytes); };
    if (options_.follow) reading.keep_following = [this, &feed] { return keep_following(feed); };
    std::string last_source;
    bool learned = false;
    const auto take = [&](const log::Record& record) {
      if (record.source != last_source) {
        last_source = record.source;
        learned = was_learned(record.source);
      }
      if (learned) {
        feed.take_requests_only(record);
      } else {
        feed.take(record);
      }
      return (!is_showing() || shower_.wants_more()) && was_interrupted == 0;
    };
    failures_ = log::read_logs(options_.files, take, reading);
  }

  bool keep_following(RequestFeed& feed) {
    using Clock = std::chrono::steady_clock;
    if (is_showing()) {
      std::cout.flush();
    } else if (Clock::now() >= next_report_) {
      next_report_ = Clock::now() +
                     std::chrono::milliseconds(static_cast<std::int64_t>(options_.interval * 1000));
      Aggregate with_waiting = aggregate_;
      feed.give_waiting([&with_waiting](const Request& request) { with_waiting.add(request); });
      print(with_waiting, feed);
    }
    return was_interrupted == 0 && std::cout.good();
  }

  void print(const Aggregate& aggregate, const RequestFeed& feed) {
    SummaryOptions options;
    options.most_rows = options_.top.value_or(options.most_rows);
    options.compares_periods = filter_.before_from.has_value();
    Summary summary = make_summary(aggregate, feed, options);
    for (const auto& failure : failures_) {
      summary.unreadable.push_back(printable(failure.file) + ": " + failure.why);
    }
    if (options_.live && options_.until.empty() && is_of_this_host(options_.files)) {
      std::vector<std::string> live = options_.live();
      auto& sentences = summary.conclusion.now;
      sentences.insert(sentences.begin(), live.begin(), live.end());
    }
    counted_ = summary.fates.total();
    const TextOptions text = text_options(options_);
    if (options_.follow && ::isatty(STDOUT_FILENO) == 1) std::cout << "\x1b[H\x1b[2J";
    switch (options_.format()) {
      case Options::Format::kText: std::cout << to_text(summary, text); break;
      case Options::Format::kJson: std::cout << to_json(summary); break;
      case Options::Format::kCsv: std::cout << to_csv(summary); break;
    }
    std::cout.flush();
    if (!options_.html.empty()) write_html(summary);
  }

  void write_html(const Summary& summary) {
    PageOptions page;
    page.made = time_text(now());
    page.inputs = options_.files;
    for (const std::string& where : options_.where) page.selection.push_back("--where " + where);
    if (!options_.since.empty()) page.selection.push_back("--since " + options_.since);
    if (!options_.until.empty()) page.selection.push_back("--until " + options_.until);
    const std::error_code error = write_page(options_.html, to_html(summary, page));
    if (!error) return;
    std::cerr << fmt::format("connfate report: {}: {}\n", printable(options_.html),
                             error.message());
    has_lost_output_ = true;
  }

  void tell_shown() {
    counted_ = shower_.shown();
    if (shower_.wants_more()) return;
    std::cerr << fmt::format(
        "connfate report: {} lines shown, there may be more: --limit, --offset {}\n", counted_,
        options_.offset + counted_);
  }

  ExitCode exit_code() const {
    if (!std::cout.good() || has_lost_output_) return ExitCode::kOutput;
    if (!failures_.empty()) return ExitCode::kUsage;
    return counted_ > 0 ? ExitCode::kOk : ExitCode::kNothingFound;
  }

  const Options& options_;
  Filter filter_;
  Aggregate aggregate_;
  Inputs inputs_;
  LineShower shower_;
  std::vector<log::ReadFailure> failures_;
  std::chrono::steady_clock::time_point next_report_;
  std::uint64_t counted_ = 0;
  bool has_lost_output_ = false;
};

}  // namespace

ExitCode run(const Options& options) {
  if (options.follow) {
    (void)std::signal(SIGINT, [](int) { was_interrupted = 1; });
    (void)std::signal(SIGTERM, [](int) { was_interrupted = 1; });
  }
  try {
    return Run(options).run();
  } catch (const std::invalid_argument& error) {
    std::cerr << "connfate report: " << printable(error.what()) << '\n';
    return ExitCode::kUsage;
  }
}

}  // namespace connfate::cli::report
