// SPDX-License-Identifier: Apache-2.0
// The daemon itself, as a process.
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <signal.h>
#include <sys/socket.h>
#include <unistd.h>

#include "component/loopback.hpp"
#include "connfate/syscalls.hpp"
#include "harness/deadline.hpp"
#include "harness/process.hpp"
#include "harness/temporary_directory.hpp"
#include "unit/sample_report.hpp"
#include "witness/frames.hpp"
#include "witness/sources/flow_of.hpp"
#include "witness/sources/own_network.hpp"
#include "witness/sources/sender.hpp"

namespace connfate::witness {
namespace {

using connfate::fixture::Loopback;
using fixture::Sender;
using harness::eventually;
using harness::read_file;
using std::chrono::seconds;

class ServiceTest : public testing::Test {
 protected:
  void SetUp() override {
    CONNFATE_NEEDS_OWN_NETWORK();
    std::filesystem::permissions(path(""), std::filesystem::perms(0777));
  }

  std::filesystem::path path(const char* name) const { return directory_.path() / name; }

  std::vector<std::string> command(std::vector<std::string> more) const {
    std::vector<std::string> words{CONNFATE_WITNESS, "--socket", path("sock"), "--output",
                                   path("log"),      "--settle", "100ms"};
    words.insert(words.end(), more.begin(), more.end());
    return words;
  }

  void start(std::vector<std::string> more = {}) {
    process_.emplace(harness::Command{command(std::move(more))}, path("messages"));
    ASSERT_TRUE(log_has("witness_started")) << messages();
  }

  bool log_has(const std::string& text) const {
    return eventually([&] { return read_file(path("log")).find(text) != std::string::npos; },
                      seconds(5));
  }
  std::string messages() const { return read_file(path("messages")); }

  /// A counter of the line that the witness ended with.
  std::uint64_t counted(const std::string& name) const {
    const std::string log = read_file(path("log"));
    const auto at = log.find("\"" + name + "\":", log.find("witness_stopped"));
    return at == std::string::npos ? 0 : std::stoull(log.substr(at + name.size() + 3));
  }

  /// The report of a response of `loopback` that waits for its acknowledgement.
  static Report report_of(const Loopback& loopback, std::uint64_t end) {
    Report report = connfate::fixture::full_report();
    report.flow = fixture::flow_of(loopback.server());
    report.observation = {};
    report.observation.verdict = {Fate::kPending, By::kNobody, Phase::kDrained, Close::kOpen,
                                  &rules()[0]};
    report.observation.evidence.start = Bytes{0};
    report.observation.evidence.end = Bytes{end};
    report.observation.evidence.snapshot = read_tcp_snapshot(loopback.server());
    report.observation.cookie = read_cookie(loopback.server());
    return report;
  }

  harness::TemporaryDirectory directory_{"service"};
  std::optional<harness::Process> process_;
};

TEST_F(ServiceTest, SaysWhatBecameOfAResponse) {
  start({"--log", "all"});
  std::optional<Loopback> loopback(std::in_place);
  loopback->server_sends(1000);
  ASSERT_TRUE(loopback->server_has_all_acked());
  ASSERT_TRUE(Sender(path("sock")).send(report_of(*loopback, 1000)));
  loopback.reset();
  EXPECT_TRUE(log_has("\"fate\":\"delivered\"")) << read_file(path("log")) << messages();
}

/// Of a port that no report has named yet, an end is nobody's: its report must be read before it,
/// though both may come while the witness is reading.
TEST_F(ServiceTest, NoEndOvertakesTheFirstReportOfItsPort) {
  constexpr int kPorts = 3000;
  start({"--log", "all", "--no-capture"});
  const Sender sender(path("sock"));
  for (int i = 0; i < kPorts; ++i) {
    Loopback loopback;  // with a listener of its own
    loopback.server_sends(1000);
    const Report report = report_of(loopback, 1000);
    ASSERT_TRUE(eventually([&] { return sender.send(report); }, seconds(5)));
    loopback.client_resets();
  }
  const auto missed = [&] { return read_file(path("log")).find("no_such_socket"); };
  eventually([&] { return missed() != std::string::npos; }, seconds(5));
  EXPECT_EQ(process_->stop(SIGTERM), 0);
  EXPECT_EQ(missed(), std::string::npos) << read_file(path("log")).substr(missed(), 300);
}

TEST_F(ServiceTest, EndsWithItsCounters) {
  start();
  EXPECT_EQ(process_->stop(SIGTERM), 0) << messages();
  EXPECT_TRUE(log_has("witness_stopped"));
  EXPECT_NE(read_file(path("log")).find("\"lost_socket_ends\":0"), std::string::npos);
}

/// A RST to 127.0.0.1:9 whose header claims to be shorter than any TCP header.
void send_malformed_reset() {
  using namespace frames;
  const Bytes8 loopback{127, 0, 0, 1};
  Bytes8 header = tcp({.destination = 9, .flags = 0x04});
  header[12] = 0x40;
  const Bytes8 packet = ip4(header, {.source = loopback, .destination = loopback});
  const connfate::fixture::Socket socket(::socket(AF_INET, SOCK_RAW | SOCK_CLOEXEC, IPPROTO_RAW));
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  const auto* generic = reinterpret_cast<const sockaddr*>(&address);
  ASSERT_EQ(::sendto(socket.fd(), packet.data(), packet.size(), 0, generic, sizeof address),
            static_cast<ssize_t>(packet.size()));
}

TEST_F(ServiceTest, CountsFramesThatItDidNotUnderstandByReason) {
  start({"--port", "9"});
  send_malformed_reset();
  eventually(
      [&] {
        process_->signal(SIGUSR1);
        return messages().find("frames_malformed=1") != std::string::npos ||
               messages().find("frames_malformed=2") != std::string::npos;
      },
      seconds(5));
  EXPECT_EQ(process_->stop(SIGTERM), 0);
  EXPECT_GE(counted("frames_malformed"), 1U) << "captured as it leaves lo and as it comes in";
  for (const auto* name :
       {"frames_not_ip", "frames_cut_short", "frames_fragment", "frames_other_protocol"}) {
    EXPECT_TRUE(log_has("\"" + std::string(name) + "\":0")) << name;
  }
  EXPECT_EQ(counted("packets"), 0U);
}

/// As systemd with Type=notify and WatchdogSec: the messages that came, in their order.
std::string received(int fd, const std::string& until) {
  std::string all;
  eventually(
      [&] {
        char buffer[256];
        const ssize_t size = ::recv(fd, buffer, sizeof buffer, MSG_DONTWAIT);
        if (size > 0) all.append(buffer, static_cast<std::size_t>(size)).append("\n");
        return all.find(until) != std::string::npos;
      },
      seconds(5));
  return all;
}

TEST_F(ServiceTest, TellsSystemdThatItIsReadyAliveAndStopping) {
  const connfate::fixture::Socket systemd(::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0));
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  std::strncpy(address.sun_path, path("notify").c_str(), sizeof address.sun_path - 1);
  const auto* generic = reinterpret_cast<const sockaddr*>(&address);
  ASSERT_EQ(::bind(systemd.fd(), generic, sizeof address), 0);
  std::filesystem::permissions(path("notify"), std::filesystem::perms(0777));

  std::vector<std::string> words{"env", "NOTIFY_SOCKET=" + path("notify").string(),
                                 "WATCHDOG_USEC=400000"};
  for (std::string& word : command({})) words.push_back(std::move(word));
  process_.emplace(harness::Command{std::move(words)}, path("messages"));
  EXPECT_TRUE(received(systemd.fd(), "READY=1").starts_with("READY=1")) << messages();
  EXPECT_NE(received(systemd.fd(), "WATCHDOG=1").find("WATCHDOG=1"), std::string::npos);
  EXPECT_EQ(process_->stop(SIGTERM), 0);
  EXPECT_NE(received(systemd.fd(), "STOPPING=1").find("STOPPING=1"), std::string::npos);
}

TEST_F(ServiceTest, LetsItsLogBeRotated) {
  start();
  std::filesystem::rename(path("log"), path("log.1"));
  process_->signal(SIGHUP);
  EXPECT_TRUE(eventually([&] { return std::filesystem::exists(path("log")); }, seconds(5)));
  EXPECT_EQ(process_->stop(SIGTERM), 0);
  EXPECT_EQ(read_file(path("log.1")).find("witness_stopped"), std::string::npos);
  EXPECT_NE(read_file(path("log")).find("witness_stopped"), std::string::npos);
}

/// Once, however often it reports, and again in a file that was rotated in.
TEST_F(ServiceTest, SaysWhichServersItHears) {
  start();
  const Loopback loopback;
  const Sender sender(path("sock"));
  const Report report = report_of(loopback, 0);
  for (int i = 0; i < 3; ++i) ASSERT_TRUE(sender.send(report));
  EXPECT_TRUE(log_has("witness_heard")) << messages();
  std::filesystem::rename(path("log"), path("log.1"));
  process_->signal(SIGHUP);
  ASSERT_TRUE(eventually([&] { return std::filesystem::exists(path("log")); }, seconds(5)));
  ASSERT_TRUE(sender.send(report));
  EXPECT_TRUE(log_has("witness_heard"));
}

TEST_F(ServiceTest, PrintsItsCountersWhenAsked) {
  start();
  process_->signal(SIGUSR1);
  EXPECT_TRUE(eventually([&] { return messages().find("event=counters") != std::string::npos; },
                         seconds(5)));
}

TEST_F(ServiceTest, StatesWhatTheServersCouldNotSend) {
  start();
  const Loopback loopback;
  Report report = report_of(loopback, 0);
  report.lost = 77;
  ASSERT_TRUE(Sender(path("sock")).send(report));
  EXPECT_TRUE(log_has("\"event\":\"loss\"")) << messages();
  EXPECT_TRUE(log_has("\"reports\":77"));
}

TEST_F(ServiceTest, AccountsForEveryEventOfABurst) {
  constexpr std::uint64_t kConnections = 3000;
  constexpr std::uint64_t kEndsOfALoopback = 3;
  start();
  const Sender sender(path("sock"));
  std::uint64_t unsent = 0;
  for (std::uint64_t i = 0; i < kConnections; ++i) {
    const Loopback loopback;
    Report report = report_of(loopback, 0);
    report.lost = unsent;
    unsent += sender.send(report) ? 0U : 1U;
  }
  Report last = report_of(Loopback(), 0);
  last.lost = unsent;
  ASSERT_TRUE(eventually([&] { return sender.send(last); }, seconds(5)));
  // The kernel tells of an end a moment after it.
  const std::string all = "socket_ends=" + std::to_string((kConnections + 1) * kEndsOfALoopback);
  eventually(
      [&] {
        process_->signal(SIGUSR1);
        return messages().find(all) != std::string::npos;
      },
      seconds(5));
  EXPECT_EQ(process_->stop(SIGTERM), 0);
  EXPECT_EQ(counted("reports") + counted("lost_reports"), kConnections + 1);
  EXPECT_EQ(counted("socket_ends") + counted("lost_socket_ends"),
            (kConnections + 1) * kEndsOfALoopback);
}

TEST_F(ServiceTest, RunsWithoutRootAndSaysWhatIsMissing) {
  start({"--user", "nobody", "--no-capture"});
  EXPECT_TRUE(log_has("who sent a RST"));
  const std::string status = read_file("/proc/" + std::to_string(process_->pid()) + "/status");
  EXPECT_NE(status.find("Uid:\t65534\t65534\t65534\t65534"), std::string::npos);
  EXPECT_NE(status.find("CapPrm:\t0000000000000000"), std::string::npos);
  EXPECT_NE(status.find("NoNewPrivs:\t1"), std::string::npos);
}

TEST_F(ServiceTest, TwoCannotShareASocket) {
  start();
  const auto second = harness::run(command({}));
  EXPECT_EQ(second.exit_code, 1);
  EXPECT_NE(second.output.find("another process listens there"), std::string::npos);
}

TEST_F(ServiceTest, ComesBackAfterItWasKilled) {
  start();
  process_->stop(SIGKILL);
  process_.reset();
  std::filesystem::remove(path("log"));
  start();
  EXPECT_EQ(process_->stop(SIGTERM), 0);
}

TEST_F(ServiceTest, ChecksItself) {
  const auto good = harness::run(command({"--check"}));
  EXPECT_EQ(good.exit_code, 0) << good.output;
  EXPECT_NE(good.output.find("packets: on any"), std::string::npos) << good.output;
  EXPECT_FALSE(std::filesystem::exists(path("sock")));
  const auto bad = harness::run(command({"--check", "--interface", "eth77"}));
  EXPECT_EQ(bad.exit_code, 1);
  EXPECT_NE(bad.output.find("there is no interface eth77; there are: lo"), std::string::npos);
}

TEST_F(ServiceTest, TheCheckFindsAnOutputThatTheUserMayNotWrite) {
  harness::write_file(path("log"), "");
  std::filesystem::permissions(path("log"), std::filesystem::perms(0600));
  const auto bad = harness::run(command({"--check", "--user", "nobody"}));
  EXPECT_EQ(bad.exit_code, 1);
  EXPECT_NE(bad.output.find("the witness may not write it"), std::string::npos) << bad.output;
}

}  // namespace
}  // namespace connfate::witness
