// SPDX-License-Identifier: Apache-2.0
// The witness is killed and restarted, and its file rotated, while the server is busy.
// A step of the wall clock is left to the unit tests: a time namespace shifts the monotonic clocks
// only, and the machine's own clock is not a test's to set.
#include <gtest/gtest.h>
#include <signal.h>

#include <algorithm>
#include <fstream>
#include <map>
#include <nlohmann/json.hpp>
#include <thread>

#include "harness/deadline.hpp"
#include "harness/load.hpp"
#include "peers/client.hpp"
#include "system/witness/witness_house.hpp"

namespace connfate::harness {
namespace {

using peers::Transport;
using std::chrono::milliseconds;
using std::chrono::seconds;

/// Where a response lies in the stream of its connection.
struct Range {
  std::uint64_t start, end;
  auto operator<=>(const Range&) const = default;
};
using Responses = std::map<std::string, std::vector<Range>>;  ///< by cookie

/// What one life of the witness wrote, without keeping the lines.
struct Life {
  Responses responses;
  std::size_t lines = 0, delivered = 0, blamed_on_the_path = 0, broken = 0;
  std::uint64_t reports_lost = 0;  ///< as its `loss` lines say
  bool stopped = false;

  void add(const Witness::Line& line) {
    const auto event = line.value("event", "");
    stopped = stopped || event == "witness_stopped";
    if (event == "loss") reports_lost += line.value("reports", 0U);
    if (event != "response" || line["final"] != true) return;
    ++lines;
    if (line["fate"] == "delivered") ++delivered;
    if (line.value("rst_from", "") == "path") ++blamed_on_the_path;
    if (line.contains("start") && line.contains("end")) {
      responses[line["cookie"]].push_back({line["start"], line["end"]});
    }
  }

  /// Logged responses without a line, on connections that have some, later than the first of them.
  std::uint64_t missing_of(const Responses& logged) const {
    std::uint64_t missing = 0;
    for (auto [cookie, ranges] : responses) {
      std::ranges::sort(ranges);
      const auto found = logged.find(cookie);
      if (found == logged.end()) continue;
      for (const Range& range : found->second) {
        const bool in_time = range.start >= ranges.front().start;
        if (in_time && !std::ranges::binary_search(ranges, range)) ++missing;
      }
    }
    return missing;
  }
};

/// The lives in these files, which follow one another.
std::vector<Life> lives_in(const std::vector<std::filesystem::path>& files) {
  std::vector<Life> lives;
  for (const auto& file : files) {
    std::ifstream text(file);
    for (std::string words; std::getline(text, words);) {
      const auto line = Witness::Line::parse(words, nullptr, false);
      if (!line.is_discarded() && line["event"] == "witness_started") lives.emplace_back();
      if (lives.empty()) lives.emplace_back();
      if (line.is_discarded()) {
        ++lives.back().broken;
      } else {
        lives.back().add(line);
      }
    }
  }
  return lives;
}

class WitnessRestartTest : public WitnessStory {
 protected:
  static constexpr int kConnections = 8;

  void kill_and_restart() {
    std::this_thread::sleep_for(milliseconds(500));
    witness_->kill();
    std::this_thread::sleep_for(milliseconds(200));
    witness_->start();
  }
  /// As logrotate does it. Returns the old file.
  std::filesystem::path rotate() {
    const auto old = witness_->output().string() + "." + std::to_string(++rotations_);
    std::filesystem::rename(witness_->output(), old);
    witness_->process().signal(SIGHUP);
    EXPECT_TRUE(
        eventually([&] { return std::filesystem::exists(witness_->output()); }, seconds(5)));
    return old;
  }
  /// So that every process of the server has told what it lost, and all before it is decided.
  void say_goodbye() {
    for (int i = 0; i < 2 * kConnections; ++i) {
      peers::Client client = stage_->connect();
      client.get("/small.txt?last=1");
      client.read_response();
    }
    final_response();
    std::this_thread::sleep_for(milliseconds(1500));  // settle, afterlife
  }
  std::size_t warnings() const {
    constexpr std::string_view kWords = "took no report";
    const std::string log = server_->error_log();
    std::size_t count = 0;
    for (auto at = log.find(kWords); at != log.npos; at = log.find(kWords, at + 1)) ++count;
    return count;
  }

 private:
  int rotations_ = 0;
};

TEST_P(WitnessRestartTest, ABusyServerNoticesNothingAndTheGapIsStated) {
  server_->clear_access_log();
  LoadResult load;
  std::vector<std::filesystem::path> files;
  {
    const auto to = server_->address(Transport::kCleartext);
    const std::jthread client([&] {
      load =
          run_wrk(house().lab(), "http://" + to.ip + ":" + std::to_string(to.port) + "/small.txt",
                  kConnections, seconds(3));
    });
    kill_and_restart();
    files.push_back(rotate());
    kill_and_restart();
    std::this_thread::sleep_for(milliseconds(300));
    files.push_back(rotate());
  }
  files.push_back(rotate());  // what is read again and again from now on is short
  say_goodbye();
  EXPECT_EQ(witness_->stop(), 0);
  files.push_back(witness_->output());

  // The server
  EXPECT_EQ(load.errors, 0U) << load.report;
  Responses logged;
  std::uint64_t of_load = 0;
  for (const LogLine& line : server_->log_lines()) {
    if (line.uri != "GET /small.txt HTTP/1.1") continue;
    ++of_load;
    const auto start = line.number("start"), end = line.number("end");
    if (start && end) logged[line.field("cookie")].push_back({*start, *end});
  }
  EXPECT_GE(of_load, load.requests);
  EXPECT_LE(of_load, load.requests + kConnections) << "wrk stops with requests under way";
  EXPECT_EQ(server_->error_log_problems(), std::vector<std::string>{});
  EXPECT_LE(warnings(), server_->workers().size()) << server_->error_log();

  // The witness
  const std::vector<Life> lives = lives_in(files);
  ASSERT_EQ(lives.size(), 3U);
  for (const Life& life : lives) {
    EXPECT_EQ(life.blamed_on_the_path, 0U);
    EXPECT_GT(life.delivered, 0U);
    EXPECT_GE(life.delivered + kConnections, life.lines);
    EXPECT_LE(life.broken, life.stopped ? 0U : 1U) << "the line that it was killed in";
  }
  const Life& last = lives.back();
  EXPECT_FALSE(lives[0].stopped || lives[1].stopped);
  EXPECT_TRUE(last.stopped);
  const std::uint64_t missing = last.missing_of(logged);
  std::printf("%llu requests, %zu + %zu + %zu lines; the last witness missed %llu, says %llu\n",
              static_cast<unsigned long long>(of_load), lives[0].lines, lives[1].lines, last.lines,
              static_cast<unsigned long long>(missing),
              static_cast<unsigned long long>(last.reports_lost));
  EXPECT_LE(missing, last.reports_lost);
}

INSTANTIATE_TEST_SUITE_P(Every, WitnessRestartTest,
                         testing::Values(ServerKind::kNginx, ServerKind::kEvent), name_of_server);

}  // namespace
}  // namespace connfate::harness
