// SPDX-License-Identifier: Apache-2.0
#include "cli/log/reader.hpp"

#include <chrono>
#include <deque>
#include <stdexcept>
#include <thread>

#include "cli/log/follow.hpp"
#include "cli/log/line_buffer.hpp"
#include "cli/log/line_parser.hpp"
#include "cli/log/source.hpp"

namespace connfate::cli::log {
namespace {

constexpr std::chrono::milliseconds kRound{250};

class Reading {
 public:
  Reading(const Visitor& visit, const ReadOptions& options) : visit_(visit), options_(options) {}

  void read(const std::string& file);
  void follow(const std::vector<std::string>& files);
  bool is_over() const noexcept { return is_over_; }
  std::vector<ReadFailure> take_failures() { return std::move(failures_); }

 private:
  bool give(const std::string& file, const LineBuffer::Line& line);
  void read_lines(const std::string& file, Source& source);
  void open_followed(const std::string& file);
  bool read_round(FollowedFile& file);
  void tell_progress(std::uint64_t bytes) {
    if (options_.progress) options_.progress(bytes);
  }
  void fail(const std::string& file, const std::exception& error) {
    failures_.push_back({file, error.what()});
  }

  const Visitor& visit_;
  const ReadOptions& options_;
  LineParser parser_;
  Record record_;
  LineBuffer lines_{kLongestLine};
  std::deque<FollowedFile> followed_;
  std::vector<ReadFailure> failures_;
  std::uint64_t bytes_before_ = 0;
  bool is_over_ = false;
};

bool Reading::give(const std::string& file, const LineBuffer::Line& line) {
  if (line.text.empty()) return true;
  if (options_.hosts_only && !looks_like_witness_line(line.text) && !may_name_node(line.text)) {
    return true;
  }
  record_.source = file;
  record_.line = line.number;
  record_.cut = line.cut;
  parser_.parse(line.text, record_);
  is_over_ = is_over_ || !visit_(record_);
  return !is_over_;
}

void Reading::read_lines(const std::string& file, Source& source) {
  lines_.clear();
  const auto read = [&source](char* to, std::size_t size) { return source.read(to, size); };
  bool more = true;
  while (more) {
    try {
      more = lines_.fill(read);
    } catch (const std::runtime_error& error) {
      fail(file, error);
      more = false;
    }
    tell_progress(bytes_before_ + source.taken());
    while (const auto line = lines_.next()) {
      if (!give(file, *line)) return;
    }
  }
  if (const auto rest = lines_.take_rest()) give(file, *rest);
}

void Reading::read(const std::string& file) {
  try {
    const auto source = open_source(file);
    read_lines(file, *source);
    bytes_before_ += source->taken();
  } catch (const std::runtime_error& error) {
    fail(file, error);
  }
}

void Reading::open_followed(const std::string& file) {
  try {
    followed_.emplace_back(file, kLongestLine);
  } catch (const std::runtime_error& error) {
    fail(file, error);
  }
}

bool Reading::read_round(FollowedFile& file) {
  try {
    return file.read([&](const LineBuffer::Line& line) { return give(file.path(), line); });
  } catch (const std::runtime_error& error) {
    fail(file.path(), error);
    return false;
  }
}

void Reading::follow(const std::vector<std::string>& files) {
  for (const std::string& file : files) {
    if (file == "-") {
      read(file);
    } else {
      open_followed(file);
    }
  }
  while (!is_over_ && !followed_.empty()) {
    for (FollowedFile& file : followed_) {
      if (!read_round(file)) return;
    }
    if (!options_.keep_following()) return;
    std::this_thread::sleep_for(kRound);
  }
}

}  // namespace

std::vector<ReadFailure> read_logs(const std::vector<std::string>& files, const Visitor& visit,
                                   const ReadOptions& options) {
  Reading reading(visit, options);
  if (options.keep_following) {
    reading.follow(files);
  } else {
    for (const std::string& file : files) {
      if (!reading.is_over()) reading.read(file);
    }
  }
  return reading.take_failures();
}

}  // namespace connfate::cli::log
