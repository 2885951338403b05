// SPDX-License-Identifier: Apache-2.0
#include "system/scenarios/expectation.hpp"

#include <algorithm>
#include <optional>

#include "system/scenarios/rule_words.hpp"

namespace connfate::harness {

const Condition kAckedLessThanWritten{"acked < written", [](const LogLine& line) {
                                        const auto acked = line.number("acked");
                                        const auto written = line.number("written");
                                        return acked && written && *acked < *written;
                                      }};
const Condition kSomeUnacked{
    "unacked > 0", [](const LogLine& line) { return line.number("unacked").value_or(0) > 0; }};
const Condition kSomeNotSent{
    "notsent > 0", [](const LogLine& line) { return line.number("notsent").value_or(0) > 0; }};
const Condition kNothingWritten{"written = 0",
                                [](const LogLine& line) { return line.number("written") == 0U; }};
const Condition kNothingAcked{"acked = 0",
                              [](const LogLine& line) { return line.number("acked") == 0U; }};
const Condition kStartsTheStream{"start = 0",
                                 [](const LogLine& line) { return line.number("start") == 0U; }};
const Condition kNoByteCounts{
    "no byte counts", [](const LogLine& line) {
      const auto absent = [&](std::string_view name) { return line.field(name).empty(); };
      return absent("written") && absent("acked") && absent("unacked") && absent("tcp_state");
    }};

namespace {

using Complaints = std::vector<std::string>;

std::string list(const Expectation::Tokens& tokens) {
  std::string text;
  for (const std::string& token : tokens) text += (text.empty() ? "" : " or ") + token;
  return text;
}

void expect_token(std::string_view name, const Expectation::Tokens& permitted, const LogLine& line,
                  Complaints& result) {
  const std::string value = line.field(name);
  if (permitted.empty() || std::ranges::find(permitted, value) != permitted.end()) return;
  result.push_back(std::string(name) + " is '" + value + "', expected " + list(permitted));
}

/// Bytes cannot be compared when one of them is not known.
void expect_sum(const LogLine& line, std::string_view whole, std::string_view part,
                std::string_view rest, Complaints& result) {
  const auto w = line.number(whole);
  const auto p = line.number(part);
  const auto r = line.number(rest);
  if (!w || !p || !r || *w == *p + *r) return;
  result.push_back(std::string(whole) + " is not " + std::string(part) + " + " + std::string(rest));
}

Expectation::Tokens permitted_by(std::string_view fate) {
  if (fate == "delivered" || fate == "pending" || fate == "no_request") return {""};
  if (fate == "server_abort" || fate == "server_timeout") return {"server"};
  if (fate == "unknown") return {"unknown"};
  const bool peer = fate == "rst_received" || fate == "ack_timeout" || fate == "unreachable" ||
                    fate == "ack_stalled" || fate == "request_timeout";
  return {peer ? "peer" : "client"};
}

}  // namespace

std::vector<std::string> complaints(const Expectation& expected, const LogLine& line) {
  Complaints result;
  expect_token("fate", expected.fate, line, result);
  expect_token("phase", expected.phase, line, result);
  expect_token("close", expected.close, line, result);
  expect_token("err", expected.err, line, result);
  const auto& status = expected.status;
  if (!status.empty() && std::ranges::find(status, line.status) == status.end()) {
    result.push_back("unexpected status " + std::to_string(line.status));
  }
  for (const Condition& condition : expected.where) {
    if (!condition.holds(line)) result.push_back("not true: " + std::string(condition.words));
  }
  return result;
}

std::vector<std::string> broken_invariants(const LogLine& line) {
  Complaints result;
  expect_token("by", permitted_by(line.field("fate")), line, result);
  expect_token("v", {"1"}, line, result);
  if (line.field("rule").empty()) result.push_back("no rule is named");
  expect_sum(line, "written", "acked", "unacked", result);
  expect_sum(line, "end", "start", "written", result);
  const auto unacked = line.number("unacked");
  if (line.field("fate") == "pending" && unacked == 0U) result.push_back("pending, unacked = 0");
  if (line.field("fate") == "delivered" && unacked.value_or(0) > 0) {
    result.push_back("delivered, unacked > 0");
  }
  if (unacked && line.number("notsent").value_or(0) > *unacked) {
    result.push_back("notsent > unacked");
  }
  for (std::string& words : denied_by_its_rule(line)) result.push_back(std::move(words));
  return result;
}

}  // namespace connfate::harness
