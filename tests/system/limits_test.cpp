// SPDX-License-Identifier: Apache-2.0
// Large numbers: of requests on a connection, of streams, of bytes in a response, of threads that
// serve one connection. The number of idle connections has a file of its own.
#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <map>
#include <set>
#include <thread>

#include "harness/deadline.hpp"
#include "harness/witness.hpp"
#include "peers/backend.hpp"
#include "peers/client.hpp"
#include "peers/http2_client.hpp"
#include "system/scenarios/theatre.hpp"

namespace connfate::harness {
namespace {

using std::chrono::seconds;

class LimitsTest : public testing::TestWithParam<ServerKind> {
 protected:
  void SetUp() override {
    if (const auto reason = Theatre::missing(GetParam())) GTEST_SKIP() << *reason;
    lab_.emplace();
    in_client_.emplace(lab_->client_namespace());
  }

  void TearDown() override {
    if (!server_) return;
    EXPECT_EQ(server_->error_log_problems(), std::vector<std::string>{});
    EXPECT_EQ(server_->stop(), 0);
  }

  void start(const std::string& extra_config = {}) {
    server_ = make_server(GetParam(), lab_->hosts(),
                          {.module = module_of(GetParam()),
                           .backend = backend_ ? backend_->address() : peers::Address{},
                           .send_timeout = seconds(60),
                           .witness_path = witness_ ? witness_->socket().string() : "",
                           .extra_config = extra_config});
    server_->start();
  }

  /// Each thread reports what it logs, through the one socket of the process.
  void start_with_witness(const std::string& extra_config = {}) {
    witness_.emplace(lab_->hosts());
    start(extra_config);
  }

  std::optional<Lab> lab_;
  std::optional<InNamespace> in_client_;
  std::optional<peers::Backend> backend_;
  std::optional<Witness> witness_;
  std::unique_ptr<Server> server_;
};

bool is_good(const LogLine& line) {
  const std::string fate = line.field("fate");
  return fate == "delivered" || fate == "pending";
}

/// The end of each response is the beginning of the next. The first may stand behind a handshake.
void expect_one_stream(const std::vector<LogLine>& lines) {
  for (std::size_t i = 1; i < lines.size(); ++i) {
    ASSERT_EQ(lines[i].number("start"), lines[i - 1].number("end")) << lines[i].text;
    ASSERT_TRUE(is_good(lines[i])) << lines[i].text;
  }
}

class OverBoth : public LimitsTest {};

TEST_P(OverBoth, AThousandRequestsOfAConnectionAreOneStreamWithoutGaps) {
  start();
  for (const auto transport : {peers::Transport::kCleartext, peers::Transport::kTls}) {
    peers::Client client(server_->address(transport), {.transport = transport});
    constexpr std::size_t kRequests = 1000;
    for (std::size_t i = 0; i < kRequests; ++i) {
      client.get("/small.txt");
      ASSERT_TRUE(client.read_response().complete);
    }
    server_->wait_for_line(client.local_port(), kRequests);
    const auto lines = server_->log_lines_of(client.local_port());
    EXPECT_EQ(lines.size(), kRequests);
    expect_one_stream(lines);
  }
}

TEST_P(OverBoth, AResponseOfMoreThanFourGigabytesIsCountedInFull) {
  start();
  constexpr std::uintmax_t kSize = 4'500'000'000;
  const auto file = server_->access_log().parent_path() / "documents" / "huge.bin";
  std::ofstream(file).close();
  std::filesystem::resize_file(file, kSize);
  peers::Client client(server_->address(peers::Transport::kCleartext), {.timeout = seconds(60)});
  client.get("/huge.bin");
  EXPECT_EQ(client.read_response().body_bytes, kSize);
  client.get("/small.txt");
  client.read_response();
  server_->wait_for_line(client.local_port(), 2, seconds(30));
  const auto lines = server_->log_lines_of(client.local_port());
  EXPECT_GT(lines[0].number("written").value_or(0), kSize) << lines[0].text;
  EXPECT_GT(lines[0].number("acked").value_or(0), kSize - 64'000'000) << lines[0].text;
  expect_one_stream(lines);
}

class OverHttp2 : public LimitsTest {};

TEST_P(OverHttp2, AHundredStreamsAtATimeHaveALineEach) {
  start_with_witness();
  peers::Http2Client client(server_->h2c_address(), {.connection = {.timeout = seconds(60)}});
  std::vector<std::int32_t> streams;
  for (int i = 0; i < 100; ++i) {
    streams.push_back(client.request("/page60k.bin?stream=" + std::to_string(i)));
  }
  for (const std::int32_t stream : streams) {
    client.run_until_closed(stream);
    EXPECT_EQ(client.stream(stream).error_code, 0U);
    EXPECT_EQ(client.stream(stream).status, 200);
  }
  const int port = client.connection().local_port();
  server_->wait_for_line(port, streams.size());
  std::set<std::string> requests;
  for (const LogLine& line : server_->log_lines_of(port)) {
    EXPECT_TRUE(is_good(line)) << line.text;
    EXPECT_TRUE(requests.insert(line.uri).second) << "twice: " << line.text;
  }
  EXPECT_EQ(requests.size(), streams.size());
}

std::string frame(char type, char flags, std::uint32_t stream, const std::string& payload) {
  const auto byte = [](std::size_t number, int shift) {
    return static_cast<char>(number >> static_cast<unsigned>(shift));
  };
  const std::size_t size = payload.size();
  return std::string{byte(size, 16),   byte(size, 8),    byte(size, 0),   type,           flags,
                     byte(stream, 24), byte(stream, 16), byte(stream, 8), byte(stream, 0)} +
         payload;
}

/// A POST of 100000 bytes: RFC 7541's static table, and values as they are.
std::string begin_of_post(std::uint32_t stream) {
  const std::string path = "/backend/ok?stream=" + std::to_string(stream);
  const std::string fields = std::string("\x83\x86\x04") + static_cast<char>(path.size()) + path +
                             "\x01\x09peer.test" + "\x0f\x0d\x06" + "100000";
  constexpr char kHeaders = 1;
  constexpr char kEndHeaders = 4;
  return frame(kHeaders, kEndHeaders, stream, fields);
}

/// The threads of the streams ask whether the connection's own thread has come to the end of its
/// reads, while it does.
TEST_P(OverHttp2, AConnectionMayEndInTheMiddleOfItsRequestBodies) {
  {
    const InNamespace here = lab_->enter_server();
    backend_.emplace();
  }
  start_with_witness();
  peers::Client client(server_->h2c_address());
  const int port = client.local_port();
  constexpr std::uint32_t kStreams = 6;  // as many as mod_http2 lets begin at a time
  const auto send_to_each = [&](auto part_for) {
    std::string bytes;
    for (std::uint32_t i = 0; i < kStreams; ++i) bytes += part_for(2 * i + 1);
    client.send(bytes);
  };
  client.send("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + frame(4, 0, 0, ""));
  send_to_each(begin_of_post);
  constexpr int kPieces = 50;
  for (int piece = 0; piece < kPieces; ++piece) {
    send_to_each([](std::uint32_t stream) { return frame(0, 0, stream, "a piece of it"); });
    std::this_thread::sleep_for(milliseconds(10));
  }
  client.close();
  server_->wait_for_line(port, kStreams, seconds(20));
  std::set<std::string> requests;
  for (const LogLine& line : server_->log_lines_of(port)) {
    EXPECT_TRUE(requests.insert(line.uri).second) << "twice: " << line.text;
  }
  EXPECT_EQ(requests.size(), kStreams);
}

/// MPM event gives an idle connection back to its listener, and any thread may get its next
/// request.
class OnThreads : public LimitsTest {};

TEST_P(OnThreads, AConnectionThatMovesBetweenThreadsStaysOneStream) {
  const TemporaryDirectory directory("threads");
  std::filesystem::permissions(directory.path(), std::filesystem::perms::all);
  const auto log = directory.path() / "threads.log";
  start_with_witness("LogFormat \"%{remote}p %{tid}P %{start}^CF %{end}^CF\" threads\nCustomLog " +
                     log.string() + " threads");
  constexpr int kClients = 8;
  constexpr int kRounds = 100;
  std::vector<peers::Client> clients;
  for (int i = 0; i < kClients; ++i) {
    clients.emplace_back(server_->address(peers::Transport::kCleartext),
                         peers::ClientOptions{.timeout = seconds(60)});
  }
  for (int round = 0; round < kRounds; ++round) {
    for (peers::Client& client : clients) client.get("/small.txt");
    for (peers::Client& client : clients) ASSERT_TRUE(client.read_response().complete);
  }
  const auto lines = [&] {
    std::ifstream file(log);
    return std::count(std::istreambuf_iterator<char>(file), {}, '\n');
  };
  ASSERT_TRUE(eventually([&] { return lines() == kClients * kRounds; }, seconds(10))) << lines();

  std::map<int, std::set<std::string>> threads_of;
  std::map<int, std::string> end_of;
  std::ifstream file(log);
  int port = 0;
  for (std::string tid, start, end; file >> port >> tid >> start >> end;) {
    threads_of[port].insert(tid);
    if (end_of.contains(port)) {
      EXPECT_EQ(start, end_of[port]) << "port " << port;
    }
    end_of[port] = end;
  }
  for (const auto& [client, threads] : threads_of) {
    EXPECT_GE(threads.size(), 3U) << "the connection did not move: nothing was tested";
  }
}

std::string name_of(const testing::TestParamInfo<ServerKind>& parameter) {
  return std::string(to_name(parameter.param));
}

constexpr auto kBoth = {ServerKind::kNginx, ServerKind::kEvent};
INSTANTIATE_TEST_SUITE_P(Limits, OverBoth, testing::ValuesIn(kBoth), name_of);
INSTANTIATE_TEST_SUITE_P(Limits, OverHttp2, testing::ValuesIn(kBoth), name_of);
INSTANTIATE_TEST_SUITE_P(Limits, OnThreads, testing::Values(ServerKind::kEvent), name_of);

}  // namespace
}  // namespace connfate::harness
