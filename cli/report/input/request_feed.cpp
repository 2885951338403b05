// SPDX-License-Identifier: Apache-2.0
#include "cli/report/input/request_feed.hpp"

#include <algorithm>

#include "cli/printable.hpp"

namespace connfate::cli::report {
namespace {

using log::Kind;

constexpr std::size_t kSampleSize = 160;

bool is_just_before(const log::Record& record, const Filter& filter) noexcept {
  if (!record.time || !filter.since || !filter.before_from) return false;
  return *record.time < *filter.since && *record.time >= *filter.before_from;
}

}  // namespace

RequestFeed::RequestFeed(Options options, OnRequest on_request, OnRequest on_request_before)
    : options_(std::move(options)),
      on_request_(std::move(on_request)),
      on_before_(std::move(on_request_before)) {}

void RequestFeed::take_bad_line(const log::Record& record) {
  ++counts_.unparsable;
  if (counts_.samples.size() >= LineCounts::kMostSamples) return;
  std::string text = printable(record.raw.substr(0, kSampleSize));
  if (record.raw.size() > kSampleSize) text += "...";
  counts_.samples.push_back({std::string(record.source), record.line, std::move(text)});
}

void RequestFeed::learn(const log::Record& record) {
  join_.hosts().note(record);
  if (record.kind == Kind::kWitness) take_witness(record);
}

void RequestFeed::take_witness(const log::Record& record) {
  ++counts_.witness;
  if (options_.filter.matches_period(record)) {
    if (options_.on_witness) options_.on_witness(record);
  } else if (record.witness.event == "connection") {
    ++counts_.connections_out_of_period;
    return;
  }
  if (record.witness.event == "connection") {
    if (record.fate) {
      counts_.connections.add(*record.fate, make_request(record, nullptr).by);
    }
    return;
  }
  if (record.witness.reason == "no_such_socket") {
    ++counts_.witness_unverified;
    return;
  }
  // With log = "trouble" none has: it is settled without a word.
  if (record.fate == Fate::kDelivered) counts_.witness_told_delivered = true;
  if (record.witness.reason == "lost_events") ++counts_.witness_lost;
  if (record.witness.reason == "in_progress") ++counts_.witness_in_progress;
  if (options_.witness_only) {
    take_last_word(record);
    return;
  }
  if (options_.wait && !has_requests_) keep_undecided(record);
  if (!join_.learn(record)) ++counts_.witness_without_key;
  if (record.witness.reason != "in_progress") release(join_key(record));
}

void RequestFeed::release(std::uint64_t key) {
  for (auto at = waiting_.begin(); at != waiting_.end();) {
    if (at->key != key || !is_settled(*at)) {
      ++at;
      continue;
    }
    const Waiting waiting = std::move(*at);
    at = waiting_.erase(at);
    give(waiting, on_request_);
  }
}

bool RequestFeed::is_settled(const Waiting& waiting) {
  parse(waiting);
  return join_.find(record_).why == WitnessJoin::Why::kJoined;
}

void RequestFeed::parse(const Waiting& waiting) {
  record_.source = waiting.source;
  record_.line = waiting.line;
  parser_.parse(waiting.raw, record_);
}

void RequestFeed::take_last_word(const log::Record& record) {
  if (record.witness.reason == "in_progress") return;  // the final line follows, and counts
  const LastWord word = join_.last_word_of(record);
  ++counts_.requests;
  give(make_request(record, &word), on_request_);
}

void RequestFeed::keep_undecided(const log::Record& record) {
  if (undecided_.size() >= kMostUndecided) {
    ++counts_.witness_undecided;
    return;
  }
  undecided_.push_back({0, std::string(record.source), record.line, std::string(record.raw)});
}

void RequestFeed::decide_for_witness_only() {
  options_.witness_only = true;
  for (const Waiting& line : undecided_) {
    parse(line);
    take_last_word(record_);
  }
  undecided_.clear();
}

void RequestFeed::count_line(const log::Record& record) {
  ++counts_.total;
  if (record.cut) ++counts_.cut;
  if (record.has_later_fate()) ++counts_.later_fates;
}

void RequestFeed::take(const log::Record& record) {
  if (record.kind != Kind::kWitness) {
    take_requests_only(record);
    return;
  }
  count_line(record);
  join_.hosts().note(record);
  take_witness(record);
}

void RequestFeed::take_requests_only(const log::Record& record) {
  count_line(record);
  if (options_.wait) join_.hosts().note(record);  // nobody has read it before
  switch (record.kind) {
    case Kind::kBundle:
    case Kind::kJson: take_request(record); break;
    case Kind::kWitness: break;
    case Kind::kDaemon:
      ++counts_.daemon;
      if (record.witness.event == "loss") ++counts_.witness_lost;
      if (!record.witness.log.empty()) counts_.witness_log_all = record.witness.log == "all";
      break;
    case Kind::kNoFate: ++counts_.without_fate; break;
    case Kind::kUnparsable: take_bad_line(record); break;
  }
}

void RequestFeed::take_request(const log::Record& record) {
  ++counts_.requests;
  if (!has_requests_) {
    has_requests_ = true;
    undecided_.clear();
    counts_.witness_undecided = 0;
  }
  const std::uint64_t key = options_.wait ? join_key(record) : 0;
  if (key != 0) {
    push(record, key);
  } else {
    give(record, on_request_);
  }
}

void RequestFeed::push(const log::Record& record, std::uint64_t key) {
  waiting_.push_back({key, std::string(record.source), record.line, std::string(record.raw)});
  if (waiting_.size() <= kMostWaiting) return;
  give(waiting_.front(), on_request_);
  waiting_.pop_front();
}

void RequestFeed::give(const Waiting& waiting, const OnRequest& on_request) {
  parse(waiting);
  give(record_, on_request);
}

void RequestFeed::give(const log::Record& record, const OnRequest& on_request) {
  const WitnessJoin::Found found = join_.find(record);
  if (found.why == WitnessJoin::Why::kAmbiguous) ++counts_.fit_by_several;
  if (found.why == WitnessJoin::Why::kNoHost) ++counts_.of_unknown_host;
  give(make_request(record, found.word), on_request);
}

void RequestFeed::give_waiting(const OnRequest& on_request) {
  const LineCounts counts = counts_;  // they are counted when they leave the room
  for (const Waiting& waiting : waiting_) give(waiting, on_request);
  counts_ = counts;
}

void RequestFeed::finish() {
  for (const Waiting& waiting : waiting_) give(waiting, on_request_);
  waiting_.clear();
  if (!undecided_.empty()) decide_for_witness_only();
}

void RequestFeed::give(const Request& request, const OnRequest& on_request) {
  const log::Record& record = *request.record;
  const bool before = on_before_ && is_just_before(record, options_.filter);
  if (!options_.filter.matches_period(record)) {
    ++(record.time ? counts_.out_of_period : counts_.no_time_for_period);
    if (!before) return;
  }
  if (!options_.filter.matches_conditions(request, scratch_)) {
    if (!before) ++counts_.filtered;
  } else if (before) {
    on_before_(request);
  } else {
    if (request.last_word != nullptr) ++counts_.joined;
    on_request(request);
  }
}

}  // namespace connfate::cli::report
