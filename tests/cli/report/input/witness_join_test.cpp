// SPDX-License-Identifier: Apache-2.0
// A verdict is told of the request it is about, or of none. docs/adr/0044.
#include "cli/report/input/witness_join.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <random>

#include "cli/report/lines.hpp"

namespace connfate::cli::report {
namespace {

const std::string kKey = "written=500 end=500 cookie=0000000000000001";

std::string of_node(const std::string& node) {
  return R"("final":true,"node":")" + node + R"(","boot":"0000000a")";
}

TEST(WitnessJoinTest, a_cookie_of_another_node_is_another_connection) {
  for (const bool wait : {false, true}) {
    Counted counted({.wait = wait});
    counted.learn(witness_line("rst_received", "path", of_node("web1")), "w1.log");
    counted.take(line_of({.more = kKey + " node=web2 boot=0000000a"}), "a2.log");
    EXPECT_EQ(counted.report().joined, 0U);
    counted.take(line_of({.more = kKey + " node=web1 boot=0000000a"}), "a1.log");
    EXPECT_EQ(counted.report().joined, 1U);
  }
}

TEST(WitnessJoinTest, and_of_another_boot_or_range_or_port_or_logged_fate) {
  const std::string node = " node=web1";
  for (const auto& [theirs, ours] :
       {std::pair{of_node("web1"), node + " boot=0000000b"},
        std::pair{of_node("web1") + R"(,"start":0)", " start=100" + node}}) {
    Counted counted;
    counted.learn(witness_line("rst_received", "path", theirs));
    counted.take(line_of({.more = kKey + ours}));
    EXPECT_EQ(counted.report().joined, 0U) << ours;
  }
  Counted fate;
  fate.learn(witness_line("rst_received", "path"));
  fate.take(line_of({.fate = "client_abort"}));
  EXPECT_EQ(fate.report().joined, 0U);
  Counted port;
  port.learn(witness_line("rst_received", "path", R"("final":true,"client_port":4001)"));
  port.take(R"({"uri":"/a","fate":"pending","rule":"in-flight","cookie":"0000000000000001",)"
            R"("end":500,"client_port":4002})");
  EXPECT_EQ(port.report().joined, 0U);
}

TEST(WitnessJoinTest, a_claimed_or_masked_address_prevents_nothing) {
  Counted counted;
  counted.learn(witness_line("rst_received", "path"));
  counted.take(line_of({.client = "198.51.100.99", .path = "/rewritten?x=1"}));
  EXPECT_EQ(counted.report().joined, 1U);
}

TEST(WitnessJoinTest, a_short_line_is_of_the_node_that_its_file_names) {
  Counted counted;
  counted.learn(witness_line("rst_received", "path", of_node("web1")), "w.log");
  counted.learn(line_of({.more = "node=web1 cookie=0000000000000009"}), "a1.log");
  counted.learn(line_of({.more = "node=web2 cookie=0000000000000009"}), "a2.log");
  counted.take(line_of({.more = kKey}), "a2.log");
  counted.take(line_of({.more = kKey}), "a1.log");
  const Summary summary = counted.report();
  EXPECT_EQ(summary.joined, 1U);
  EXPECT_EQ(summary.fates[Fate::kRstReceived], 1U);
}

TEST(WitnessJoinTest, where_nothing_tells_the_host_nothing_is_joined_and_that_is_counted) {
  Counted counted;
  counted.feed().expect(LogHosts::Side::kServer, "a1.log", "a1.log");
  counted.feed().expect(LogHosts::Side::kServer, "a2.log", "a2.log");
  counted.learn(witness_line("rst_received", "path"), "w.log");
  counted.take(line_of({}), "a1.log");
  const Summary summary = counted.report();
  EXPECT_EQ(summary.joined, 0U);
  EXPECT_EQ(summary.lines.of_unknown_host, 1U);
}

/// Streams of one HTTP/2 connection that ended together end at one position.
TEST(WitnessJoinTest, of_two_that_fit_the_one_that_agrees_in_more_and_else_none) {
  const std::string a = R"("final":true,"method":"GET","status":200)";
  const std::string b = R"("final":true,"method":"POST","status":200)";
  for (const bool is_post_first : {false, true}) {
    Counted counted;
    counted.learn(witness_line("ack_timeout", "peer", is_post_first ? b : a));
    counted.learn(witness_line("rst_received", "path", is_post_first ? a : b));
    counted.take(line_of({}));  // a GET
    EXPECT_EQ(counted.report().joined, 1U);
    EXPECT_EQ(counted.report().fates[is_post_first ? Fate::kRstReceived : Fate::kAckTimeout], 1U);
  }
  Counted none;
  none.learn(witness_line("ack_timeout", "peer", R"("final":true,"status":201)"));
  none.learn(witness_line("rst_received", "path", R"("final":true,"status":202)"));
  none.take(line_of({}));
  EXPECT_EQ(none.report().joined, 0U);
  EXPECT_EQ(none.report().lines.fit_by_several, 1U);
}

TEST(WitnessJoinTest, two_last_words_on_one_response_that_differ_are_none) {
  for (const bool is_reset_first : {false, true}) {
    Counted counted;
    counted.learn(witness_line(is_reset_first ? "rst_received" : "ack_timeout", "peer"));
    counted.learn(witness_line(is_reset_first ? "ack_timeout" : "rst_received", "peer"));
    counted.take(line_of({}));
    EXPECT_EQ(counted.report().lines.fit_by_several, 1U);
  }
  Counted twice;  // a file that was given twice
  for (int i = 0; i < 2; ++i) twice.learn(witness_line("rst_received", "path"));
  twice.take(line_of({}));
  EXPECT_EQ(twice.report().joined, 1U);
}

TEST(WitnessJoinTest, more_lines_with_one_key_than_are_kept_are_joined_with_nothing) {
  Counted counted;
  for (std::size_t i = 0; i <= WitnessJoin::kMostAlike; ++i) {
    counted.learn(witness_line("rst_received", "path",
                               R"("final":true,"status":)" + std::to_string(1000 + i)));
  }
  counted.take(line_of({}));
  EXPECT_EQ(counted.report().lines.fit_by_several, 1U);
}

/// Hosts that were booted together, so that their connections have the same cookies and ends, and
/// the same requests in the same seconds. What became of each response tells whose it was.
struct Fleet {
  struct Line {
    std::string file;
    std::string text;
  };
  static constexpr std::array kFinal{"rst_received", "ack_timeout", "client_abort", "unreachable"};
  static constexpr int kHosts = 9;
  static constexpr int kConnections = 8;

  /// `shape` 0: every line names its node; 1: only a few do; 2: all in one file for all hosts.
  explicit Fleet(int shape, std::mt19937& random) {
    for (int host = 0; host < kHosts; ++host) add_host(host, shape);
    std::ranges::shuffle(access, random);
    std::ranges::shuffle(witness, random);
  }

  void add_host(int host, int shape) {
    const std::string node = " node=web" + std::to_string(host) + " boot=0000000a";
    const std::string file = shape == 2 ? "all.log" : "web" + std::to_string(host) + "/access.log";
    for (int i = 0; i < kConnections; ++i) {
      const std::string key = "written=500 end=500 cookie=000000000000000" + std::to_string(i);
      const bool is_short = shape != 0 && i % 2 == 0;
      const std::string path = "/" + std::to_string(host);
      access.push_back({file, line_of({.path = path, .more = key + (is_short ? "" : node)})});
      // One in three has no verdict: that of another host must not be taken for it.
      if ((host + i) % 3 == 0) continue;
      std::string line = witness_line(kFinal[static_cast<std::size_t>(host) % kFinal.size()],
                                      "peer", of_node("web" + std::to_string(host)));
      line.replace(line.find("0000000000000001"), 16, "000000000000000" + std::to_string(i));
      witness.push_back({shape == 2 ? "witness.log" : file + ".witness", line});
    }
  }

  std::vector<Line> access;
  std::vector<Line> witness;
};

struct JoinOutcome {
  int wrong = 0;
  std::multiset<std::string> joined;
};

JoinOutcome outcome_of(const Fleet& fleet) {
  JoinOutcome outcome;
  const auto look = [&outcome](const Request& request) {
    if (request.last_word == nullptr) return;
    const std::string_view uri = request.record->uri;
    const auto host = static_cast<std::size_t>(uri[1] - '0');
    const bool is_right = to_token(request.fate) == Fleet::kFinal[host % Fleet::kFinal.size()];
    outcome.wrong += is_right ? 0 : 1;
    outcome.joined.emplace(std::string(uri) + std::string(request.record->field(FieldId::kCookie)));
  };
  RequestFeed feed({}, look);
  log::LineParser parser;
  const auto each = [&](const std::vector<Fleet::Line>& lines, auto&& do_with) {
    for (const Fleet::Line& line : lines) {
      log::Record record;
      record.source = line.file;
      parser.parse(line.text, record);
      do_with(record);
    }
  };
  each(fleet.witness, [&feed](const log::Record& record) { feed.learn(record); });
  each(fleet.access, [&feed](const log::Record& record) { feed.learn(record); });
  each(fleet.access, [&feed](const log::Record& record) { feed.take_requests_only(record); });
  feed.finish();
  return outcome;
}

TEST(WitnessJoinTest, logs_of_many_hosts_with_equal_cookies_in_any_order) {
  for (int shape = 0; shape < 3; ++shape) {
    std::optional<std::multiset<std::string>> first;
    for (unsigned seed = 1; seed <= 20; ++seed) {
      std::mt19937 random(seed);
      const JoinOutcome outcome = outcome_of(Fleet(shape, random));
      EXPECT_EQ(outcome.wrong, 0) << "shape " << shape << ", seed " << seed;
      if (!first) first = outcome.joined;
      EXPECT_EQ(outcome.joined, *first) << "shape " << shape << ", seed " << seed;
    }
    // All that have a verdict, but for the short lines where all hosts share a file.
    EXPECT_EQ(first->size(), shape == 2 ? 24U : 48U) << "shape " << shape;
  }
}

}  // namespace
}  // namespace connfate::cli::report
