// SPDX-License-Identifier: Apache-2.0
// What the daemon answers over HTTP, as a process, asked by curl.
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/stat.h>

#include <fstream>
#include <list>

#include "component/loopback.hpp"
#include "harness/deadline.hpp"
#include "harness/process.hpp"
#include "harness/temporary_directory.hpp"
#include "witness/sources/own_network.hpp"

namespace connfate::witness {
namespace {

using harness::eventually;
using harness::read_file;
using std::chrono::seconds;

class WebTest : public testing::Test {
 protected:
  void SetUp() override {
    CONNFATE_NEEDS_OWN_NETWORK();
    std::filesystem::permissions(directory_.path(), std::filesystem::perms(0777));
  }

  std::string path(const char* name) const { return directory_.path() / name; }

  /// Returns whether it runs.
  bool start(const std::string& web, const std::vector<std::string>& more = {}) {
    std::vector<std::string> words{CONNFATE_WITNESS, "--socket", path("sock"), "--output",
                                   path("log"),      "--web",    web};
    words.insert(words.end(), more.begin(), more.end());
    process_.emplace(harness::Command{words}, path("messages"));
    const auto started = [&] {
      return read_file(path("log")).find("witness_started") != std::string::npos;
    };
    eventually([&] { return started() || !process_->running(); }, seconds(5));
    return started() && process_->running();
  }

  /// Body and status of one request.
  static std::pair<std::string, int> ask(std::vector<std::string> arguments) {
    std::vector<std::string> words{"curl", "-s", "-m", "5", "-w", "\n%{http_code}"};
    words.insert(words.end(), arguments.begin(), arguments.end());
    const std::string output = harness::run(harness::Command{words}).output;
    const auto end = output.rfind('\n');
    return {output.substr(0, end), std::stoi(output.substr(end + 1))};
  }
  std::string url(const char* target) const { return "http://" + address_ + target; }
  int status_of(std::vector<std::string> arguments) const {
    arguments.push_back(url("/metrics"));
    return ask(std::move(arguments)).second;
  }

  std::string write_token(std::filesystem::perms mode) const {
    std::ofstream(path("token")) << "0123456789abcdef\n";
    std::filesystem::permissions(path("token"), mode);
    return path("token");
  }
  std::string messages() const { return read_file(path("messages")); }

  harness::TemporaryDirectory directory_{"web"};
  std::optional<harness::Process> process_;
  std::string address_ = "127.0.0.1:9753";  // in a namespace of its own
};

TEST_F(WebTest, AnswersMetricsAndHealth) {
  ASSERT_TRUE(start(address_)) << messages();
  const auto [metrics, status] = ask({url("/metrics")});
  EXPECT_EQ(status, 200);
  EXPECT_NE(metrics.find("\nconnfate_responses_pending 0\n"), std::string::npos) << metrics;
  EXPECT_NE(metrics.find("\nconnfate_capture_complete 1\n"), std::string::npos) << metrics;
  EXPECT_EQ(ask({url("/healthz?now")}), std::make_pair(std::string("ok\n"), 200));
}

/// Whenever it is asked first.
TEST_F(WebTest, ItsStartIsThatOfTheProcess) {
  using std::chrono::system_clock;
  const auto before = system_clock::now();
  ASSERT_TRUE(start(address_)) << messages();
  const auto started = system_clock::now();
  eventually([&] { return system_clock::now() - started > std::chrono::milliseconds(1500); },
             seconds(5));
  const std::string metrics = ask({url("/metrics")}).first;
  constexpr std::string_view kName = "\nprocess_start_time_seconds ";
  const auto at = metrics.find(kName);
  ASSERT_NE(at, std::string::npos) << metrics;
  const std::chrono::duration<double> told(std::stod(metrics.substr(at + kName.size())));
  EXPECT_GE(told, before.time_since_epoch());
  EXPECT_LE(told, started.time_since_epoch());
}

/// The names and types are as Prometheus's own linter wants them.
TEST_F(WebTest, PromtoolFindsNothingWrong) {
  ASSERT_TRUE(start(address_)) << messages();
  std::ofstream(path("metrics")) << ask({url("/metrics")}).first;
  const auto lint = harness::run(
      std::vector<std::string>{"sh", "-c", "promtool check metrics < " + path("metrics")});
  EXPECT_EQ(lint.exit_code, 0) << lint.output;
  EXPECT_EQ(lint.output, "");
}

TEST_F(WebTest, RefusesWhatIsNoReader) {
  ASSERT_TRUE(start(address_)) << messages();
  EXPECT_EQ(ask({url("/etc/passwd")}).second, 404);
  EXPECT_EQ(ask({url("/")}).second, 404);
  EXPECT_EQ(status_of({"-X", "POST"}), 405);
  EXPECT_EQ(status_of({"-X", "POST", "-d", "body"}), 405);
  EXPECT_EQ(status_of({"-H", "Host: evil.example"}), 421);
  EXPECT_EQ(status_of({"-H", "Host:"}), 421);
  EXPECT_EQ(status_of({"-H", "A: b\r\nHost: evil.example"}), 421);
  EXPECT_EQ(status_of({"-X", "G(T"}), 400);
  EXPECT_EQ(status_of({"-H", "A: " + std::string(20000, 'a')}), 400);
  EXPECT_EQ(status_of({}), 200);  // and goes on
}

TEST_F(WebTest, AProxysNameIsGoodWhenItWasAllowed) {
  ASSERT_TRUE(start(address_, {"--web-host", "status.example.org"})) << messages();
  EXPECT_EQ(status_of({"-H", "Host: status.example.org"}), 200);
  EXPECT_EQ(status_of({"-H", "Host: other.example.org"}), 421);
}

TEST_F(WebTest, ATokenIsAskedForWhenThereIsOne) {
  const std::string token = write_token(std::filesystem::perms(0640));
  ASSERT_TRUE(start(address_, {"--web-token-file", token})) << messages();
  EXPECT_EQ(status_of({}), 401);
  EXPECT_EQ(status_of({"-H", "Authorization: Bearer 0123456789abcdeX"}), 401);
  EXPECT_EQ(status_of({"-H", "Authorization: Bearer 0123456789abcdef"}), 200);
}

TEST_F(WebTest, WhatOthersCanReachNeedsAToken) {
  EXPECT_FALSE(start("0.0.0.0:9753"));
  EXPECT_NE(messages().find("--web-token-file"), std::string::npos) << messages();
}

TEST_F(WebTest, ATokenThatEverybodyMayReadIsNone) {
  const std::string token = write_token(std::filesystem::perms(0644));
  EXPECT_FALSE(start(address_, {"--web-token-file", token}));
  EXPECT_NE(messages().find("chmod 0640"), std::string::npos) << messages();
}

TEST_F(WebTest, APortThatIsTakenIsSaid) {
  ASSERT_TRUE(start(address_));
  const auto second = harness::run(std::vector<std::string>{
      CONNFATE_WITNESS, "--socket", path("sock2"), "--output", path("log2"), "--web", address_});
  EXPECT_NE(second.exit_code, 0);
  EXPECT_NE(second.output.find("--web: cannot listen"), std::string::npos) << second.output;
}

TEST_F(WebTest, TheSelfCheckTriesTheAddress) {
  const auto check = [&](const std::string& web) {
    return harness::run(std::vector<std::string>{CONNFATE_WITNESS, "--check", "--socket",
                                                 path("sock2"), "--output", "-", "--web", web});
  };
  EXPECT_NE(check(address_).output.find("web: at 127.0.0.1, port 9753\n"), std::string::npos);
  EXPECT_EQ(check(path("web.sock")).exit_code, 0);
  EXPECT_FALSE(std::filesystem::exists(path("web.sock")));
  ASSERT_TRUE(start(address_));
  const auto taken = check(address_);
  EXPECT_NE(taken.exit_code, 0);
  EXPECT_NE(taken.output.find("error: --web: cannot listen"), std::string::npos) << taken.output;
}

TEST_F(WebTest, AUnixSocketIsForItsGroupOnly) {
  const std::string socket = path("web.sock");
  ASSERT_TRUE(start(socket)) << messages();
  struct stat status {};
  ASSERT_EQ(::stat(socket.c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777U, 0660U);
  EXPECT_EQ(ask({"--unix-socket", socket, "http://localhost/healthz"}).second, 200);
  process_->stop(SIGKILL);
  std::filesystem::remove(path("log"));
  ASSERT_TRUE(start(socket)) << messages();  // the file of the dead one is replaced
  EXPECT_EQ(ask({"--unix-socket", socket, "http://localhost/healthz"}).second, 200);
}

void connect_to(std::uint16_t port, std::list<connfate::fixture::Socket>& sockets) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  const auto* generic = reinterpret_cast<const sockaddr*>(&address);
  sockets.emplace_back(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  ASSERT_EQ(::connect(sockets.back().fd(), generic, sizeof address), 0);
}

/// Readers that never read or write cost the witness nothing but their number.
TEST_F(WebTest, TooManyReadersAreTurnedAwayAndCounted) {
  ASSERT_TRUE(start(address_)) << messages();
  std::list<connfate::fixture::Socket> idle;
  for (int i = 0; i < 64; ++i) connect_to(9753, idle);
  const auto turned_away = [&] { return ask({url("/healthz")}).second == 0; };
  EXPECT_TRUE(eventually(turned_away, seconds(5)));
  idle.clear();
  ASSERT_TRUE(eventually([&] { return ask({url("/healthz")}).second == 200; }, seconds(5)));
  EXPECT_EQ(ask({url("/metrics")}).first.find("connfate_web_requests_total{result=\"dropped\"} 0"),
            std::string::npos);
  EXPECT_EQ(process_->stop(SIGTERM), 0);
  EXPECT_NE(read_file(path("log")).find("\"web_answered\":"), std::string::npos);
}

}  // namespace
}  // namespace connfate::witness
