// SPDX-License-Identifier: Apache-2.0
// A witness that is missing, full or stopped costs a server nothing but a counter and one line.
#include <signal.h>

#include <algorithm>
#include <memory>
#include <vector>

#include "harness/deadline.hpp"
#include "peers/http2_client.hpp"
#include "system/reporting_server.hpp"

namespace connfate::harness {
namespace {

using WitnessSocketTest = ReportingTest;

TEST_P(WitnessSocketTest, AMissingWitnessCostsNothingAndItsLossIsTold) {
  start(told());
  constexpr std::size_t kCount = 20;
  const int port = get(kCount);
  for (const LogLine& line : server_->log_lines_of(port)) {
    EXPECT_EQ(line.status, 200);
    EXPECT_TRUE(line.field("fate") == "delivered" || line.field("fate") == "pending") << line.text;
  }
  EXPECT_EQ(lines_about_the_witness(), 1) << server_->error_log();
  EXPECT_NE(server_->error_log().find(path()), std::string::npos);
  EXPECT_NE(server_->error_log().find("No such file or directory"), std::string::npos);
}

/// One server process serves all of a keepalive connection, and it alone knows what it lost.
TEST_P(WitnessSocketTest, AWitnessThatComesBackLearnsWhatItMissed) {
  listen();
  start(told());
  lab_->run_in_client([&] {
    peers::Client client(server_->address(peers::Transport::kCleartext));
    std::size_t count = 0;
    const auto get_one = [&] {
      client.get("/small.txt");
      EXPECT_EQ(client.read_response().status, 200);
      server_->wait_for_line(client.local_port(), ++count);
    };
    get_one();
    EXPECT_EQ((*receiver_->receive())->lost, 0U);
    receiver_.reset();
    std::uint64_t missed = 5;
    for (std::uint64_t i = 0; i < missed; ++i) get_one();
    listen();
    // A witness that was missing is looked for every few milliseconds, not with every report.
    std::optional<ReceivedReport> report;
    const bool found = eventually(
        [&] {
          get_one();
          report = receiver_->receive(std::chrono::milliseconds(100));
          missed += report ? 0 : 1;
          return report.has_value();
        },
        std::chrono::seconds(5));
    ASSERT_TRUE(found);
    EXPECT_EQ((*report)->lost, missed);
    EXPECT_LE(missed, 6U);
  });
  EXPECT_EQ(lines_about_the_witness(), 1) << server_->error_log();
}

/// Workers that were stopped find all requests waiting, and answer them in one turn.
TEST_P(WitnessSocketTest, ResponsesOfOneTurnAreReportedTogether) {
  constexpr std::size_t kCount = 10;
  listen();
  start(told());
  lab_->run_in_client([&] {
    std::vector<std::unique_ptr<peers::Client>> clients;
    const auto answered = [](peers::Client& client) {
      EXPECT_EQ(client.read_response().status, 200);
    };
    for (std::size_t i = 0; i < kCount; ++i) {
      clients.push_back(
          std::make_unique<peers::Client>(server_->address(peers::Transport::kCleartext)));
      clients.back()->get("/small.txt");
      answered(*clients.back());
      ASSERT_TRUE(receiver_->receive());
    }
    const std::size_t before = receiver_->datagrams();
    for (const pid_t pid : server_->workers()) ::kill(pid, SIGSTOP);
    for (const auto& client : clients) client->get("/small.txt");
    for (const pid_t pid : server_->workers()) ::kill(pid, SIGCONT);
    for (const auto& client : clients) answered(*client);
    for (std::size_t i = 0; i < kCount; ++i) ASSERT_TRUE(receiver_->receive()) << i;
    // A thread of httpd has no turn that it could wait for.
    const std::size_t expected = is_nginx() ? server_->workers().size() : kCount;
    EXPECT_LE(receiver_->datagrams() - before, expected);
  });
}

/// The same for streams, which never end their connection.
using NginxTurnTest = ReportingTest;
TEST_P(NginxTurnTest, StreamsOfOneTurnAreReportedTogether) {
  constexpr std::size_t kCount = 8;
  listen();
  start(told());
  lab_->run_in_client([&] {
    peers::Http2Client client(server_->h2c_address());
    client.run_until_closed(client.request("/small.txt"));
    ASSERT_TRUE(receiver_->receive());
    const std::size_t before = receiver_->datagrams();
    for (const pid_t pid : server_->workers()) ::kill(pid, SIGSTOP);
    std::vector<std::int32_t> streams;
    for (std::size_t i = 0; i < kCount; ++i) streams.push_back(client.request("/small.txt"));
    for (const pid_t pid : server_->workers()) ::kill(pid, SIGCONT);
    for (const std::int32_t stream : streams) client.run_until_closed(stream);
    for (std::size_t i = 0; i < kCount; ++i) ASSERT_TRUE(receiver_->receive()) << i;
    EXPECT_LT(receiver_->datagrams() - before, kCount);
  });
}

/// Before the connection ends, so that the report comes before the news of its end.
TEST_P(WitnessSocketTest, TheLastResponseOfAConnectionIsReportedBeforeItEnds) {
  listen();
  start(told());
  lab_->run_in_client([&] {
    peers::Client client(server_->address(peers::Transport::kCleartext));
    client.get("/small.txt", false);
    client.drain();  // to the server's FIN
    EXPECT_TRUE(receiver_->receive(std::chrono::milliseconds(0)));
  });
}

TEST_P(WitnessSocketTest, AFullWitnessDelaysNobody) {
  listen();
  start(told());
  lab_->run_in_client([&] {
    peers::Client client(server_->address(peers::Transport::kCleartext));
    constexpr std::size_t kCount = 700;  // more than any usual max_dgram_qlen
    for (std::size_t i = 0; i < kCount; ++i) {
      client.get("/small.txt");
      EXPECT_EQ(client.read_response().status, 200);
    }
    server_->wait_for_line(client.local_port(), kCount);
    const std::size_t arrived = receiver_->drain();
    EXPECT_GT(arrived, 0U);
    EXPECT_LT(arrived, kCount);
    client.get("/small.txt");
    EXPECT_EQ(client.read_response().status, 200);
    const auto report = receiver_->receive();
    ASSERT_TRUE(report);
    EXPECT_EQ((*report)->lost, kCount - arrived);
  });
  EXPECT_EQ(lines_about_the_witness(), 1) << server_->error_log();
}

bool are_gone(const std::vector<pid_t>& processes) {
  return std::ranges::none_of(
      processes, [](pid_t pid) { return std::filesystem::exists("/proc/" + std::to_string(pid)); });
}

TEST_P(WitnessSocketTest, ReportsGoOnAfterAReload) {
  listen();
  start(told());
  get(1);
  EXPECT_TRUE(receiver_->receive());
  const std::vector<pid_t> before = server_->workers();
  server_->reload();
  EXPECT_TRUE(eventually([&] { return are_gone(before); }, std::chrono::seconds(5)));
  get(1);
  EXPECT_TRUE(receiver_->receive());
}

struct Mistake {
  std::string_view story;
  std::string nginx;
  std::string httpd;
  std::string_view nginx_says;
  std::string_view httpd_says;
};

const std::string kLong = "/" + std::string(107, 'x');
const Mistake kMistakes[] = {
    {"relative", "connfate_witness run/a.sock;", "ConnFateWitness run/a.sock",
     "connfate_witness: the path \"run/a.sock\" is not absolute",
     "ConnFateWitness: the path \"run/a.sock\" is not absolute"},
    {"too long", "connfate_witness " + kLong + ";", "ConnFateWitness " + kLong,
     "is longer than the 107 bytes", "is longer than the 107 bytes"},
    {"twice", "connfate_witness /a; connfate_witness /b;", "ConnFateWitness /a\nConnFateWitness /b",
     "directive is duplicate: all servers tell the same",
     "ConnFateWitness stands here twice: all servers tell the same"},
    {"inside a server", "server { connfate_witness /a; }",
     "<VirtualHost *:1>\nConnFateWitness /a\n</VirtualHost>", "directive is not allowed here",
     "ConnFateWitness cannot occur within <VirtualHost> section"},
    {"without a path", "connfate_witness;", "ConnFateWitness",
     "invalid number of arguments in \"connfate_witness\"", "ConnFateWitness takes one argument"},
};

TEST_P(WitnessSocketTest, MistakesInTheConfigurationAreNamed) {
  for (const Mistake& mistake : kMistakes) {
    const auto server = make_server(GetParam(), lab_->hosts(),
                                    {.module = module_of(GetParam()),
                                     .extra_config = is_nginx() ? mistake.nginx : mistake.httpd});
    try {
      server->start();
      ADD_FAILURE() << mistake.story << " was accepted";
    } catch (const std::runtime_error& error) {
      const auto words = is_nginx() ? mistake.nginx_says : mistake.httpd_says;
      EXPECT_NE(std::string(error.what()).find(words), std::string::npos)
          << mistake.story << ": " << error.what();
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Every, WitnessSocketTest, testing::ValuesIn(kServerKinds), server_name);
INSTANTIATE_TEST_SUITE_P(Only, NginxTurnTest, testing::Values(ServerKind::kNginx), server_name);

}  // namespace
}  // namespace connfate::harness
