// SPDX-License-Identifier: Apache-2.0
// No false alarm and no lost line: thousands of good requests, then reloads while good and hostile
// clients are at work.
#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <map>
#include <thread>

#include "harness/deadline.hpp"
#include "harness/load.hpp"
#include "harness/server.hpp"
#include "peers/backend.hpp"
#include "peers/client.hpp"
#include "system/scenarios/theatre.hpp"

namespace connfate::harness {
namespace {

using std::chrono::seconds;

class LoadTest : public testing::TestWithParam<ServerKind> {
 protected:
  void SetUp() override {
    if (const auto reason = Lab::missing_privilege()) GTEST_SKIP() << *reason;
    if (const auto reason = missing_program(GetParam())) GTEST_SKIP() << *reason;
    lab_.emplace();
    {
      const InNamespace here = lab_->enter_server();
      backend_.emplace();
    }
    server_ = make_server(GetParam(), lab_->hosts(),
                          {.module = module_of(GetParam()), .backend = backend_->address()});
    server_->start();
    server_->clear_access_log();
  }

  void TearDown() override {
    if (!server_) return;
    EXPECT_EQ(server_->error_log_problems(), std::vector<std::string>{});
    EXPECT_EQ(server_->stop(), 0);
  }

  std::string url(const peers::Address& to, const char* scheme, const char* path) const {
    return std::string(scheme) + "://" + to.ip + ":" + std::to_string(to.port) + path;
  }

  /// Waits until the log has at least that many lines, then counts them by fate.
  std::map<std::string, std::uint64_t> fates(std::uint64_t at_least) const {
    eventually([&] { return server_->log_lines().size() >= at_least; }, seconds(10));
    std::map<std::string, std::uint64_t> count;
    for (const LogLine& line : server_->log_lines()) {
      // httpd wakes its own children over connections that it closes at once.
      if (!line.uri.starts_with("OPTIONS *")) ++count[line.field("fate")];
    }
    return count;
  }

  /// Good responses with an empty range: their bytes went to another one's account.
  std::uint64_t without_bytes() const {
    const std::vector<LogLine> lines = server_->log_lines();
    return static_cast<std::uint64_t>(std::ranges::count_if(lines, [](const LogLine& line) {
      const std::string fate = line.field("fate");
      return line.status == 200 && (fate == "delivered" || fate == "pending") &&
             line.number("written") == 0U;
    }));
  }

  std::optional<Lab> lab_;
  std::optional<peers::Backend> backend_;
  std::unique_ptr<Server> server_;
};

std::uint64_t sum(const std::map<std::string, std::uint64_t>& counts) {
  std::uint64_t total = 0;
  for (const auto& [fate, count] : counts) total += count;
  return total;
}

std::uint64_t troubled(std::map<std::string, std::uint64_t> counts) {
  return sum(counts) - counts["delivered"] - counts["pending"];
}

TEST_P(LoadTest, TwentyThousandGoodKeepaliveRequestsRaiseNoAlarm) {
  constexpr int kConnections = 8;
  std::uint64_t answered = 0;
  while (answered < 20'000) {
    const LoadResult load =
        run_wrk(*lab_, url(server_->address(peers::Transport::kCleartext), "http", "/small.txt"),
                kConnections, seconds(2));
    EXPECT_EQ(load.errors, 0U) << load.report;
    answered += load.requests;
    // wrk stops with a request under way on each connection, and never reads those responses.
    const auto counts = fates(answered);
    const std::uint64_t unread = kConnections * (answered / load.requests + 1);
    EXPECT_GE(sum(counts), answered);
    EXPECT_LE(sum(counts), answered + unread);
    EXPECT_LE(troubled(counts), unread) << testing::PrintToString(counts);
  }
  EXPECT_EQ(without_bytes(), 0U);
}

using Http2LoadTest = LoadTest;

TEST_P(Http2LoadTest, TwentyThousandGoodRequestsRaiseNoAlarm) {
  static constexpr std::uint64_t kRequests = 10'000;
  const auto load_with = [this](const peers::Address& at, const char* scheme,
                                const std::vector<const char*>& paths) {
    server_->clear_access_log();
    std::vector<std::string> urls;
    for (const char* path : paths) urls.push_back(url(at, scheme, path));
    const LoadResult load = run_h2load(*lab_, urls, 8, kRequests);
    EXPECT_EQ(load.errors, 0U) << load.report;
    const auto counts = fates(kRequests);
    EXPECT_EQ(sum(counts), kRequests) << testing::PrintToString(counts);
    EXPECT_EQ(troubled(counts), 0U) << testing::PrintToString(counts);
  };
  load_with(server_->h2c_address(), "http", {"/small.txt"});
  // Responses of different sizes and speeds end beside each other, in several threads on httpd.
  load_with(server_->address(peers::Transport::kTls), "https",
            {"/small.txt", "/page60k.bin", "/backend-ignore/ok?bytes=100000", "/nosf/small.txt"});
}

/// Asks for files of its own name until told to stop, and leaves every other one with a RST.
class HostileClient {
 public:
  HostileClient(const Lab& lab, const peers::Address& server)
      : thread_([this, &lab, server](const std::stop_token& stop) {
          const InNamespace here = lab.enter_client();
          while (!stop.stop_requested()) visit(server);
        }) {}

  /// Until so many responses have begun.
  bool has_been_answered(std::size_t times) const {
    return eventually([&] { return answered_ >= times; }, seconds(20));
  }

  /// Request lines' marks whose response began, so that the server must have logged them.
  std::vector<std::string> stop() {
    thread_.request_stop();
    thread_.join();
    return marks_;
  }

 private:
  void visit(const peers::Address& server) {
    const std::string mark = "?visit=" + std::to_string(count_++) + "-";
    try {
      // While an httpd gives up its old children, some connections wait for long, module or not.
      peers::Client client(server, {.timeout = std::chrono::milliseconds(500)});
      client.get((count_ % 2 == 0 ? "/64m.bin" : "/small.txt") + mark);
      client.read_headers();
      marks_.push_back(mark);
      ++answered_;
      client.reset();
    } catch (const std::exception&) {
      // A reload may refuse a connection; a request without an answer need not be logged.
    }
  }

  int count_ = 0;
  std::atomic<std::size_t> answered_ = 0;
  std::vector<std::string> marks_;
  std::jthread thread_;
};

TEST_P(LoadTest, ReloadsUnderLoadLoseNoLine) {
  constexpr int kReloads = 6;
  std::vector<std::string> marks;
  {
    HostileClient hostile(*lab_, server_->address(peers::Transport::kCleartext));
    std::jthread good([this] {
      run_wrk(*lab_, url(server_->address(peers::Transport::kTls), "https", "/small.txt"), 8,
              seconds(5));
    });
    for (int i = 0; i < kReloads; ++i) server_->reload();
    good.join();
    EXPECT_TRUE(hostile.has_been_answered(50));
    marks = hostile.stop();
  }
  ASSERT_FALSE(marks.empty());
  const auto logged_once = [&](const std::string& mark) {
    const auto lines = server_->log_lines();
    return std::ranges::count_if(lines, [&](const LogLine& line) {
             return line.uri.find(mark) != std::string::npos;
           }) == 1;
  };
  EXPECT_TRUE(eventually([&] { return logged_once(marks.back()); }, seconds(10)));
  std::map<std::string, int> seen;
  for (const LogLine& line : server_->log_lines()) {
    const auto at = line.uri.find("?visit=");
    if (at != std::string::npos) ++seen[line.uri.substr(at, line.uri.find(' ', at) - at)];
  }
  for (const std::string& mark : marks) EXPECT_EQ(seen[mark], 1) << mark;
}

std::string name_of(const testing::TestParamInfo<ServerKind>& parameter) {
  return std::string(to_name(parameter.param));
}

INSTANTIATE_TEST_SUITE_P(Every, Http2LoadTest,
                         testing::Values(ServerKind::kNginx, ServerKind::kEvent,
                                         ServerKind::kWorker),  // prefork has no HTTP/2
                         name_of);
INSTANTIATE_TEST_SUITE_P(Every, LoadTest, testing::ValuesIn(kServerKinds), name_of);

}  // namespace
}  // namespace connfate::harness
