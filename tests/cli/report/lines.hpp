// SPDX-License-Identifier: Apache-2.0
#pragma once

// Provides log lines and a Counted: a feed with its aggregate, fed with lines of text. For the
// tests of what reasons in report.

#include <fmt/format.h>

#include <string>

#include "cli/log/line_parser.hpp"
#include "cli/report/count/aggregate.hpp"
#include "cli/report/input/request_feed.hpp"
#include "cli/report/judge/make_summary.hpp"

namespace connfate::cli::report {

struct LineOf {
  std::string fate = "pending";
  std::string by = "-";
  std::string client = "203.0.113.7";
  std::string path = "/a";
  std::string time = "24/Nov/2026:08:00:00";
  std::string more = "written=500 end=500 cookie=0000000000000001";
  std::string seconds = "0.100";
};

inline std::string line_of(const LineOf& line) {
  return fmt::format(
      "www.example.org:80 {} - - [{} +0000] \"GET {} HTTP/1.1\" 200 5 \"-\" \"-\" {} fate={} by={} "
      "{} v=1",
      line.client, line.time, line.path, line.seconds, line.fate, line.by, line.more);
}

/// What the witness says of the line above.
inline std::string witness_line(const std::string& fate, const std::string& by,
                                const std::string& more = R"("final":true)") {
  return fmt::format(
      R"({{"event":"response","time":"2026-11-24T08:00:00.500000Z","server":"nginx","uri":"/a",)"
      R"("client":"203.0.113.7","cookie":"0000000000000001","end":500,"written":500,"first":"pending",)"
      R"("fate":"{}","by":"{}","close":"rst","rule":"final-rst","rst_from":"path",)"
      R"("confidence":"moderate",{},"v":1}})",
      fate, by, more);
}

class Counted {
 public:
  explicit Counted(RequestFeed::Options options = {}, std::optional<Selector> by = std::nullopt)
      : aggregate_(by),
        feed_(
            std::move(options), [this](const Request& request) { aggregate_.add(request); },
            [this](const Request& request) { aggregate_.add_before(request); }) {}

  void take(const std::string& line, const std::string& file = "access.log") {
    feed_.take(parse(line, file));
  }
  void learn(const std::string& line, const std::string& file = "access.log") {
    feed_.learn(parse(line, file));
  }
  RequestFeed& feed() { return feed_; }
  const Aggregate& aggregate() const { return aggregate_; }
  Summary report(const SummaryOptions& options = {}) {
    feed_.finish();
    return make_summary(aggregate_, feed_, options);
  }

 private:
  const log::Record& parse(const std::string& line, const std::string& file) {
    text_ = line;
    file_ = file;
    record_.source = file_;
    ++record_.line;
    parser_.parse(text_, record_);
    return record_;
  }

  Aggregate aggregate_;
  RequestFeed feed_;
  std::string text_;
  std::string file_;
  log::LineParser parser_;
  log::Record record_;
};

}  // namespace connfate::cli::report
